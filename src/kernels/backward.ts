// FlashAttention-2 backward: P is computed anew from Q, K and LSE, dK and dV by blocks of keys, dQ by blocks of rows;
// nothing of N x N goes to HBM.
import { both, sumOf, type Bytes } from '../ops/costs';
import { defaultScale, firstSeeing, rowsSeeing } from '../ops/sizes';
import type { ArrayLayout } from '../ops/layout';
import { ioModel as standardModel } from './backward-naive';
import { cardById } from '.';
import type { Kernel, PassSpec } from './card';
import {
  allOf,
  bindingsOf,
  BYTES,
  firstRefusal,
  lanesOf,
  lib,
  overBlocks,
  ofThread,
  piece,
  shapeHeader,
  type Work,
  unscaled,
} from './parts';

/**
 * Rows of P and dS against one key that one thread owns; and rows of dQ, or keys of dK and dV. Br divides by ROWS, Bc by
 * OWNED.
 */
const ROWS = 4;
const OWNED = 2;

/** Threads of the pass that adds up D: a row each. */
const ROW_THREADS = 64;

/**
 * What the second and the third pass hold of a tile: in workgroup memory, and each thread's ROWS rows against one key.
 */
function tilesOf(run: Work): Record<string, ArrayLayout> {
  const { br, bc } = run.tile;
  const { dim } = run.shape;
  const ofThreads = (role: string): ArrayLayout => ({
    ...piece(role, br, bc, ['query', 'key']),
    terms: [
      { of: 'lane', div: bc, row: ROWS },
      { of: 'lane', mod: bc, col: 1 },
      { of: 'index', row: 1 },
    ],
  });
  return {
    sQ: { ...piece('Q', br, dim, ['query', 'dim']), factors: unscaled(run) },
    sDO: piece('dO', br, dim, ['query', 'dim']),
    sLD: piece('LD', br, 2, ['query', 'one']),
    sK: piece('K', bc, dim, ['key', 'dim']),
    sV: piece('V', bc, dim, ['key', 'dim']),
    sP: piece('P', br, bc, ['query', 'key']),
    sDS: piece('dS', br, bc, ['query', 'key']),
    s: ofThreads('S'),
    dp: ofThreads('dP'),
  };
}

/**
 * Three dispatches. A workgroup owns some rows of a plane; some keys of a plane of K and V, with the query heads that
 * share them; some rows of a plane.
 */
function passes(run: Work): readonly PassSpec[] {
  const { shape, tile, scale } = run;
  const { br, bc } = tile;
  const { dim } = shape;
  const [planes, kvPlanes] = [shape.batch * shape.heads, shape.batch * shape.kvHeads];
  const base = shapeHeader(run);
  const threads = (br / ROWS) * bc;
  const lanes = lanesOf(shape);
  const chunks = dim / lanes;
  /** Threads side by side on the rows (or keys) that they own, and chunks that each has of them. */
  const sides = (owners: number) => ({ SIDE: threads / owners, OWN: Math.ceil(chunks / (threads / owners)) });
  const tiled = { workgroupSize: threads, header: { ...base, BR: br, BC: bc, WG: threads } };
  const shared = tilesOf(run);
  /** Registers that hold some rows of a gradient: [2 n + i] is chunk x + n SIDE of row y + i. */
  const owned = (role: string, rows: number, axis: 'query' | 'key'): ArrayLayout => {
    const side = threads / (rows / OWNED);
    return {
      ...piece(role, rows, dim, [axis, 'dim']),
      terms: [
        { of: 'lane', div: side, row: OWNED },
        { of: 'lane', mod: side, col: lanes },
        { of: 'index', div: lanes, mod: OWNED, row: 1 },
        { of: 'index', div: lanes * OWNED, col: side * lanes },
        { of: 'index', mod: lanes, col: 1 },
      ],
    };
  };
  return [
    {
      name: 'row-sums',
      files: [lib.origin, lib.chunk(shape), 'attention-backward/row-sums.wgsl'],
      header: { ...base, WG: ROW_THREADS },
      grid: [Math.ceil(shape.queries / ROW_THREADS), 1, planes],
      rows: ROW_THREADS,
      workgroupSize: ROW_THREADS,
      bindings: bindingsOf(['O', 'dO', 'LSE'], ['LD']),
      layouts: { d: ofThread('D', ROW_THREADS) },
    },
    {
      ...tiled,
      name: 'dk-dv',
      files: [
        lib.origin,
        lib.chunk(shape),
        ...lib.mask(shape),
        ...lib.seeing(shape),
        ...lib.scores(shape, 4),
        'attention-backward/dk-dv.wgsl',
      ],
      header: { ...tiled.header, ...sides(bc / OWNED) },
      grid: [Math.ceil(shape.keys / bc), 1, kvPlanes],
      rows: 0,
      sharers: shape.heads / shape.kvHeads,
      bindings: bindingsOf(['Q', 'K', 'V', 'dO', 'LD'], ['dK', 'dV']),
      layouts: { ...shared, dk: owned('dK', bc, 'key'), dv: owned('dV', bc, 'key') },
    },
    {
      ...tiled,
      name: 'dq',
      files: [
        lib.origin,
        lib.chunk(shape),
        ...lib.mask(shape),
        lib.heads,
        ...lib.scores(shape, 4),
        'attention-backward/dq.wgsl',
      ],
      header: { ...tiled.header, ...sides(br / OWNED) },
      grid: [Math.ceil(shape.queries / br), 1, planes],
      rows: br,
      bindings: bindingsOf(['Q', 'K', 'V', 'dO', 'LD'], ['dQ']),
      layouts: { ...shared, dq: { ...owned('dQ', br, 'query'), factors: { dQ: scale ?? defaultScale(shape) } } },
    },
  ];
}

