// The gradients of attention in f64, by the definition: what the backward kernels are held against. No GPU.
import { shapingOf, steepnessOf } from '../scores';
import { defaultScale, keysFrom, keysSeen, kvPlane, ownKey, type Sizes } from '../sizes';

/** Numbers of a tensor, row-major. */
export type Numbers = ArrayLike<number>;

/** What the gradients are of: Q, K, V as in attention, and dO, the gradient of a loss by O, laid out like O. */
export interface ForwardInputs {
  Q: Numbers;
  K: Numbers;
  V: Numbers;
  dO: Numbers;
}

/**
 * The gradients of the loss, each laid out like the tensor that it is by, with O and LSE of the forward pass and D =
 * rowsum(dO ∘ O).
 */
export type Gradients = Record<'dQ' | 'dK' | 'dV' | 'O' | 'LSE' | 'D', Float64Array>;

/** LSE of a row that sees nothing. */
export const NOTHING_SEEN = -1e30;

/** Softmax weights and LSE of one row of scores; all of it is seen. */
function softmax(s: Float64Array): { p: Float64Array; lse: number } {
  if (s.length === 0) return { p: s, lse: NOTHING_SEEN };
  const m = s.reduce((a, b) => Math.max(a, b), -Infinity);
  const l = s.reduce((sum, x) => sum + Math.exp(x - m), 0);
  return { p: s.map((x) => Math.exp(x - m) / l), lse: m + Math.log(l) };
}

/** x . y of `dim` numbers from `a` and from `b` on. */
function dot(x: Numbers, a: number, y: Numbers, b: number, dim: number): number {
  let sum = 0;
  for (let c = 0; c < dim; c++) sum += x[a + c]! * y[b + c]!;
  return sum;
}

/** to += factor * from, for `dim` numbers from `a` and from `b` on. */
function add(to: Float64Array, a: number, factor: number, from: Numbers, b: number, dim: number): void {
  for (let c = 0; c < dim; c++) to[a + c]! += factor * from[b + c]!;
}

/**
 * dV = Pᵀ dO, dP = dO Vᵀ, dS = P ∘ (dP - D), with a softcap times 1 - tanh² of what it capped, dQ = scale dS K, dK = scale dSᵀ Q, row by row; dK and dV are summed over
 * the query heads that share a KV head. A row that sees nothing has O = 0 and adds nothing.
 * @param scale factor of the scores; 1 / sqrt(dim) when absent
 */
export function gradients(sizes: Sizes, { Q, K, V, dO }: ForwardInputs, scale = defaultScale(sizes)): Gradients {
  const { batch, heads, kvHeads, queries, keys, dim } = sizes;
  const [planes, kvPlanes] = [batch * heads, batch * kvHeads];
  const like = (count: number, rows: number, cols: number): Float64Array => new Float64Array(count * rows * cols);
  const out: Gradients = {
    dQ: like(planes, queries, dim),
    dK: like(kvPlanes, keys, dim),
    dV: like(kvPlanes, keys, dim),
    O: like(planes, queries, dim),
    LSE: like(planes, queries, 1),
    D: like(planes, queries, 1),
  };
  for (let row = 0; row < planes * queries; row++) {
    const from = keysFrom(sizes, row % queries);
    const seen = keysSeen(sizes, row % queries) - from;
    const at = row * dim;
    const first = (kvPlane(Math.floor(row / queries), sizes) * keys + from) * dim;
    const plane = Math.floor(row / queries);
    const [shaped, steep] = [shapingOf(sizes, plane), steepnessOf(sizes)];
    const raw = Float64Array.from({ length: seen }, (_, j) => scale * dot(Q, at, K, first + j * dim, dim));
    const own = ownKey(sizes, row % queries);
    const s = raw.map((x, j) => shaped(x, Math.abs(own - from - j)));
    const { p, lse } = softmax(s);
    p.forEach((weight, j) => add(out.O, at, weight, V, first + j * dim, dim));
    out.LSE[row] = lse;
    out.D[row] = dot(dO, at, out.O, at, dim);
    p.forEach((weight, j) => {
      const key = first + j * dim;
      const ds = weight * (dot(dO, at, V, key, dim) - out.D[row]!) * steep(raw[j]!);
      add(out.dV, key, weight, dO, at, dim);
      add(out.dQ, at, scale * ds, K, key, dim);
      add(out.dK, key, scale * ds, Q, at, dim);
    });
  }
  return out;
}
