// The small transformer's forward pass in plain TypeScript f32: the numbers behind "computed", and the oracle when the
// passes move to WGSL. The same arithmetic as `train/net.py`: pre-norm RMSNorm, rotary positions (half-split: dimension
// i turns with i + d/2), biases on Q and K only, causal softmax attention, GELU (tanh form), tied embedding.
import { AttnError } from '../attention/errors';
import { dot, matmul } from './matmul';
import type { LayerWeights, ModelConfig, Weights } from './weights';

/** What one head saw: row-major, row = token. Q and K after the rotary turn, as the attention kernel receives them. */
export interface HeadState {
  /** [N, d] */
  readonly q: Float32Array;
  /** [N, d] */
  readonly k: Float32Array;
  /** [N, d] */
  readonly v: Float32Array;
  /** [N, N] attention probabilities, zero above the diagonal; the scale is 1 / sqrt(d). */
  readonly p: Float32Array;
}

export interface Pass {
  /** N, the number of tokens. */
  readonly tokens: number;
  /** [layer][head] */
  readonly heads: readonly (readonly HeadState[])[];
  /** [positions asked for, vocabulary], row-major. */
  readonly logits: Float32Array;
}

/**
 * Runs the whole model.
 * @param ids token ids, 1 to `context` of them
 * @param positions whose next-token logits are wanted; the last one by default
 * @throws AttnError `text-empty`, `tokens-too-many`, or `unexpected` for an id outside the vocabulary
 */
export function forward(weights: Weights, ids: ArrayLike<number>, positions?: readonly number[]): Pass {
  const steps = forwardSteps(weights, ids, positions);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same pass, pausing after every layer, so that a worker can notice a newer request. Arguments as `forward`. */
export function* forwardSteps(weights: Weights, ids: ArrayLike<number>, positions?: readonly number[]): Generator<number, Pass, void> {
  const { config } = weights;
  const { width, vocabulary } = config;
  const tokens = checkLength(ids.length, config);
  const x = new Float32Array(tokens * width);
  for (let i = 0; i < tokens; i++) {
    const id = ids[i]!;
    if (!(id >= 0 && id < vocabulary)) throw new AttnError('unexpected', { message: `token id ${id} is outside the vocabulary` });
    x.set(weights.embed.subarray(id * width, (id + 1) * width), i * width);
  }
  const turn = rotaryTable(tokens, config);
  const heads: HeadState[][] = [];
  for (const [layer, parameters] of weights.layers.entries()) {
    heads.push(attend(x, parameters, config, turn));
    feedForward(x, parameters, config);
    yield layer;
  }
  const wanted = positions ?? [tokens - 1];
  const rows = new Float32Array(wanted.length * width);
  wanted.forEach((at, i) => rows.set(x.subarray(at * width, (at + 1) * width), i * width));
  const last = rmsNorm(rows, weights.norm, config.eps);
  return { tokens, heads, logits: matmul(last, weights.embed, wanted.length, width, vocabulary) };
}

function checkLength(tokens: number, { context }: ModelConfig): number {
  if (tokens === 0) throw new AttnError('text-empty');
  if (tokens > context) throw new AttnError('tokens-too-many', { count: tokens, limit: context });
  return tokens;
}

/** One attention block, added to `x` [N, width] in place. Returns what each head saw. */
function attend(x: Float32Array, layer: LayerWeights, config: ModelConfig, turn: Float32Array): HeadState[] {
  const { width, dim, heads } = config;
  const n = x.length / width;
  const h = rmsNorm(x, layer.norm1, config.eps);
  const q = splitHeads(addRow(matmul(h, layer.query, n, width, width), layer.queryBias), heads, dim);
  const k = splitHeads(addRow(matmul(h, layer.key, n, width, width), layer.keyBias), heads, dim);
  const v = splitHeads(matmul(h, layer.value, n, width, width), heads, dim);
  const mixed = new Float32Array(n * width);
  const states = q.map((headQ, head): HeadState => {
    const state = { q: rotate(headQ, turn, dim), k: rotate(k[head]!, turn, dim), v: v[head]! };
    const p = probabilities(state.q, state.k, n, dim);
    mixValues(p, state.v, n, dim, mixed, head * dim);
    return { ...state, p };
  });
  addInto(x, matmul(mixed, layer.out, n, width, width));
  return states;
}

/** The two dense layers with GELU between, added to `x` [N, width] in place. */
function feedForward(x: Float32Array, layer: LayerWeights, { width, hidden, eps }: ModelConfig): void {
  const n = x.length / width;
  const h = matmul(rmsNorm(x, layer.norm2, eps), layer.up, n, width, hidden);
  const c = Math.sqrt(2 / Math.PI);
  for (let i = 0; i < h.length; i++) {
    const a = h[i]!;
    h[i] = 0.5 * a * (1 + Math.tanh(c * (a + 0.044715 * a * a * a)));
  }
  addInto(x, matmul(h, layer.down, n, hidden, width));
}

/** Each row divided by its root mean square, times the gain (Zhang & Sennrich 2019). */
function rmsNorm(x: Float32Array, gain: Float32Array, eps: number): Float32Array {
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

/** cos and sin of position p and pair i at [(p * d/2 + i) * 2]; angle = p * base^(-2i/d) (Su et al. 2021). */
function rotaryTable(n: number, { dim, ropeBase }: ModelConfig): Float32Array {
  const half = dim / 2;
  const table = new Float32Array(n * dim);
  for (let p = 0; p < n; p++) {
    for (let i = 0; i < half; i++) {
      const angle = p * ropeBase ** ((-2 * i) / dim);
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

/** softmax(Q Kᵀ / sqrt(d)) under the causal mask, [N, N]. */
function probabilities(q: Float32Array, k: Float32Array, n: number, dim: number): Float32Array {
  const p = matmul(q, k, n, dim, n);
  const scale = 1 / Math.sqrt(dim);
  for (let i = 0; i < n; i++) {
    const row = p.subarray(i * n, (i + 1) * n);
    let max = -Infinity;
    for (let j = 0; j <= i; j++) max = Math.max(max, row[j]! * scale);
    let sum = 0;
    for (let j = 0; j <= i; j++) sum += row[j] = Math.exp(row[j]! * scale - max);
    for (let j = 0; j <= i; j++) row[j]! /= sum;
    row.fill(0, i + 1);
  }
  return p;
}

/** P · V of one head, into its columns of `mixed` [N, width]. */
function mixValues(p: Float32Array, v: Float32Array, n: number, dim: number, mixed: Float32Array, column: number): void {
  const columns = new Float32Array(n * dim);
  for (let j = 0; j < n; j++) for (let c = 0; c < dim; c++) columns[c * n + j] = v[j * dim + c]!;
  const o = matmul(p, columns, n, n, dim);
  const width = mixed.length / n;
  for (let i = 0; i < n; i++) mixed.set(o.subarray(i * dim, (i + 1) * dim), i * width + column);
}

function addInto(x: Float32Array, y: Float32Array): void {
  for (let i = 0; i < x.length; i++) x[i]! += y[i]!;
}

/** Adds one row to every row of x, in place. */
function addRow(x: Float32Array, row: Float32Array): Float32Array {
  for (let i = 0; i < x.length; i++) x[i]! += row[i % row.length]!;
  return x;
}
