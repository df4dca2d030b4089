// FlashAttention-2 forward: blocks of Q outside, tiles of K and V inside, S and P never leave workgroup memory.
import type { ArrayLayout } from '../ops/layout';
import type { Run, Tile } from '../ops/run';
import { cardById } from '.';
import type { Kernel, PassSpec } from './card';
import { BYTES, firstRefusal, flashBytes, flashPass, lanesOf, lib, overBlocks, shapeHeader, unscaled } from './parts';

/**
 * Rows of S and O, and keys of S, that one thread owns: enough that a number loaded from workgroup memory is used
 * several times. Br divides by ROWS, Bc by KEYS.
 */
const ROWS = 4;
const KEYS = 2;

/** Threads side by side on the same rows, and threads in all. */
const sideOf = (tile: Tile): number => tile.bc / KEYS;
const threadsOf = (tile: Tile): number => (tile.br / ROWS) * sideOf(tile);

function passes(run: Run): readonly PassSpec[] {
  const { shape, tile } = run;
  const { br, bc } = tile;
  const lanes = lanesOf(shape);
  const side = sideOf(tile);
  const threads = threadsOf(tile);
  const chunks = shape.dim / lanes;
  const perKey: ArrayLayout['loads'] = { each: 'key', scalars: shape.dim, threads: { block: ROWS } };
  return [
    {
      ...flashPass(run),
      files: [lib.origin, lib.chunk(shape), ...lib.mask(shape), lib.heads, ...lib.scores(shape, 4), 'flash2.wgsl'],
      header: { ...shapeHeader(run), BR: br, BC: bc, WG: threads, SIDE: side, OWN: Math.ceil(chunks / side) },
      workgroupSize: threads,
      layouts: {
        // A thread takes ROWS rows against KEYS keys: a row is loaded by all threads beside each other, a key by all
        // above each other.
        sQ: {
          role: 'Q',
          rows: br,
          cols: shape.dim,
          axes: ['query', 'dim'],
          factors: unscaled(run),
          loads: { each: 'row', scalars: shape.dim, threads: { most: side } },
        },
        sK: { role: 'K', rows: bc, cols: shape.dim, axes: ['key', 'dim'], loads: perKey },
        sV: { role: 'V', rows: bc, cols: shape.dim, axes: ['key', 'dim'], loads: perKey },
        sS: { role: { 'S = QKᵀ': 'S', softmax: 'P' }, rows: br, cols: bc, axes: ['query', 'key'] },
        sM: { role: 'm', rows: br, cols: 1, axes: ['query', 'one'] },
        sL: { role: 'l', rows: br, cols: 1, axes: ['query', 'one'] },
        sAlpha: { role: 'alpha', rows: br, cols: 1, axes: ['query', 'one'] },
        acc: {
          role: 'O',
          rows: br,
          cols: shape.dim,
          axes: ['query', 'dim'],
          // acc[4 x + i] is chunk first + x SIDE of row r + i, as the kernel lays its threads out.
          terms: [
            { of: 'lane', div: side, row: ROWS },
            { of: 'lane', mod: side, col: lanes },
            { of: 'index', div: lanes, mod: ROWS, row: 1 },
            { of: 'index', div: lanes * ROWS, col: side * lanes },
            { of: 'index', mod: lanes, col: 1 },
          ],
        },
      },
    },
  ];
}

/** sQ, sK, sV, sS and three numbers a row. */
function sramBytes({ shape, tile: { br, bc } }: Run): number {
  return BYTES * ((br + 2 * bc) * shape.dim + br * bc + 3 * br);
}

/**
 * Q once; K and V in whole tiles from the first key that the block sees to the last, once for every block of Br rows;
 * O and LSE once.
 */
function requested({ shape, tile }: Run): { loads: number; stores: number } {
  const { queries, keys, dim } = shape;
  const walked = overBlocks(shape, tile, (begin, end) => Math.min(keys, end) - begin);
  return flashBytes(shape, (queries + 2 * walked) * dim);
}

/** One dispatch, one workgroup a block of Br query rows. */
export const flash2: Kernel = {
  ...cardById('flash2'),
  passes,
  sramBytes,
  limit: (run, limits) => firstRefusal(passes(run), run.shape, sramBytes(run), limits),
  requested,
};
