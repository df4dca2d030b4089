// Attention as plain f32 arithmetic makes it: what a number of a kernel may be off by, and what f32 cannot hold at all.
// No GPU.
import { NOTHING_SEEN } from './oracle';
import { keysOf } from './rows';
import type { Inputs, Shape } from './shape';
import { defaultScale } from './shape';
import { shapingF32, shapingOf } from '../scores';

/** The largest f32. */
export const LARGEST_F32 = (2 - 2 ** -23) * 2 ** 127;

/**
 * Row i of query plane `plane` with every operation rounded to f32, one after the other in the order of the definition:
 * Q is scaled, then multiplied; the score is capped, then biased. exp and log are those of f64, rounded. A row that sees nothing: o = 0, lse =
 * NOTHING_SEEN.
 */
export function attendRowF32(
  shape: Shape,
  { q, k, v }: Inputs,
  plane: number,
  i: number,
  scale = defaultScale(shape),
): { o: Float32Array; lse: number } {
  const f = Math.fround;
  const { queries, dim } = shape;
  const { from, to, own, at } = keysOf(shape, plane, i);
  const shaped = shapingF32(shape, plane);
  const o = new Float32Array(dim);
  if (from === to) return { o, lse: f(NOTHING_SEEN) };
  const [first, factor] = [(plane * queries + i) * dim, f(scale)];
  const scaled = Float32Array.from({ length: dim }, (_, c) => q[first + c]! * factor);
  const p = new Float32Array(to - from);
  let m = -Infinity;
  for (let j = from; j < to; j++) {
    const base = at(j);
    let s = 0;
    for (let c = 0; c < dim; c++) s = f(s + f(scaled[c]! * k[base + c]!));
    p[j - from] = shaped(s, Math.abs(own - j));
    m = Math.max(m, p[j - from]!);
  }
  let l = 0;
  for (let j = from; j < to; j++) {
    const weight = f(Math.exp(f(p[j - from]! - m)));
    const base = at(j);
    l = f(l + weight);
    // An array of f32 rounds what is put into it.
    for (let c = 0; c < dim; c++) o[c]! += f(weight * v[base + c]!);
  }
  for (let c = 0; c < dim; c++) o[c]! /= l;
  return { o, lse: f(m + f(Math.log(l))) };
}

/** What of a row is out of f32's reach, where anything is. */
export type Limit = 'score-beyond-mask' | 'product-overflow' | 'value-overflow';

/**
 * Why a kernel in f32 may not be able to compute a row: its largest score lies at or below the value that stands for a
 * masked one; a product q · k overflows on the way; or its values do, before they are divided by l.
 */
export function limitsOfRow(
  shape: Shape,
  { q, k, v }: Inputs,
  plane: number,
  i: number,
  scale = defaultScale(shape),
): Limit[] {
  const { queries, dim } = shape;
  const { from, to, own, at } = keysOf(shape, plane, i);
  const shaped = shapingOf(shape, plane);
  const first = (plane * queries + i) * dim;
  let [most, product] = [-Infinity, 0];
  const values = new Float64Array(dim);
  for (let j = from; j < to; j++) {
    const base = at(j);
    let [s, sum] = [0, 0];
    for (let c = 0; c < dim; c++) {
      const term = q[first + c]! * scale * k[base + c]!;
      s += term;
      sum += Math.abs(term);
      values[c]! += Math.abs(v[base + c]!);
    }
    most = Math.max(most, shaped(s, Math.abs(own - j)));
    product = Math.max(product, sum);
  }
  const scaled = q.subarray(first, first + dim).reduce((a, x) => Math.max(a, Math.abs(x * scale)), 0);
  const found: Limit[] = [];
  if (from < to && most <= NOTHING_SEEN) found.push('score-beyond-mask');
  if (Math.max(product, scaled) > LARGEST_F32) found.push('product-overflow');
  // Weights are at most 1 while the largest score is still being looked for.
  if (values.some((x) => x > LARGEST_F32)) found.push('value-overflow');
  return found;
}
