// The clocks of this browser: the smallest step of each, found by reading it.
import { quantile } from './stats';

/** How a run was timed: by the GPU's own clock, or by wall clock from submit to done. */
export type Method = 'timestamp' | 'wall';

/**
 * Milliseconds of a batch of runs: by wall clock (submit to done) and, when the device has timestamps, by the GPU's
 * clock.
 */
export interface Sample {
  wall: number;
  gpu?: number;
}

/** The length of a sample by a clock, ms; NaN when it could not be read. */
export const lengthOf = ({ wall, gpu = NaN }: Sample, clock: Method): number =>
  clock === 'wall' ? wall : gpu > 0 ? gpu : NaN;

/** The smallest step of a clock, ms: the smallest positive difference over many readings. */
export function clockResolution(now: () => number = () => performance.now(), readings = 20_000): number {
  let least = Infinity;
  let last = now();
  for (let i = 0; i < readings; i++) {
    const t = now();
    if (t > last) least = Math.min(least, t - last);
    last = t;
  }
  return least === Infinity ? 0 : least;
}

/** How many tiny submits are timed, and the time (ms) after which no further one is. */
const TINY = { readings: 7, enoughMs: 450 };

/**
 * The step in which a browser reports "done", ms: how long it takes for almost no work. Some browsers look only ten
 * times a second.
 * @param tiny submits almost no work, and resolves with the ms until it was reported as done
 */
export async function doneStep(tiny: () => Promise<number>): Promise<number> {
  await tiny(); // comes somewhere within a step
  const readings: number[] = [];
  let spent = 0;
  while (readings.length < TINY.readings && spent < TINY.enoughMs) {
    const ms = await tiny();
    readings.push(ms);
    spent += ms;
  }
  return quantile(readings, 0.5);
}

/**
 * The step of timestamps, ms: the largest number that divides all readings, to a nanosecond. Chrome rounds to 100 us by
 * default.
 */
export function commonStep(readings: readonly number[]): number {
  let step = 0;
  for (const ms of readings) {
    let [a, b] = [Math.round(ms * 1e6), step];
    while (b > 0) [a, b] = [b, a % b];
    step = a;
  }
  return step / 1e6;
}
