// The statistics of a race: quantiles, paired ratios, and what may be concluded from them.

/** Linear-interpolated quantile, p in 0..1; NaN for no samples. */
export function quantile(samples: readonly number[], p: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * p;
  const lo = sorted[Math.floor(at)] ?? NaN;
  const hi = sorted[Math.ceil(at)] ?? lo;
  return lo + (hi - lo) * (at - Math.floor(at));
}

export interface Spread {
  median: number;
  p10: number;
  p90: number;
  n: number;
}

/** Median with p10 and p90. */
export const spread = (samples: readonly number[]): Spread => ({
  median: quantile(samples, 0.5),
  p10: quantile(samples, 0.1),
  p90: quantile(samples, 0.9),
  n: samples.length,
});

/** Round by round a / b: load on the machine hits both players of a round and cancels. */
export function pairedRatio(a: readonly number[], b: readonly number[]): Spread {
  const ratios: number[] = [];
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x, y] = [a[i] ?? NaN, b[i] ?? NaN];
    if (x > 0 && y > 0) ratios.push(x / y);
  }
  return spread(ratios);
}

/** Fewer rounds than this say nothing. */
export const MIN_ROUNDS = 5;
/** A sample of fewer steps of its clock says nothing: what is ten times as long may read the same. */
export const MIN_STEPS = 5;

/**
 * `first` or `second` is the faster one; else why nobody is: the ratio spans 1; it does not, but is no further from 1
 * than the same kernel is from itself (A/A); the clock's step is too large for these samples; or there were too few
 * rounds.
 */
export type Verdict = 'first' | 'second' | 'no-difference' | 'within-control' | 'coarse-clock' | 'too-few';

/**
 * The samples of a player, ms a run, NaN where the clock could not be read, and how many runs each sample was made of.
 */
export interface Measured {
  samples: readonly number[];
  batch: number;
}

/** The clock that samples were read by. Its step decides what they can tell. */
export interface ClockUsed {
  /**
   * In whole steps: by the wall, where the browser tells "done" at the end of one; a sample may then be off by a step,
   * round after round.
   */
  stepped: boolean;
  /** ms */
  step: number;
}

/** Samples that the clock could read. */
export const read = (samples: readonly number[]): number[] => samples.filter((x) => x > 0);

/** The shortest sample, ms by its clock; NaN where it read none. */
export const shortest = ({ samples, batch }: Measured): number => quantile(read(samples), 0) * batch;

/** How far the same kernel was from itself, to either side: the control's p10 to p90, and the same upside down. */
export function controlBand({ p10, p90 }: Spread): { low: number; high: number } {
  const high = Math.max(p90, 1 / p10);
  return { low: 1 / high, high };
}

/**
 * Who is faster: only where p10 to p90 of the ratio lies wholly outside what the control did, to that side.
 * @param ratio first / second
 * @param control second / second again
 * @param blur how much the clock's step may have changed the ratio, as a share of it
 */
export function verdictOf(ratio: Spread, control: Spread, blur = 0): Exclude<Verdict, 'coarse-clock'> {
  if (ratio.n < MIN_ROUNDS || control.n < MIN_ROUNDS) return 'too-few';
  const { low, high } = controlBand(control);
  if (ratio.p90 * (1 + blur) < low) return 'first';
  if (ratio.p10 / (1 + blur) > high) return 'second';
  return ratio.p10 <= 1 && ratio.p90 >= 1 ? 'no-difference' : 'within-control';
}

/** Two players of the same rounds: their ratio, paired, and what it says beside the control and the clock's step. */
export function judge(first: Measured, second: Measured, control: Spread, clock: ClockUsed): { ratio: Spread; verdict: Verdict } {
  const ratio = pairedRatio(first.samples, second.samples);
  const steps = (of: Measured): number => shortest(of) / Math.max(clock.step, 1e-9);
  if (ratio.n >= MIN_ROUNDS && Math.min(steps(first), steps(second)) < MIN_STEPS) return { ratio, verdict: 'coarse-clock' };
  const blur = clock.stepped ? 1 / steps(first) + 1 / steps(second) : 0;
  return { ratio, verdict: verdictOf(ratio, control, blur) };
}
