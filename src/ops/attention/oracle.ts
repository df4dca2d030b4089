// Attention in f64, by the definition and by the online recurrence: what every kernel is held against. No GPU.
import { keysOf, type RowKeys } from './rows';
import type { Inputs, Shape } from './shape';
import { defaultScale } from './shape';
import { shapingOf } from '../scores';

/** LSE of a row that sees nothing. */
export const NOTHING_SEEN = -1e30;

/**
 * One query row by the definition. Keys that the row does not see have p = 0; their s is the score without the mask.
 */
export interface OracleRow {
  s: Float64Array;
  p: Float64Array;
  o: Float64Array;
  /**
   * Largest visible score, sum of exp(s - m), and m + ln l. A row that sees nothing: NOTHING_SEEN, 0, NOTHING_SEEN, and
   * o = 0.
   */
  m: number;
  l: number;
  lse: number;
}

/** All rows of one query plane, row-major. */
export interface OraclePlane {
  s: Float64Array;
  p: Float64Array;
  o: Float64Array;
  lse: Float64Array;
}

/** One tile of keys [k0, k0 + s.length) as the online softmax goes through it; o is not yet divided by l. */
export interface OnlineStep {
  k0: number;
  s: Float64Array;
  mOld: number;
  m: number;
  alpha: number;
  p: Float64Array;
  l: number;
  o: Float64Array;
}

/**
 * The score of query i against every key j that there is, masked or not: scale * q_i . k_j, capped, and less ALiBi's
 * bias; 0 past them.
 */
function scores(
  shape: Shape,
  { q, k }: Inputs,
  plane: number,
  i: number,
  { count, own, at }: RowKeys,
  scale: number,
): Float64Array {
  const { queries, keys, dim } = shape;
  const qBase = (plane * queries + i) * dim;
  const s = new Float64Array(keys);
  const shaped = shapingOf(shape, plane);
  for (let j = 0; j < count; j++) {
    const kBase = at(j);
    let sum = 0;
    for (let c = 0; c < dim; c++) sum += q[qBase + c]! * k[kBase + c]!;
    s[j] = shaped(sum * scale, Math.abs(own - j));
  }
  return s;
}

/** o += p_j v_j for the keys from k0 on. */
function addWeighted(o: Float64Array, v: Float32Array, at: RowKeys['at'], p: Float64Array, k0: number): void {
  p.forEach((weight, j) => {
    if (weight === 0) return;
    const base = at(k0 + j);
    for (let c = 0; c < o.length; c++) o[c]! += weight * v[base + c]!;
  });
}

/**
 * Row i of query plane `plane` (= batch index * heads + head) by the definition.
 * @param scale factor of the scores; 1 / sqrt(dim) when absent
 */
export function attendRow(
  shape: Shape,
  inputs: Inputs,
  plane: number,
  i: number,
  scale = defaultScale(shape),
): OracleRow {
  const row = keysOf(shape, plane, i);
  const { from, to } = row;
  const s = scores(shape, inputs, plane, i, row, scale);
  const p = new Float64Array(shape.keys);
  const o = new Float64Array(shape.dim);
  if (to === from) return { s, p, o, m: NOTHING_SEEN, l: 0, lse: NOTHING_SEEN };
  let m = -Infinity;
  for (let j = from; j < to; j++) m = Math.max(m, s[j]!);
  let l = 0;
  for (let j = from; j < to; j++) l += p[j] = Math.exp(s[j]! - m);
  for (let j = from; j < to; j++) p[j]! /= l;
  addWeighted(o, inputs.v, row.at, p, 0);
  return { s, p, o, m, l, lse: m + Math.log(l) };
}

/** All rows of one query plane by the definition. */
export function attendPlane(shape: Shape, inputs: Inputs, plane: number, scale = defaultScale(shape)): OraclePlane {
  const { queries, keys, dim } = shape;
  const result = {
    s: new Float64Array(queries * keys),
    p: new Float64Array(queries * keys),
    o: new Float64Array(queries * dim),
    lse: new Float64Array(queries),
  };
  for (let i = 0; i < queries; i++) {
    const row = attendRow(shape, inputs, plane, i, scale);
    result.s.set(row.s, i * keys);
    result.p.set(row.p, i * keys);
    result.o.set(row.o, i * dim);
    result.lse[i] = row.lse;
  }
  return result;
}

/**
 * Row i tile by tile, as FlashAttention-2 goes through it (Dao 2023, Algorithm 1): m, l and the unnormalised o after
 * each tile of `bc` keys. Tiles without a visible key are left out; o / l of the last step equals `attendRow(...).o`. A
 * row that sees nothing has no steps.
 */
export function attendRowOnline(
  shape: Shape,
  inputs: Inputs,
  plane: number,
  i: number,
  bc: number,
  scale = defaultScale(shape),
): OnlineStep[] {
  const row = keysOf(shape, plane, i);
  const seen = row.to;
  const all = scores(shape, inputs, plane, i, row, scale);
  const steps: OnlineStep[] = [];
  let m = NOTHING_SEEN;
  let l = 0;
  let o = new Float64Array(shape.dim);
  for (let k0 = Math.floor(row.from / bc) * bc; k0 < seen; k0 += bc) {
    const s = all.slice(k0, k0 + bc);
    const visible = s.subarray(Math.max(0, row.from - k0), seen - k0);
    const mOld = m;
    m = visible.reduce((a, b) => Math.max(a, b), m);
    const alpha = Math.exp(mOld - m);
    const p = s.map((x, j) => (k0 + j >= row.from && k0 + j < seen ? Math.exp(x - m) : 0));
    l = l * alpha + p.reduce((a, b) => a + b, 0);
    o = o.map((x) => x * alpha);
    addWeighted(o, inputs.v, row.at, p, k0);
    steps.push({ k0, s, mOld, m, alpha, p, l, o: o.slice() });
  }
  return steps;
}
