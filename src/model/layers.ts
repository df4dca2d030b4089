// The parts of a transformer layer in plain TypeScript f32, shared by the pass over a whole text and the pass that
// continues from a KV cache.
import { AttnError } from '../errors';
import { dot, matmul } from './matmul';
import type { LayerWeights, ModelConfig, Weights } from './weights';

/** Q, K (both after the rotary turn) and V of one head, each [N, d] row-major: what an attention kernel receives. */
export interface HeadInput {
  readonly q: Float32Array;
  readonly k: Float32Array;
  readonly v: Float32Array;
}

/** Rows of the embedding, [N, width]. @throws AttnError `unexpected` for an id outside the vocabulary */
export function embedded({ embed, config: { width, vocabulary } }: Weights, ids: ArrayLike<number>): Float32Array {
  const x = new Float32Array(ids.length * width);
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i]!;
    if (!(id >= 0 && id < vocabulary))
      throw new AttnError('unexpected', { message: `token id ${id} is outside the vocabulary` });
    x.set(embed.subarray(id * width, (id + 1) * width), i * width);
  }
  return x;
}

/** Rounds what goes into a matrix product, row-major, in place: what a quantised activation is. */
export type RoundInput = (x: Float32Array) => Float32Array;

/**
 * Q, K (both turned by their positions) and V of every head, each [N, d], from the stream x [N, width].
 * @param round what the inputs of the matrix products go through; nothing by default
 */
export function project(
  x: Float32Array,
  layer: LayerWeights,
  config: ModelConfig,
  turn: Float32Array,
  round: RoundInput = unrounded,
): HeadInput[] {
  const { width, dim, heads } = config;
  const n = x.length / width;
  const h = round(rmsNorm(x, layer.norm1, config.eps));
  const q = splitHeads(addRow(matmul(h, layer.query, n, width, width), layer.queryBias), heads, dim);
  const k = splitHeads(addRow(matmul(h, layer.key, n, width, width), layer.keyBias), heads, dim);
  const v = splitHeads(matmul(h, layer.value, n, width, width), heads, dim);
  return q.map((headQ, head) => ({ q: rotate(headQ, turn, dim), k: rotate(k[head]!, turn, dim), v: v[head]! }));
}

/** Next-token logits [N, vocabulary] of rows x [N, width]; the embedding is tied. */
export function logitsOf(x: Float32Array, { embed, norm, config: { width, vocabulary, eps } }: Weights): Float32Array {
  return matmul(rmsNorm(x, norm, eps), embed, x.length / width, width, vocabulary);
}

const unrounded: RoundInput = (x) => x;

/** The two dense layers with GELU between, added to `x` [N, width] in place. Returns what was added. */
export function feedForward(
  x: Float32Array,
  layer: LayerWeights,
  { width, hidden, eps }: ModelConfig,
  round: RoundInput = unrounded,
): Float32Array {
  const n = x.length / width;
  const h = matmul(round(rmsNorm(x, layer.norm2, eps)), layer.up, n, width, hidden);
  const c = Math.sqrt(2 / Math.PI);
  for (let i = 0; i < h.length; i++) {
    const a = h[i]!;
    h[i] = 0.5 * a * (1 + Math.tanh(c * (a + 0.044715 * a * a * a)));
  }
  const update = matmul(round(h), layer.down, n, hidden, width);
  addInto(x, update);
  return update;
}

/** Each row divided by its root mean square, times the gain (Zhang & Sennrich 2019). */
export function rmsNorm(x: Float32Array, gain: Float32Array, eps: number): Float32Array {
  const width = gain.length;
  const y = new Float32Array(x.length);
  for (let at = 0; at < x.length; at += width) {
    const scale = 1 / Math.sqrt(dot(x, at, x, at, width) / width + eps);
    for (let i = 0; i < width; i++) y[at + i] = x[at + i]! * scale * gain[i]!;
  }
  return y;
}

/** [N, heads * d] to one [N, d] a head. */
function splitHeads(x: Float32Array, heads: number, dim: number): Float32Array[] {
  const width = heads * dim;
  const n = x.length / width;
  return Array.from({ length: heads }, (_, head) => {
    const part = new Float32Array(n * dim);
    for (let i = 0; i < n; i++) part.set(x.subarray(i * width + head * dim, i * width + (head + 1) * dim), i * dim);
    return part;
  });
}

/**
 * cos and sin of position from + p and pair i at [(p * d/2 + i) * 2]; angle = position * base^(-2i/d) (Su et al. 2021).
 */
export function rotaryTable(from: number, n: number, { dim, ropeBase }: ModelConfig): Float32Array {
  const half = dim / 2;
  const table = new Float32Array(n * dim);
  for (let p = 0; p < n; p++) {
    for (let i = 0; i < half; i++) {
      const angle = (from + p) * ropeBase ** ((-2 * i) / dim);
      table[(p * half + i) * 2] = Math.cos(angle);
      table[(p * half + i) * 2 + 1] = Math.sin(angle);
    }
  }
  return table;
}

/** Turns every row of x [N, d] by its position, in place. */
function rotate(x: Float32Array, turn: Float32Array, dim: number): Float32Array {
  const half = dim / 2;
  for (let at = 0; at < x.length; at += dim) {
    for (let i = 0; i < half; i++) {
      const cos = turn[at + 2 * i]!;
      const sin = turn[at + 2 * i + 1]!;
      const a = x[at + i]!;
      const b = x[at + half + i]!;
      x[at + i] = a * cos - b * sin;
      x[at + half + i] = a * sin + b * cos;
    }
  }
  return x;
}

export function addInto(x: Float32Array, y: Float32Array): void {
  for (let i = 0; i < x.length; i++) x[i]! += y[i]!;
}

/** Adds one row to every row of x, in place. */
function addRow(x: Float32Array, row: Float32Array): Float32Array {
  for (let i = 0; i < x.length; i++) x[i]! += row[i % row.length]!;
  return x;
}
