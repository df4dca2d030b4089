// How long a sweep will take, before and while it runs, and which kernels a point has to leave out to keep within its
// budget.
import { flops } from '../ops/attention/cost';
import type { Mask, Shape } from '../ops/attention/shape';
import type { Entrant } from './entrant';
import { HEADROOM } from './batch';
import { atLength } from './limits';
import { RACE } from './protocol';
import { MIN_ROUNDS } from './stats';

export interface Plan {
  /** In the page's order, at least one. */
  kernels: readonly Entrant[];
  masks: readonly Mask[];
  lengths: readonly number[];
  /** One query row over N keys, as when a token is generated; else as many queries as keys. */
  decoding: boolean;
  /** Sizes without lengths and mask. */
  batch: number;
  heads: number;
  /** Divides `heads`. */
  kvHeads: number;
  dim: number;
  /** Most time for the rounds of one point, ms. */
  budgetMs: number;
}

/** The last query sees every key under either mask: one row is measured under one of them. */
const ONE_ROW: readonly Mask[] = ['causal'];

/** The shapes of a plan, small ones first, so that what is measured predicts what comes. */
export function shapesOf({ lengths, masks, decoding, batch, heads, kvHeads, dim }: Plan): Shape[] {
  return lengths
    .toSorted((a, b) => a - b)
    .flatMap((n) =>
      (decoding ? ONE_ROW : masks).map((mask): Shape => ({ batch, heads, kvHeads, queries: decoding ? 1 : n, keys: n, dim, mask })),
    );
}

/** What is known of a kernel's speed on this device: how long runs of it took, and its text to compile. */
export interface Pace {
  /** Ascending by operations, each number of them once. */
  runs: readonly { flops: number; ms: number }[];
  compileMs: number;
}

export type Paces = ReadonlyMap<string, Pace>;

/** A pace with one more run; an older one of as many operations gives way. */
export function learned(pace: Pace | undefined, run: { flops: number; ms: number }, compileMs: number): Pace {
  const others = pace?.runs.filter((one) => one.flops !== run.flops) ?? [];
  return { runs: [...others, run].toSorted((a, b) => a.flops - b.flops), compileMs };
}

/** Before anything was measured: a guess for the kind of device, on the slow side. */
const GUESS = {
  software: { flopsPerMs: 0.6e6, compileMs: 1500 },
  hardware: { flopsPerMs: 200e6, compileMs: 150 },
};

const guessFor = (software: boolean) => GUESS[software ? 'software' : 'hardware'];

/**
 * Milliseconds of a run, as far as runs that were seen tell: what it should take, and what it takes at least and at
 * most.
 */
export interface Prediction {
  ms: number;
  least: number;
  most: number;
}

/**
 * How long a run of a shape should take. A run has a fixed cost and a part that grows with its operations. Two runs
 * tell both; one run only bounds: all of it may be the fixed cost, or all of it may grow.
 * @param software the kind of device, whose growth is guessed where nothing tells it
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

/** Milliseconds an operation between two runs, or what is guessed where there are no two. */
function slopeOf([a, b]: readonly ({ flops: number; ms: number } | undefined)[], guessed: number): number {
  return a && b ? Math.max(0, (b.ms - a.ms) / (b.flops - a.flops)) : guessed;
}

/**
 * The longest length up to that of a shape at which even the slowest that a pace allows stays within `mostMs`; 0 where
 * none does.
 */
export function safeLength(shape: Shape, pace: Pace | undefined, software: boolean, decoding: boolean, mostMs: number): number {
  const safe = (n: number): boolean => predict(atLength(shape, n, decoding), pace, software).most <= mostMs;
  let [low, high] = [0, shape.keys];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (safe(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The probes take about so long a round: three samples of the shortest length, and some. */
const PROBES_MS = 4 * RACE.minSampleMs;
/** A sample aims at so much. */
const SAMPLE_MS = HEADROOM * RACE.minSampleMs;

/** Milliseconds of `rounds` rounds: every kernel and the control, each no shorter than the shortest sample. */
export function roundsMs(rounds: number, runs: readonly number[]): number {
  const samples = runs.map((ms) => Math.max(ms, SAMPLE_MS));
  // The control is one of them once more: the quickest, see sweep.ts.
  const control = samples.length > 0 ? Math.min(...samples) : 0;
  return rounds * (samples.reduce((sum, ms) => sum + ms, control) + PROBES_MS);
}

/** The fewest rounds that say something, with the warm-ups before them. */
export const FEWEST = RACE.warmups + MIN_ROUNDS;

/** Whether a kernel that takes so long could have a point for itself. */
export const fitsAlone = (ms: number, budgetMs: number): boolean => roundsMs(FEWEST, [ms]) <= budgetMs;

/**
 * Which of these kernels a point can have: the slowest are left out until the fewest rounds fit the budget.
 * @param predicted ms a run, by kernel
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

/** Milliseconds that a point should take: compiling, and as many rounds as fit the budget. */
export function pointMs(shape: Shape, { kernels, budgetMs }: Plan, paces: Paces, software: boolean): number {
  const predicted = new Map(kernels.map((kernel) => [kernel, predict(shape, paces.get(kernel), software).ms]));
  const { kept } = withinBudget(predicted, budgetMs);
  if (kept.length === 0) return 0;
  const runs = kept.map((kernel) => predicted.get(kernel) ?? 0);
  const compile = kept.reduce((sum, kernel) => sum + (paces.get(kernel) ?? guessFor(software)).compileMs, 0);
  return compile + roundsMs(RACE.warmups, runs) + Math.min(budgetMs, roundsMs(RACE.rounds, runs));
}

/** Milliseconds that these shapes of a plan should take. */
export const estimate = (shapes: readonly Shape[], plan: Plan, paces: Paces, software: boolean): number =>
  shapes.reduce((sum, shape) => sum + pointMs(shape, plan, paces, software), 0);
