// Predicts how long a sweep takes, before and while it runs, and which kernels a point must leave out to stay within
// its budget.
import { flops } from '../ops/attention/cost';
import type { Mask, Shape } from '../ops/attention/shape';
import type { Entrant } from './entrant';
import { HEADROOM } from './batch';
import { atLength } from './limits';
import { RACE } from './protocol';
import { MIN_ROUNDS } from './stats';

export interface Plan {
  /** In the page's order; at least one. */
  kernels: readonly Entrant[];
  masks: readonly Mask[];
  lengths: readonly number[];
  /** One query row over N keys, as in decoding; else as many queries as keys. */
  decoding: boolean;
  /** The sizes of the shape without lengths and mask. */
  batch: number;
  heads: number;
  /** Divides `heads`. */
  kvHeads: number;
  dim: number;
  /** The most time for the rounds of one point, ms. */
  budgetMs: number;
}

/** A single query is the last one, which sees every key under either mask: it is measured under one. */
const ONE_ROW: readonly Mask[] = ['causal'];

/** The shapes of a plan, small ones first, so that they help to predict the later ones. */
export function shapesOf({ lengths, masks, decoding, batch, heads, kvHeads, dim }: Plan): Shape[] {
  return lengths
    .toSorted((a, b) => a - b)
    .flatMap((n) =>
      (decoding ? ONE_ROW : masks).map((mask): Shape => ({
        batch,
        heads,
        kvHeads,
        queries: decoding ? 1 : n,
        keys: n,
        dim,
        mask,
      })),
    );
}

/** What is known about a kernel's speed on this device: how long its runs took, and its compile time. */
export interface Pace {
  /** In ascending order of operations, one run for each number of them. */
  runs: readonly { flops: number; ms: number }[];
  compileMs: number;
}

export type Paces = ReadonlyMap<string, Pace>;

/** A pace with one more run; it replaces an older one with as many operations. */
export function learned(pace: Pace | undefined, run: { flops: number; ms: number }, compileMs: number): Pace {
  const others = pace?.runs.filter((one) => one.flops !== run.flops) ?? [];
  return { runs: [...others, run].toSorted((a, b) => a.flops - b.flops), compileMs };
}

/** Used before anything was measured: a guess for the kind of device, rather too slow than too fast. */
const GUESS = {
  software: { flopsPerMs: 0.6e6, compileMs: 1500 },
  hardware: { flopsPerMs: 200e6, compileMs: 150 },
};

const guessFor = (software: boolean) => GUESS[software ? 'software' : 'hardware'];

/** Predicted milliseconds of a run: expected, least and most. */
export interface Prediction {
  ms: number;
  least: number;
  most: number;
}

/**
 * Predicts a run of a shape. A run has a fixed cost and a part that grows with its operations. Two runs determine both;
 * one run only gives bounds: all of it may be fixed, or all of it may grow.
 * @param software the kind of device, whose speed is guessed while nothing is known
 */
export function predict(shape: Shape, pace: Pace | undefined, software: boolean): Prediction {
  const f = flops(shape);
  const guessed = 1 / guessFor(software).flopsPerMs;
  const runs = pace?.runs ?? [];
  const above = runs.findIndex((run) => run.flops >= f);
  const shorter = runs.slice(0, above < 0 ? runs.length : above);
  const [before, below] = [shorter.at(-2), shorter.at(-1)];
  const [next, after] = above < 0 ? [] : [runs[above], runs[above + 1]];
  if (next?.flops === f) return { ms: next.ms, least: next.ms, most: next.ms };
  const from = below ?? next;
  if (!from) return { ms: f * guessed, least: 0, most: Infinity };
  const growing = (from.ms * f) / from.flops;
  const [least, most] = below
    ? [from.ms, next ? Math.max(from.ms, next.ms) : growing] // longer than one that was seen
    : [growing, from.ms];
  const pair = below ? [next ?? before, below] : [next, after];
  const ms = from.ms + (f - from.flops) * slopeOf(pair, guessed);
  return { ms: Math.min(most, Math.max(least, ms)), least, most };
}