/** sQ, sDO, sK, sV, sP, sDS and two numbers a row, in the second pass as in the third. */
function sramBytes({ shape, tile: { br, bc } }: Work): number {
  return BYTES * (2 * (br + bc) * shape.dim + 2 * br * bc + 2 * br);
}

/**
 * Row sums: O, dO and LSE in, L and D out. Column blocks: K and V once, and for each of them Q, dO, L and D of every
 * row of the tiles that see any of its keys, of all heads that share it. Row blocks: Q, dO, L and D once, and K and V in
 * whole tiles from the first key that the block sees to the last.
 */
export function ioModel({
  shape,
  tile: { br, bc },
}: Work): Record<'Q' | 'K' | 'V' | 'O' | 'dO' | 'LSE' | 'LD' | 'dQ' | 'dK' | 'dV', Bytes> {
  const { batch, heads, kvHeads, queries, keys, dim } = shape;
  const [plane, kvPlane] = [BYTES * batch * heads, BYTES * batch * kvHeads];
  let walked = queries; // rows that all column blocks of a plane walk over, and its row blocks keep
  for (let k0 = 0; k0 < keys; k0 += bc) {
    const first = firstSeeing(shape, k0);
    const end = Math.ceil(rowsSeeing(shape, Math.min(k0 + bc, keys) - 1) / br) * br;
    if (first < queries) walked += Math.max(0, Math.min(end, queries) - Math.floor(first / br) * br);
  }
  // Keys that all row blocks of a plane walk over.
  const tiled = overBlocks(shape, { br, bc }, (begin, over) => Math.min(keys, over) - begin);
  const ofRows: Bytes = { read: plane * walked * dim, written: 0 };
  const ofKeys: Bytes = { read: (plane * tiled + kvPlane * keys) * dim, written: 0 };
  const gradient: Bytes = { read: 0, written: kvPlane * keys * dim };
  return {
    Q: ofRows,
    K: ofKeys,
    V: ofKeys,
    O: { read: plane * queries * dim, written: 0 },
    dO: { read: plane * (walked + queries) * dim, written: 0 },
    LSE: { read: plane * queries, written: 0 },
    LD: { read: plane * walked * 2, written: plane * queries * 2 },
    dQ: { read: 0, written: plane * queries * dim },
    dK: gradient,
    dV: gradient,
  };
}

/** Three dispatches: row sums, dK and dV, dQ. */
export const backward: Kernel = {
  ...cardById('backward'),
  passes,
  sramBytes,
  limit: (run, limits) => firstRefusal(passes(run), run.shape, sramBytes(run), limits),
  ioModel,
  replaces: (run) => {
    const { S, P, dP, dS, ...ends } = standardModel(run);
    const intermediate = both(sumOf({ S, P, dP, dS }));
    return { bytes: intermediate + both(sumOf(ends)), intermediate };
  },
  requested: (run) => allOf(ioModel(run)),
};
