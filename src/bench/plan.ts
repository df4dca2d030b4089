// How long a sweep will take, before and while it runs, and which kernels a point has to leave out to keep within its budget.
import { flops } from '../attention/cost';
import type { Mask, Shape } from '../attention/shape';
import type { Entrant } from './autotune-store';
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

/** What is known of a kernel's speed on this device: the latest measurement, and how long its text took to compile. */
export interface Pace {
  ms: number;
  flops: number;
  compileMs: number;
}

export type Paces = ReadonlyMap<string, Pace>;

/** Before anything was measured: a guess for the kind of device, on the slow side. */
const GUESS = {
  software: { flopsPerSecond: 0.6e9, compileMs: 1500 },
  hardware: { flopsPerSecond: 200e9, compileMs: 150 },
};

export const guess = (software: boolean): Pace => {
  const { flopsPerSecond, compileMs } = GUESS[software ? 'software' : 'hardware'];
  return { ms: 1000, flops: flopsPerSecond, compileMs };
};

/** Milliseconds a run of a shape should take: as many as its operations ask for at the pace seen. */
export const predict = (shape: Shape, pace: Pace): number => (pace.ms * flops(shape)) / pace.flops;

/** The probes take about so long a round: three samples of the shortest length, and some. */
const PROBES_MS = 4 * RACE.minSampleMs;

/** Milliseconds of `rounds` rounds: every kernel and the control, each no shorter than the shortest sample. */
export function roundsMs(rounds: number, runs: readonly number[]): number {
  const samples = runs.map((ms) => Math.max(ms, RACE.minSampleMs));
  // The control is one of them once more: the quickest, see sweep.ts.
  const control = samples.length > 0 ? Math.min(...samples) : 0;
  return rounds * (samples.reduce((sum, ms) => sum + ms, control) + PROBES_MS);
}

/** The fewest rounds that say something, with the warm-ups before them. */
const FEWEST = RACE.warmups + MIN_ROUNDS;

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
export function pointMs(shape: Shape, { kernels, budgetMs }: Plan, paceOf: (kernel: Entrant) => Pace): number {
  const predicted = new Map(kernels.map((kernel) => [kernel, predict(shape, paceOf(kernel))]));
  const { kept } = withinBudget(predicted, budgetMs);
  if (kept.length === 0) return 0;
  const runs = kept.map((kernel) => predicted.get(kernel) ?? 0);
  const compile = kept.reduce((sum, kernel) => sum + paceOf(kernel).compileMs, 0);
  return compile + roundsMs(RACE.warmups, runs) + Math.min(budgetMs, roundsMs(RACE.rounds, runs));
}

/** Milliseconds that these shapes of a plan should take. */
export function estimate(shapes: readonly Shape[], plan: Plan, paces: Paces, software: boolean): number {
  const unknown = guess(software);
  const paceOf = (kernel: Entrant): Pace => paces.get(kernel) ?? unknown;
  return shapes.reduce((sum, shape) => sum + pointMs(shape, plan, paceOf), 0);
}
