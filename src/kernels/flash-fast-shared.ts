// FlashAttention-2 for GPUs with fast workgroup memory: register tiles of 4 x 4, two barriers a tile of keys, K of the
// next tile loaded ahead.
import type { Axis, PlaceTerm, Role, TileLoads } from '../ops/layout';
import type { Run } from '../ops/run';
import { cardById } from '.';
import type { Kernel, PassSpec } from './card';
import { BYTES, firstRefusal, flashBytes, flashPass, lanesOf, lib, overBlocks, shapeHeader, unscaled } from './parts';

/** Rows, and keys, of the piece of S that one thread owns; Br and Bc divide by it. */
const OWNED = 4;

function passes(run: Run): readonly PassSpec[] {
  const { shape, tile } = run;
  const { br, bc } = tile;
  const { dim } = shape;
  const wide = lanesOf(shape);
  const side = bc / OWNED;
  const apart = br / OWNED;
  const threads = side * apart;
  const own = Math.ceil(dim / wide / side);
  const pitch = dim + wide;
  /** Column x and row y of a thread, as steps of what it owns. */
  const x = (col: number): PlaceTerm => ({ of: 'lane', mod: side, col });
  const y: PlaceTerm = { of: 'lane', div: side, row: 1 };
  /** A number of each of a thread's rows; the threads of a row agree, so the first speaks. */
  const ofRow = (role: Role) => ({
    role,
    rows: br,
    cols: 1,
    axes: ['query', 'one'] as const,
    terms: [y, { of: 'index', row: apart }] satisfies PlaceTerm[],
    speakers: side,
  });
  const matrix = (role: Role, rows: number, cols: number, axes: readonly [Axis, Axis]) => ({ role, rows, cols, axes });
  // A thread takes OWNED rows against OWNED keys: a row is loaded by all threads beside each other, a key by all above
  // each other.
  const perRow: TileLoads = { each: 'row', scalars: dim, threads: { most: side } };
  const perKey: TileLoads = { each: 'key', scalars: dim, threads: { most: apart } };
  const padded: PlaceTerm[] = [
    { of: 'index', div: pitch, row: 1 },
    { of: 'index', mod: pitch, col: 1 },
  ];
  return [
    {
      ...flashPass(run),
      files: [
        lib.origin,
        lib.chunk(shape),
        ...lib.mask(shape),
        lib.heads,
        lib.online,
        ...lib.scores(shape, 4),
        'flash-fast-shared.wgsl',
      ],
      header: { ...shapeHeader(run), BR: br, BC: bc, WG: threads, SIDE: side, ROWS_APART: apart, OWN: own },
      workgroupSize: threads,
      layouts: {
        sQ: { ...matrix('Q', br, dim, ['query', 'dim']), terms: padded, factors: unscaled(run), loads: perRow },
        sK: { ...matrix('K', bc, dim, ['key', 'dim']), terms: padded, loads: perKey },
        sV: { ...matrix('V', bc, dim, ['key', 'dim']), loads: perKey },
        sP: {
          ...matrix('P', br, bc, ['query', 'key']),
          terms: [
            { of: 'index', div: bc, row: 1 },
            { of: 'index', div: OWNED, mod: side, col: 1 },
            { of: 'index', mod: OWNED, col: side },
          ],
        },
        s: {
          ...matrix('S', br, bc, ['query', 'key']),
          terms: [y, x(1), { of: 'index', div: OWNED, row: apart }, { of: 'index', mod: OWNED, col: side }],
        },
        m: ofRow('m'),
        l: ofRow('l'),
        alpha: ofRow('alpha'),
        o: {
          ...matrix('O', br, dim, ['query', 'dim']),
          // o[r][n] is chunk x + n SIDE of row y + r ROWS_APART.
          terms: [
            y,
            x(wide),
            { of: 'index', div: wide * own, row: apart },
            { of: 'index', div: wide, mod: own, col: side * wide },
            { of: 'index', mod: wide, col: 1 },
          ],
        },
      },
    },
  ];
}

/** sQ and sK in padded rows, sV, sP, and four numbers a thread twice. */
function sramBytes({ shape, tile: { br, bc } }: Run): number {
  const wide = lanesOf(shape);
  const threads = (br * bc) / OWNED / OWNED;
  return BYTES * ((br + bc) * (shape.dim + wide) + bc * shape.dim + br * bc + 2 * OWNED * threads);
}

/**
 * Q once; K and V in whole tiles from the first key that the block sees to the last, once for every block of Br rows;
 * O and LSE once.
 */
function requested({ shape, tile }: Run): { loads: number; stores: number } {
  const { queries, keys, dim } = shape;
  const walked = overBlocks(shape, tile, (begin, end) => {
    // The first tile of K is loaded before anyone asks whether a key is seen.
    return Math.min(keys, Math.max(end, begin + tile.bc)) + Math.min(keys, end) - 2 * begin;
  });
  return flashBytes(shape, (queries + walked) * dim);
}

/** One dispatch, one workgroup a block of Br query rows. */
export const flashFastShared: Kernel = {
  ...cardById('flash-fast-shared'),
  passes,
  sramBytes,
  causes: { K: 'ahead', V: 'ahead' },
  limit: (run, limits) => firstRefusal(passes(run), run.shape, sramBytes(run), limits),
  requested,
};
