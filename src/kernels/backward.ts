// FlashAttention-2 backward: P is computed anew from Q, K and LSE, dK and dV by blocks of keys, dQ by blocks of rows; nothing of N x N goes to HBM.
import { sumOf, type Bytes } from '../ops/costs';
import { firstSeeing, keysSeen } from '../ops/sizes';
import type { Tile } from '../ops/run';
import { BYTES, lanesOf, lib, shapeHeader } from './parts';
import { bindingsOf, type TextPass, type TextRun } from './text-pass';

/** Rows of P and dS against one key that one thread owns; and rows of dQ, or keys of dK and dV. */
const ROWS = 4;
const OWNED = 2;

/** Threads of the pass that adds up D: a row each. */
const ROW_THREADS = 64;

/** Br divides by ROWS, Bc by OWNED; the default has 64 threads. */
export const tiles: readonly Tile[] = [
  { br: 16, bc: 16 },
  { br: 32, bc: 16 },
  { br: 16, bc: 32 },
  { br: 16, bc: 8 },
  { br: 8, bc: 16 },
  { br: 8, bc: 8 },
  { br: 8, bc: 4 },
];

/** Three dispatches. A workgroup owns some rows of a plane; some keys of a plane of K and V, with the query heads that share them; some rows of a plane. */
export function passes(run: TextRun): readonly TextPass[] {
  const { shape, tile } = run;
  const { br, bc } = tile;
  const [planes, kvPlanes] = [shape.batch * shape.heads, shape.batch * shape.kvHeads];
  const base = shapeHeader(run);
  const threads = (br / ROWS) * bc;
  const chunks = shape.dim / lanesOf(shape);
  /** Threads side by side on the rows (or keys) that they own, and chunks that each has of them. */
  const sides = (owners: number) => ({ SIDE: threads / owners, OWN: Math.ceil(chunks / (threads / owners)) });
  const tiled = { workgroupSize: threads, header: { ...base, BR: br, BC: bc, WG: threads } };
  return [
    {
      name: 'row-sums',
      files: [lib.origin, lib.chunk(shape), 'attention-backward/row-sums.wgsl'],
      header: { ...base, WG: ROW_THREADS },
      grid: [Math.ceil(shape.queries / ROW_THREADS), 1, planes],
      workgroupSize: ROW_THREADS,
      bindings: bindingsOf(['O', 'dO', 'LSE'], ['LD']),
    },
    {
      ...tiled,
      name: 'dk-dv',
      files: [lib.origin, lib.chunk(shape), lib.mask, lib.seeing, 'attention-backward/dk-dv.wgsl'],
      header: { ...tiled.header, ...sides(bc / OWNED) },
      grid: [Math.ceil(shape.keys / bc), 1, kvPlanes],
      bindings: bindingsOf(['Q', 'K', 'V', 'dO', 'LD'], ['dK', 'dV']),
    },
    {
      ...tiled,
      name: 'dq',
      files: [lib.origin, lib.chunk(shape), lib.mask, lib.heads, 'attention-backward/dq.wgsl'],
      header: { ...tiled.header, ...sides(br / OWNED) },
      grid: [Math.ceil(shape.queries / br), 1, planes],
      bindings: bindingsOf(['Q', 'K', 'V', 'dO', 'LD'], ['dQ']),
    },
  ];
}

/** sQ, sDO, sK, sV, sP, sDS and two numbers a row, in the second pass as in the third. */
export function sramBytes({ shape, tile: { br, bc } }: TextRun): number {
  return BYTES * (2 * (br + bc) * shape.dim + 2 * br * bc + 2 * br);
}

/**
 * Row sums: O, dO and LSE in, L and D out. Column blocks: K and V once, and for each of them Q, dO, L and D of every row from the first tile on that sees
 * any of its keys, of all heads that share it. Row blocks: Q, dO, L and D once, and K and V in whole tiles up to the last key that the block sees.
 */
export function ioModel({
  shape,
  tile: { br, bc },
}: TextRun): Record<'Q' | 'K' | 'V' | 'O' | 'dO' | 'LSE' | 'LD' | 'dQ' | 'dK' | 'dV', Bytes> {
  const { batch, heads, kvHeads, queries, keys, dim } = shape;
  const [plane, kvPlane] = [BYTES * batch * heads, BYTES * batch * kvHeads];
  let walked = queries; // rows that all column blocks of a plane walk over, and its row blocks keep
  for (let k0 = 0; k0 < keys; k0 += bc) walked += queries - Math.floor(firstSeeing(shape, k0) / br) * br;
  let tiled = 0; // keys that all row blocks of a plane walk over
  for (let q0 = 0; q0 < queries; q0 += br) {
    tiled += Math.min(keys, Math.ceil(keysSeen(shape, Math.min(q0 + br, queries) - 1) / bc) * bc);
  }
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

/** The text asks for no more than that. */
export function requested(run: TextRun): { loads: number; stores: number } {
  const { read, written } = sumOf(ioModel(run));
  return { loads: read, stores: written };
}
