// The backward pass as plain f32 arithmetic makes it from what the kernels get: what a number of a kernel may be off
// by. No GPU.
import { shapingF32, steepnessF32 } from '../scores';
import { defaultScale, keysFrom, keysSeen, kvPlane, ownKey, type Sizes } from '../sizes';
import type { BackwardInputs } from './inputs';

/**
 * dQ, dK and dV with every operation rounded to f32, one after the other in the order of the definition: Q is scaled,
 * then multiplied, and P is exp(S - LSE). exp is that of f64, rounded.
 */
export function gradientsF32(
  sizes: Sizes,
  { Q, K, V, O, dO, LSE }: BackwardInputs,
  scale = defaultScale(sizes),
): Record<'dQ' | 'dK' | 'dV', Float32Array> {
  const f = Math.fround;
  const { queries, keys, dim } = sizes;
  const factor = f(scale);
  const dot = (x: Float32Array, a: number, y: Float32Array, b: number): number => {
    let sum = 0;
    for (let c = 0; c < dim; c++) sum = f(sum + f(x[a + c]! * y[b + c]!));
    return sum;
  };
  // An array of f32 rounds what is put into it.
  const add = (to: Float32Array, a: number, weight: number, from: Float32Array, b: number): void => {
    for (let c = 0; c < dim; c++) to[a + c]! += f(weight * from[b + c]!);
  };
  const steep = steepnessF32(sizes);
  const scaled = Q.map((x) => x * factor);
  const [dQ, dK, dV] = [new Float32Array(Q.length), new Float32Array(K.length), new Float32Array(V.length)];
  for (let row = 0; row < LSE.length; row++) {
    const seen = keysSeen(sizes, row % queries);
    const at = row * dim;
    const first = kvPlane(Math.floor(row / queries), sizes) * keys * dim;
    const d = dot(dO, at, O, at);
    const shaped = shapingF32(sizes, Math.floor(row / queries));
    const own = ownKey(sizes, row % queries);
    for (let j = keysFrom(sizes, row % queries); j < seen; j++) {
      const key = first + j * dim;
      const s = dot(scaled, at, K, key);
      const p = f(Math.exp(f(shaped(s, Math.abs(own - j)) - LSE[row]!)));
      const ds = f(f(p * f(dot(dO, at, V, key) - d)) * steep(s));
      add(dV, key, p, dO, at);
      add(dQ, at, ds, K, key);
      add(dK, key, ds, scaled, at);
    }
  }
  return { dQ: dQ.map((x) => x * factor), dK, dV };
}
