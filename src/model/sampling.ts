// From logits to a token: penalty, temperature, top-k and top-p, in this order, and what is left to draw from. Sums run
// in f64.
import { mixSeed, mulberry32 } from '../ops/random';

export interface Sampling {
  /** What logits are divided by; 0 takes the likeliest token. */
  readonly temperature: number;
  /** Keeps so many tokens at most. */
  readonly topK?: number;
  /** Keeps the smallest set of the likeliest tokens whose probabilities, of those that top-k left, reach this. */
  readonly topP?: number;
  /** Tokens that occurred: a positive logit is divided by it, another multiplied (Keskar et al. 2019). 1 = none. */
  readonly penalty?: number;
  /** Top-k and top-p look at the probabilities at temperature 1, and the temperature follows. */
  readonly cutFirst?: boolean;
}

/** What a position's next token is drawn from. */
export interface Distribution {
  /** Token ids, likeliest first; of two alike the smaller id. */
  readonly order: Uint32Array;
  /** Probability by rank, after penalty and temperature, before the cut. */
  readonly p: Float64Array;
  /** How many of the first ranks may be drawn. */
  readonly kept: number;
  /** Their probability together: each is drawn with p / mass. */
  readonly mass: number;
}

/** Logits with those of the tokens that occurred made smaller. The given array itself where nothing changes. */
export function penalised(logits: Float32Array, occurred: Iterable<number>, penalty = 1): Float32Array {
  if (penalty === 1) return logits;
  const changed = logits.slice();
  for (const id of new Set(occurred)) changed[id] = logits[id]! > 0 ? logits[id]! / penalty : logits[id]! * penalty;
  return changed;
}

/** softmax(logits / temperature); at 0 the largest has all, and those alike share it. */
export function softmax(logits: ArrayLike<number>, temperature = 1): Float64Array {
  let max = -Infinity;
  for (let i = 0; i < logits.length; i++) max = Math.max(max, logits[i]!);
  const p = new Float64Array(logits.length);
  let sum = 0;
  for (let i = 0; i < p.length; i++) {
    const below = logits[i]! - max;
    sum += p[i] = temperature > 0 ? Math.exp(below / temperature) : below === 0 ? 1 : 0;
  }
  for (let i = 0; i < p.length; i++) p[i]! /= sum;
  return p;
}

/** How many of some probabilities, largest first, it takes until their sum reaches `share` of all of them. */
export function countToReach(sorted: ArrayLike<number>, share: number, among = sorted.length): number {
  let all = 0;
  for (let i = 0; i < among; i++) all += sorted[i]!;
  let sum = 0;
  // The last ones may be too small to add anything: at 1 none may be left out for that.
  if (share >= 1) return among;
  for (let i = 0; i < among; i++) if ((sum += sorted[i]!) >= share * all) return i + 1;
  return among;
}

function keptOf(sorted: ArrayLike<number>, { topK, topP }: Sampling): number {
  const among = Math.min(topK ?? sorted.length, sorted.length);
  return topP === undefined ? among : countToReach(sorted, topP, among);
}

/**
 * The distribution of the next token.
 * @param logits [vocabulary]
 * @param occurred the tokens so far, for the penalty
 */
export function distributionOf(
  logits: Float32Array,
  sampling: Sampling,
  occurred: Iterable<number> = [],
): Distribution {
  const scored = penalised(logits, occurred, sampling.penalty);
  const order = Uint32Array.from(scored.keys()).toSorted((a, b) => scored[b]! - scored[a]! || a - b);
  const sorted = Float32Array.from(order, (id) => scored[id]!);
  const p = softmax(sorted, sampling.temperature);
  const kept = keptOf(sampling.cutFirst ? softmax(sorted) : p, sampling);
  let mass = 0;
  for (let rank = 0; rank < kept; rank++) mass += p[rank]!;
  return { order, p, kept, mass };
}

/** Logits, largest first: what `keptOf` takes. */
export const sortedLogits = (logits: Float32Array): Float32Array => logits.toSorted().toReversed();

/** How many tokens may be drawn. @param sorted logits after the penalty, largest first */
export const keptCount = (sorted: Float32Array, sampling: Sampling): number =>
  keptOf(softmax(sorted, sampling.cutFirst ? 1 : sampling.temperature), sampling);

/** −Σ p ln p, in nats. */
export function entropy(p: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < p.length; i++) if (p[i]! > 0) sum -= p[i]! * Math.log(p[i]!);
  return sum;
}

/** −ln p of each token after the first, given those before it. @param logits [N, vocabulary] of N tokens */
export function lossesOf(logits: Float32Array, ids: ArrayLike<number>): Float32Array {
  const vocabulary = logits.length / ids.length;
  return Float32Array.from({ length: Math.max(0, ids.length - 1) }, (_, i) => {
    const row = logits.subarray(i * vocabulary, (i + 1) * vocabulary);
    let max = -Infinity;
    for (let id = 0; id < vocabulary; id++) max = Math.max(max, row[id]!);
    let sum = 0;
    for (let id = 0; id < vocabulary; id++) sum += Math.exp(row[id]! - max);
    return max + Math.log(sum) - row[ids[i + 1]!]!;
  });
}

/** How a token is drawn: the same seed and position give the same token. */
export interface Draw extends Sampling {
  readonly seed: number;
}

/**
 * The next token from its logits, and the probability that the model gave it (at temperature 1, without a penalty).
 * @param occurred the tokens so far, for the penalty
 */
export function drawToken(
  logits: Float32Array,
  position: number,
  draw: Draw,
  occurred: readonly number[] = [],
): { token: number; probability: number } {
  const scored = penalised(logits, occurred, draw.penalty);
  let best = 0;
  scored.forEach((logit, id) => {
    if (logit > scored[best]!) best = id;
  });
  const p = softmax(logits);
  const probabilityOf = (token: number) => ({ token, probability: p[token]! });
  if (draw.temperature === 0) return probabilityOf(best);
  const weights = Float64Array.from(scored, (logit) => Math.exp((logit - scored[best]!) / draw.temperature));
  if (draw.topK !== undefined || draw.topP !== undefined) {
    const { order, kept } = distributionOf(logits, draw, occurred);
    for (const id of order.subarray(kept)) weights[id] = 0;
  }
  let left = mulberry32(mixSeed(draw.seed, position))() * weights.reduce((a, b) => a + b, 0);
  for (let id = 0; id < weights.length; id++) {
    left -= weights[id]!;
    if (left < 0) return probabilityOf(id);
  }
  return probabilityOf(best);
}
