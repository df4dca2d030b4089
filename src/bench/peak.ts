// What the probes say of the machine: operations and bytes a second, from samples of known work.
import { MIN_STEPS, quantile, read, shortest, type Measured } from './stats';

/** A probe's samples, and the work of one run: operations, or bytes both ways. */
export interface Probed extends Measured {
  work: number;
  samples: number[];
}

/**
 * The samples behind a peak. `copy.work` are the bytes of both buffers together; `empty` are ms of an empty submit, by
 * the wall.
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
  /** Absent in results of before they were kept. */
  probes?: ProbeSamples;
}

/** Work a second, by the median. */
export const rateOf = ({ work, samples }: Probed): number => work / (quantile(read(samples), 0.5) / 1000);

/**
 * What the probes say; undefined where their samples are too few steps of the clock to say anything. @param step of the
 * clock, ms
 */
export function peakOf(probes: ProbeSamples, step: number): Peak | undefined {
  const { fma, copy, empty } = probes;
  if (!(Math.min(shortest(fma), shortest(copy)) >= MIN_STEPS * step)) return undefined;
  return { flops: rateOf(fma), bytes: rateOf(copy), nullMs: quantile(empty, 0.5), probes };
}
