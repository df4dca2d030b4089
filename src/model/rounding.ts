// Numbers rounded to few bits and back, in place: what quantising weights, activations or the KV cache does to a pass.
import type { HeadInput } from './layers';
import type { Rounding } from './options';
import type { LayerWeights, Weights } from './weights';

/** Scale of a symmetric grid: the largest magnitude lies on its last step. */
const scaleOf = (most: number, bits: number): number => most / (2 ** (bits - 1) - 1);

/** Rounds `length` numbers from `at` on, `step` apart, to one grid of their own. */
function roundRun(x: Float32Array, at: number, length: number, step: number, bits: number): void {
  let most = 0;
  for (let i = 0; i < length; i++) most = Math.max(most, Math.abs(x[at + i * step]!));
  const scale = scaleOf(most, bits);
  if (scale === 0) return;
  for (let i = 0; i < length; i++) x[at + i * step] = Math.round(x[at + i * step]! / scale) * scale;
}

/** One grid for all of x. */
export function roundAll(x: Float32Array, bits: number): Float32Array {
  roundRun(x, 0, x.length, 1, bits);
  return x;
}

/** One grid for each row of `width`. */
export function roundRows(x: Float32Array, width: number, bits: number): Float32Array {
  for (let at = 0; at < x.length; at += width) roundRun(x, at, width, 1, bits);
  return x;
}

/** One grid for each column. */
export function roundColumns(x: Float32Array, width: number, bits: number): Float32Array {
  for (let c = 0; c < width; c++) roundRun(x, c, x.length / width, width, bits);
  return x;
}

/** The model with its layers' matrices rounded, in arrays of their own. Embedding, biases and gains stay as they are. */
export function roundWeights(weights: Weights, { bits, per }: Rounding<'tensor' | 'row'>): Weights {
  const rounded = (matrix: Float32Array, inputs: number): Float32Array =>
    per === 'row' ? roundRows(matrix.slice(), inputs, bits) : roundAll(matrix.slice(), bits);
  const { width, hidden } = weights.config;
  const layers = weights.layers.map((layer): LayerWeights => ({
    ...layer,
    query: rounded(layer.query, width),
    key: rounded(layer.key, width),
    value: rounded(layer.value, width),
    out: rounded(layer.out, width),
    up: rounded(layer.up, width),
    down: rounded(layer.down, hidden),
  }));
  return { ...weights, layers };
}

/** K and V of one layer's heads, each [N, d], rounded in place. `tensor`: one grid for K of a head, one for its V. */
export function roundCache(
  heads: readonly HeadInput[],
  dim: number,
  { bits, per }: Rounding<'tensor' | 'token' | 'channel'>,
): void {
  for (const { k, v } of heads) {
    if (per === 'tensor') {
      roundAll(k, bits);
      roundAll(v, bits);
      continue;
    }
    if (per === 'channel') roundColumns(k, dim, bits);
    else roundRows(k, dim, bits);
    roundRows(v, dim, bits);
  }
}
