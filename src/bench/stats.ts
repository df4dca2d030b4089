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
/** How far the same kernel may be from itself (A/A) before no difference counts. */
export const CONTROL_TOLERANCE = 0.05;

/** `first` or `second` is the faster one; else why nobody is: nothing to be told apart, a control that was itself off, or too few rounds. */
export type Verdict = 'first' | 'second' | 'no-difference' | 'control-off' | 'too-few';

/** Whether the same kernel was too far from itself (A/A) for any verdict. */
export const isOff = ({ median }: Spread): boolean => Math.abs(median - 1) > CONTROL_TOLERANCE;

/** `ratio` = first / second, `control` = second / second again. */
export function verdictOf(ratio: Spread, control: Spread): Verdict {
  if (ratio.n < MIN_ROUNDS || control.n < MIN_ROUNDS) return 'too-few';
  if (isOff(control)) return 'control-off';
  if (ratio.p10 <= 1 && ratio.p90 >= 1) return 'no-difference';
  return ratio.median < 1 ? 'first' : 'second';
}
