// FlashAttention forward as first published: tiles of K and V outside, tiles of Q inside, O, l and m in HBM all the
// while.
import type { Bytes } from '../ops/costs';
import { firstSeeing, keysFrom, keysSeen, rowsSeeing } from '../ops/sizes';
import { cardById } from '.';
import type { Kernel, PassSpec } from './card';
import { allOf, bindingsOf, BYTES, firstRefusal, lib, piece, shapeHeader, type Work, unscaled } from './parts';

/** Rows of S that one thread owns; Br divides by it. */
const ROWS = 4;

/**
 * One dispatch, one workgroup a plane: its steps over K and V follow one another, for each reads the O of the one
 * before.
 */
function passes(run: Work): readonly PassSpec[] {
  const { shape, tile } = run;
  const { br, bc } = tile;
  const { dim } = shape;
  const threads = (br / ROWS) * bc;
  return [
    {
      name: 'flash',
      files: [
        lib.origin,
        lib.chunk(shape),
        ...lib.mask(shape),
        ...lib.seeing(shape),
        lib.heads,
        ...lib.scores(shape, 4),
        'flash1.wgsl',
      ],
      header: { ...shapeHeader(run), BR: br, BC: bc, WG: threads },
      grid: [1, 1, shape.batch * shape.heads],
      rows: 0,
      workgroupSize: threads,
      bindings: bindingsOf(['Q', 'K', 'V'], ['O', 'L', 'M', 'LSE']),
      layouts: {
        // A thread takes ROWS rows against one key of S, and one chunk of O at a time.
        sQ: {
          ...piece('Q', br, dim, ['query', 'dim']),
          factors: unscaled(run),
          loads: { each: 'row', scalars: dim, threads: { most: bc } },
        },
        sK: { ...piece('K', bc, dim, ['key', 'dim']), loads: { each: 'key', scalars: dim, threads: { block: ROWS } } },
        sV: { ...piece('V', bc, dim, ['key', 'dim']), loads: { each: 'key', scalars: dim, threads: { block: 1 } } },
        sS: piece({ 'S = QKᵀ': 'S', softmax: 'P' }, br, bc, ['query', 'key']),
        sAlpha: piece('alpha', br, 1, ['query', 'one']),
        sBeta: piece('beta', br, 1, ['query', 'one']),
      },
    },
  ];
}

/** sQ, sK, sV, sS and two numbers a row. */
function sramBytes({ shape, tile: { br, bc } }: Work): number {
  return BYTES * ((br + 2 * bc) * shape.dim + br * bc + 2 * br);
}

/** Where the first tile of keys begins that anyone sees. */
const firstTile = (shape: Work['shape'], bc: number): number => Math.floor(keysFrom(shape, 0) / bc) * bc;

/**
 * Query rows that the inner loop walks over, all tiles of keys together: the tiles of Q that see any key of the tile.
 */
function rowsWalked({ shape, tile: { br, bc } }: Work): number {
  let rows = 0;
  for (let k0 = firstTile(shape, bc); k0 < keysSeen(shape, shape.queries - 1); k0 += bc) {
    // Whole tiles of Q, but for rows that there are not.
    const end = Math.ceil(rowsSeeing(shape, Math.min(k0 + bc, shape.keys) - 1) / br) * br;
    rows += Math.min(end, shape.queries) - Math.floor(firstSeeing(shape, k0) / br) * br;
  }
  return rows;
}

/**
 * The paper's count, 2 N d + (N / Bc) (3 N d + 4 N) elements a head: K and V once; for every tile of keys Q and O in, O
 * out, l and m both ways. And what it leaves to the O(): O, l and m are written before the first step, and read for LSE
 * after the last.
 */
export function ioModel(run: Work): Record<'Q' | 'K' | 'V' | 'O' | 'L' | 'M' | 'LSE', Bytes> {
  const { batch, heads, queries, keys, dim } = run.shape;
  const each = BYTES * batch * heads;
  const walked = each * rowsWalked(run);
  const ends = each * queries;
  const seen = Math.min(keys, Math.ceil(keysSeen(run.shape, queries - 1) / run.tile.bc) * run.tile.bc);
  const tile: Bytes = { read: each * (seen - firstTile(run.shape, run.tile.bc)) * dim, written: 0 };
  const ofRow: Bytes = { read: walked + ends, written: walked + ends };
  return {
    Q: { read: walked * dim, written: 0 },
    K: tile,
    V: tile,
    O: { read: walked * dim, written: (walked + ends) * dim },
    L: ofRow,
    M: ofRow,
    LSE: { read: 0, written: ends },
  };
}

/** One dispatch, one workgroup a plane. */
export const flash1: Kernel = {
  ...cardById('flash1'),
  passes,
  sramBytes,
  limit: (run, limits) => firstRefusal(passes(run), run.shape, sramBytes(run), limits),
  ioModel,
  requested: (run) => allOf(ioModel(run)),
};
