// The small transformer's forward pass in plain TypeScript f32: the numbers labelled "computed". The same arithmetic as
// `train/net.py`: pre-norm RMSNorm, rotary positions (half-split: dimension i turns with i + d/2), biases on Q and K
// only, causal softmax attention, GELU (tanh form), tied embedding. Options change one thing or another of it.
import { AttnError } from '../errors';
import {
  addInto,
  embedded,
  feedForward,
  logitsOf,
  project,
  rotaryTable,
  type HeadInput,
  type RoundInput,
} from './layers';
import { dot, matmul } from './matmul';
import { checkOptions, type PassOptions } from './options';
import { roundAll, roundCache, roundRows, roundWeights } from './rounding';
import type { LayerWeights, ModelConfig, Weights } from './weights';

/** The attention of one head: row-major, row = token. */
export interface HeadState extends HeadInput {
  /** [N, N] attention probabilities; under the causal mask zero above the diagonal. */
  readonly p: Float32Array;
}

/** Root mean squares of the residual stream, token by token. */
export interface Stream {
  /** [1 + 2 layers][N]: the embedding, then the stream after attention and after the FFN of each layer. */
  readonly rms: readonly Float32Array[];
  /** [2 layers][N]: of what attention and FFN of each layer added. */
  readonly added: readonly Float32Array[];
}

export interface Pass {
  /** N, the number of tokens. */
  readonly tokens: number;
  /** [layer][head], of the layers that ran */
  readonly heads: readonly (readonly HeadState[])[];
  readonly stream: Stream;
  /** [positions asked for, vocabulary], row-major. */
  readonly logits: Float32Array;
}

/**
 * Runs the whole model.
 * @param ids token ids, 1 to `context` of them
 * @param positions whose next-token logits are wanted; the last one by default
 * @throws AttnError `text-empty`, `tokens-too-many`, `shape-invalid` for options that the model cannot take, or
 * `unexpected` for an id outside the vocabulary
 */
export function forward(
  weights: Weights,
  ids: ArrayLike<number>,
  positions?: readonly number[],
  options?: PassOptions,
): Pass {
  const steps = forwardSteps(weights, ids, positions, options);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/**
 * The same pass, pausing after every layer, so that a worker can notice a newer request. Arguments as for `forward`.
 */
export function* forwardSteps(
  given: Weights,
  ids: ArrayLike<number>,
  positions?: readonly number[],
  options: PassOptions = {},
): Generator<number, Pass, void> {
  const { config } = given;
  const { width } = config;
  const tokens = checkLength(ids.length, config);
  checkOptions(options, config);
  const weights = options.weights ? roundWeights(given, options.weights) : given;
  const round = rounderOf(options, tokens);
  const x = embedded(weights, ids);
  const turn = turnOf(options, tokens, config);
  const heads: HeadState[][] = [];
  const stream = { rms: [rmsOf(x, width)], added: [] as Float32Array[] };
  const note = (update: Float32Array): void => {
    stream.added.push(rmsOf(update, width));
    stream.rms.push(rmsOf(x, width));
  };
  for (const [layer, parameters] of weights.layers.slice(0, options.layers).entries()) {
    const attention = attend(x, parameters, config, { turn, round, options, layer });
    heads.push(attention.heads);
    note(attention.update);
    note(feedForward(x, parameters, config, round));
    yield layer;
  }
  const wanted = positions ?? [tokens - 1];
  const rows = new Float32Array(wanted.length * width);
  wanted.forEach((at, i) => rows.set(x.subarray(at * width, (at + 1) * width), i * width));
  return { tokens, heads, stream, logits: logitsOf(rows, weights) };
}

/** @throws AttnError `text-empty`, `tokens-too-many` (details: count, limit) */
export function checkLength(tokens: number, { context }: ModelConfig): number {
  if (tokens === 0) throw new AttnError('text-empty');
  if (tokens > context) throw new AttnError('tokens-too-many', { count: tokens, limit: context });
  return tokens;
}

/** What the inputs of matrix products go through; undefined where nothing is rounded. */
function rounderOf({ activations }: PassOptions, tokens: number): RoundInput | undefined {
  if (!activations) return undefined;
  const { bits, per } = activations;
  return per === 'token' ? (x) => roundRows(x, x.length / tokens, bits) : (x) => roundAll(x, bits);
}

function turnOf({ rope = 0 }: PassOptions, tokens: number, config: ModelConfig): Float32Array {
  if (rope !== 'off') return rotaryTable(rope, tokens, config);
  // An angle of 0 everywhere: cosine 1, sine 0.
  return Float32Array.from({ length: tokens * config.dim }, (_, i) => 1 - (i % 2));
}

/** Root mean square of each row of x [N, width]. */
function rmsOf(x: Float32Array, width: number): Float32Array {
  return Float32Array.from({ length: x.length / width }, (_, i) =>
    Math.sqrt(dot(x, i * width, x, i * width, width) / width),
  );
}

interface Attending {
  turn: Float32Array;
  round: RoundInput | undefined;
  options: PassOptions;
  layer: number;
}

/** One attention block, added to `x` [N, width] in place. Returns the attention of each head, and what was added. */
function attend(
  x: Float32Array,
  parameters: LayerWeights,
  config: ModelConfig,
  { turn, round, options, layer }: Attending,
): { heads: HeadState[]; update: Float32Array } {
  const { width, dim } = config;
  const n = x.length / width;
  const mixed = new Float32Array(n * width);
  const inputs = project(x, parameters, config, turn, round);
  const shared = options.groups === undefined ? inputs : poolHeads(inputs, options.groups);
  if (options.kv) roundCache(shared, dim, options.kv);
  const scale = options.scale ?? 1 / Math.sqrt(dim);
  const heads = shared.map((state, head): HeadState => {
    const p = probabilities(state.q, state.k, n, dim, scale, options.mask);
    const silent = options.ablate?.some((one) => one.layer === layer && one.head === head);
    if (!silent) mixValues(p, state.v, n, dim, mixed, head * dim);
    return { ...state, p };
  });
  const update = matmul(round ? round(mixed) : mixed, parameters.out, n, width, width);
  addInto(x, update);
  return { heads, update };
}

/** Heads in `groups` groups of neighbours, each with copies of its group's mean K and V. */
function poolHeads(heads: readonly HeadInput[], groups: number): HeadInput[] {
  const size = heads.length / groups;
  const mean = (name: 'k' | 'v', group: number): Float32Array => {
    const members = heads.slice(group * size, (group + 1) * size);
    return members[0]![name].map((_, i) => members.reduce((sum, head) => sum + head[name][i]!, 0) / size);
  };
  return heads.map(({ q }, head) => {
    const group = Math.floor(head / size);
    return { q, k: mean('k', group), v: mean('v', group) };
  });
}

/** softmax(scale Q Kᵀ) under the mask, [N, N]. */
function probabilities(
  q: Float32Array,
  k: Float32Array,
  n: number,
  dim: number,
  scale: number,
  mask: PassOptions['mask'],
): Float32Array {
  const p = matmul(q, k, n, dim, n);
  for (let i = 0; i < n; i++) {
    const row = p.subarray(i * n, (i + 1) * n);
    const last = mask === 'full' ? n - 1 : i;
    let max = -Infinity;
    for (let j = 0; j <= last; j++) max = Math.max(max, row[j]! * scale);
    let sum = 0;
    for (let j = 0; j <= last; j++) sum += row[j] = Math.exp(row[j]! * scale - max);
    for (let j = 0; j <= last; j++) row[j]! /= sum;
    row.fill(0, last + 1);
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
