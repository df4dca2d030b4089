// What the probes say about the machine: operations and bytes a second, from samples of known work.
import { MIN_STEPS, quantile, read, shortest, type Measured } from './stats';

/** A probe's samples, and the work of one run: operations, or bytes read and written. */
export interface Probed extends Measured {
  work: number;
  samples: number[];
}

/**
 * The samples behind a peak. `copy.work`: the bytes of both buffers together; `empty`: ms of an empty submit, by wall
 * clock.
 */
export interface ProbeSamples {
  fma: Probed;
  copy: Probed;
  empty: number[];
}

/** Measured peaks: f32 operations a second (multiply-adds, no tensor cores), bytes a second, ms of an empty submit. */
export interface Peak {
  flops: number;
  bytes: number;
  nullMs: number;
  /** Absent in older results, which did not keep it. */
  probes?: ProbeSamples;
}

/** Work a second, from the median sample. */
export const rateOf = ({ work, samples }: Probed): number => work / (quantile(read(samples), 0.5) / 1000);

/**
 * The peaks that the probes show; undefined when the samples have too few steps of the clock.
 * @param step of the clock, ms
 */
export function peakOf(probes: ProbeSamples, step: number): Peak | undefined {
  const { fma, copy, empty } = probes;
  if (!(Math.min(shortest(fma), shortest(copy)) >= MIN_STEPS * step)) return undefined;
  return { flops: rateOf(fma), bytes: rateOf(copy), nullMs: quantile(empty, 0.5), probes };
}
