// What the backward pass is given: the forward pass's tensors, and a seeded gradient by O.
import { mixSeed, mulberry32 } from '../random';
import type { Sizes } from '../sizes';
import { gradients } from './oracle';

/** Q, K, V and dO; O and LSE of the forward pass, which the kernels take as they stand. */
export type BackwardInputs = Record<'Q' | 'K' | 'V' | 'O' | 'dO' | 'LSE', Float32Array<ArrayBuffer>>;

/** The stream of dO among those of a seed; Q, K and V have 0, 1 and 2. */
const STREAM = 3;

/**
 * Adds dO, uniform with mean 0 and variance 1, and O and LSE of the forward pass in f64, rounded to f32.
 * @param seed any integer; the same seed and sizes give the same numbers
 */
export function backwardInputs(
  sizes: Sizes,
  { Q, K, V }: Record<'Q' | 'K' | 'V', Float32Array<ArrayBuffer>>,
  seed: number,
  scale?: number,
): BackwardInputs {
  const uniform = mulberry32(mixSeed(seed, STREAM));
  const dO = Float32Array.from({ length: Q.length }, () => Math.sqrt(12) * (uniform() - 0.5));
  const { O, LSE } = gradients(sizes, { Q, K, V, dO }, scale);
  return { Q, K, V, O: Float32Array.from(O), dO, LSE: Float32Array.from(LSE) };
}
