/**
 * A workload is a generator of operations: what is asked of the pool, and when. It gets the state after each operation.
 */
import { mixSeed, mulberry32 } from '../../ops/random';
import type { Config, Operation, State } from '../types';

/**
 * Yields operations; the value of `yield` is the state after it, also when the operation was refused. When it returns,
 * the simulation goes on stepping until nothing is left to do.
 */
export type Play = Generator<Operation, void, State>;

export interface Workload {
  readonly id: string;
  /** The configuration that shows what the workload is about; all other fields are the default. */
  readonly config: Partial<Config>;
  /**
   * @param start the state before the first operation; its configuration may differ from `config`, a person can change
   * it
   */
  readonly play: (start: State) => Play;
}

export const STEP: Operation = { op: 'step' };

/** Steps until a condition holds, or `most` steps are done. */
export function* stepUntil(
  start: State,
  holds: (state: State) => boolean,
  most: number,
): Generator<Operation, State, State> {
  let state = start;
  for (let i = 0; i < most && !holds(state); i++) state = yield STEP;
  return state;
}

/**
 * The characters of a text as tokens, by code point. ASCII characters get the ids that the small model's tokenizer has
 * for bytes; Chinese characters get numbers above all of its ids.
 */
export const bytesOf = (text: string): number[] => Array.from(text, (letter) => letter.codePointAt(0) ?? 0);

/** A seeded generator of whole numbers, for arrivals and lengths. `stream` separates workloads with the same seed. */
export class SeededRandom {
  private readonly uniform: () => number;

  constructor(seed: number, stream: number) {
    this.uniform = mulberry32(mixSeed(seed, stream));
  }

  /** A number from low to high, each equally likely. */
  between(low: number, high: number): number {
    return low + Math.floor(this.uniform() * (high - low + 1));
  }

  /** Log-normal around `median`, clamped to low .. high: most are short, a few very long. */
  longTail(median: number, sigma: number, low: number, high: number): number {
    const normal = Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
    return Math.min(high, Math.max(low, Math.round(median * Math.exp(sigma * normal))));
  }

  /** Lowercase letters and spaces, as if typed. */
  text(length: number): number[] {
    return Array.from({ length }, () => (this.uniform() < 0.18 ? 32 : 97 + Math.floor(this.uniform() * 26)));
  }
}

/** A request that arrives before a given step, whether or not there is room. Lists of them are sorted by step. */
export interface Arrival {
  readonly step: number;
  readonly add: Extract<Operation, { op: 'add' }>;
}

/** Adds each request before its step. */
export function* open(start: State, arrivals: Iterable<Arrival>): Play {
  let state = start;
  for (const { step, add } of arrivals) {
    while (state.step < step) state = yield STEP;
    state = yield add;
  }
}
