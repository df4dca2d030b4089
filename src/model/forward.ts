// The small transformer's forward pass in plain TypeScript f32: the numbers labelled "computed". The same arithmetic as
// `train/net.py`: pre-norm RMSNorm, rotary positions (half-split: dimension i turns with i + d/2), biases on Q and K
// only, causal softmax attention, GELU (tanh form), tied embedding.
import { AttnError } from '../errors';
import { addInto, embedded, feedForward, logitsOf, project, rotaryTable, type HeadInput } from './layers';
import { matmul } from './matmul';
import type { LayerWeights, ModelConfig, Weights } from './weights';

/** The attention of one head: row-major, row = token. */
export interface HeadState extends HeadInput {
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

/**
 * The same pass, pausing after every layer, so that a worker can notice a newer request. Arguments as for `forward`.
 */
export function* forwardSteps(
  weights: Weights,
  ids: ArrayLike<number>,
  positions?: readonly number[],
): Generator<number, Pass, void> {
  const { config } = weights;
  const { width } = config;
  const tokens = checkLength(ids.length, config);
  const x = embedded(weights, ids);
  const turn = rotaryTable(0, tokens, config);
  const heads: HeadState[][] = [];
  for (const [layer, parameters] of weights.layers.entries()) {
    heads.push(attend(x, parameters, config, turn));
    feedForward(x, parameters, config);
    yield layer;
  }
  const wanted = positions ?? [tokens - 1];
  const rows = new Float32Array(wanted.length * width);
  wanted.forEach((at, i) => rows.set(x.subarray(at * width, (at + 1) * width), i * width));
  return { tokens, heads, logits: logitsOf(rows, weights) };
}

/** @throws AttnError `text-empty`, `tokens-too-many` (details: count, limit) */
export function checkLength(tokens: number, { context }: ModelConfig): number {
  if (tokens === 0) throw new AttnError('text-empty');
  if (tokens > context) throw new AttnError('tokens-too-many', { count: tokens, limit: context });
  return tokens;
}

/** One attention block, added to `x` [N, width] in place. Returns the attention of each head. */
function attend(x: Float32Array, layer: LayerWeights, config: ModelConfig, turn: Float32Array): HeadState[] {
  const { width, dim } = config;
  const n = x.length / width;
  const mixed = new Float32Array(n * width);
  const states = project(x, layer, config, turn).map((state, head): HeadState => {
    const p = probabilities(state.q, state.k, n, dim);
    mixValues(p, state.v, n, dim, mixed, head * dim);
    return { ...state, p };
  });
  addInto(x, matmul(mixed, layer.out, n, width, width));
  return states;
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

/** P · V of one head, written to its columns of `mixed` [N, width]. */
function mixValues(
  p: Float32Array,
  v: Float32Array,
  n: number,
  dim: number,
  mixed: Float32Array,
  column: number,
): void {
  const columns = new Float32Array(n * dim);
  for (let j = 0; j < n; j++) for (let c = 0; c < dim; c++) columns[c * n + j] = v[j * dim + c]!;
  const o = matmul(p, columns, n, n, dim);
  const width = mixed.length / n;
  for (let i = 0; i < n; i++) mixed.set(o.subarray(i * dim, (i + 1) * dim), i * width + column);
}