/** Milliseconds for one operation, from two runs; a guess without two. */
function slopeOf([a, b]: readonly ({ flops: number; ms: number } | undefined)[], guessed: number): number {
  return a && b ? Math.max(0, (b.ms - a.ms) / (b.flops - a.flops)) : guessed;
}

/**
 * The longest length, up to that of the shape, at which even the slowest prediction stays within `mostMs`; 0 when there
 * is none.
 */
export function safeLength(
  shape: Shape,
  pace: Pace | undefined,
  software: boolean,
  decoding: boolean,
  mostMs: number,
): number {
  const safe = (n: number): boolean => predict(atLength(shape, n, decoding), pace, software).most <= mostMs;
  let [low, high] = [0, shape.keys];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (safe(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** About how long the probes take in a round: three samples of the shortest length, and some more. */
const PROBES_MS = 4 * RACE.minSampleMs;
/** The length that a sample aims at, ms. */
const SAMPLE_MS = HEADROOM * RACE.minSampleMs;

/** Milliseconds of `rounds` rounds: every kernel and the control, each at least as long as the shortest sample. */
export function roundsMs(rounds: number, runs: readonly number[]): number {
  const samples = runs.map((ms) => Math.max(ms, SAMPLE_MS));
  // The control runs the quickest kernel once more, see sweep.ts.
  const control = samples.length > 0 ? Math.min(...samples) : 0;
  return rounds * (samples.reduce((sum, ms) => sum + ms, control) + PROBES_MS);
}

/** The fewest rounds that allow a verdict, with their warm-ups. */
export const FEWEST = RACE.warmups + MIN_ROUNDS;

/** Whether a kernel that takes this long fits the budget when it is alone. */
export const fitsAlone = (ms: number, budgetMs: number): boolean => roundsMs(FEWEST, [ms]) <= budgetMs;

/**
 * Which kernels a point can have: the slowest are left out until the fewest rounds fit the budget.
 * @param predicted ms of a run, by kernel
 */
export function withinBudget(
  predicted: ReadonlyMap<Entrant, number>,
  budgetMs: number,
): { kept: Entrant[]; left: { kernel: Entrant; ms: number }[] } {
  const bySpeed = [...predicted].toSorted(([, a], [, b]) => a - b);
  const left: { kernel: Entrant; ms: number }[] = [];
  while (
    bySpeed.length > 0 &&
    roundsMs(
      FEWEST,
      bySpeed.map(([, ms]) => ms),
    ) > budgetMs
  ) {
    const [kernel, ms] = bySpeed.pop()!;
    left.push({ kernel, ms });
  }
  return { kept: bySpeed.map(([kernel]) => kernel), left };
}

/** Predicted milliseconds of a point: compiling, and as many rounds as fit the budget. */
export function pointMs(shape: Shape, { kernels, budgetMs }: Plan, paces: Paces, software: boolean): number {
  const predicted = new Map(kernels.map((kernel) => [kernel, predict(shape, paces.get(kernel), software).ms]));
  const { kept } = withinBudget(predicted, budgetMs);
  if (kept.length === 0) return 0;
  const runs = kept.map((kernel) => predicted.get(kernel) ?? 0);
  const compile = kept.reduce((sum, kernel) => sum + (paces.get(kernel) ?? guessFor(software)).compileMs, 0);
  return compile + roundsMs(RACE.warmups, runs) + Math.min(budgetMs, roundsMs(RACE.rounds, runs));
}

/** Predicted milliseconds for these shapes of a plan. */
export const estimate = (shapes: readonly Shape[], plan: Plan, paces: Paces, software: boolean): number =>
  shapes.reduce((sum, shape) => sum + pointMs(shape, plan, paces, software), 0);
