// The statistics of a race: quantiles, paired ratios, and the verdict.

/** The quantile p (0..1) with linear interpolation; NaN without samples. */
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

/** The ratio a / b, paired by round: load on the machine slows both players of a round, and cancels. */
export function pairedRatio(a: readonly number[], b: readonly number[]): Spread {
  const ratios: number[] = [];
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x, y] = [a[i] ?? NaN, b[i] ?? NaN];
    if (x > 0 && y > 0) ratios.push(x / y);
  }
  return spread(ratios);
}

/** With fewer rounds there is no verdict. */
export const MIN_ROUNDS = 5;
/** A sample must last at least so many steps of its clock: below that, a run ten times as long may read the same. */
export const MIN_STEPS = 5;

/**
 * `first` or `second` is faster, or why neither is. `no-difference`: the ratio's range includes 1. `within-control`: it
 * does not, but is no further from 1 than the same kernel is from itself (A/A). `coarse-clock`: the clock's step is too
 * large for these samples. `too-few`: too few rounds.
 */
export type Verdict = 'first' | 'second' | 'no-difference' | 'within-control' | 'coarse-clock' | 'too-few';

/** The samples of a player, ms of a run, NaN when the clock could not be read; and how many runs each sample has. */
export interface Measured {
  samples: readonly number[];
  batch: number;
}

/** The clock of the samples. Its step limits what they can show. */
export interface ClockUsed {
  /**
   * The wall clock reads whole steps when the browser reports "done" only at their ends; every sample may then be off
   * by a step.
   */
  stepped: boolean;
  /** ms */
  step: number;
}

/** The samples that the clock could read. */
export const read = (samples: readonly number[]): number[] => samples.filter((x) => x > 0);

/** The shortest sample, ms; NaN when none could be read. */
export const shortest = ({ samples, batch }: Measured): number => quantile(read(samples), 0) * batch;

/** The band of the control: how far the same kernel was from itself, the larger deviation to both sides. */
export function controlBand({ p10, p90 }: Spread): { low: number; high: number } {
  const high = Math.max(p90, 1 / p10);
  return { low: 1 / high, high };
}

/**
 * The verdict: a kernel is faster only when p10 to p90 of the ratio lie completely outside the control's band, on its
 * side.
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

/** Two players of the same rounds: the paired ratio, and the verdict given the control and the clock's step. */
export function judge(
  first: Measured,
  second: Measured,
  control: Spread,
  clock: ClockUsed,
): { ratio: Spread; verdict: Verdict } {
  const ratio = pairedRatio(first.samples, second.samples);
  const steps = (of: Measured): number => shortest(of) / Math.max(clock.step, 1e-9);
  if (ratio.n >= MIN_ROUNDS && Math.min(steps(first), steps(second)) < MIN_STEPS)
    return { ratio, verdict: 'coarse-clock' };
  const blur = clock.stepped ? 1 / steps(first) + 1 / steps(second) : 0;
  return { ratio, verdict: verdictOf(ratio, control, blur) };
}
