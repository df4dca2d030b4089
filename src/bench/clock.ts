// Clocks as they are here: the smallest step of each, found by reading it.
import { quantile } from './stats';

/** How a run's time was read: on the GPU's own clock, or from submit to done. */
export type Method = 'timestamp' | 'wall';

/** Milliseconds of a batch of runs: by the wall (submit to done) and, where the device has timestamps, on the GPU. */
export interface Sample {
  wall: number;
  gpu?: number;
}

/** What a clock reads of a sample, ms; NaN where it could not be read. */
export const lengthOf = ({ wall, gpu = NaN }: Sample, clock: Method): number => (clock === 'wall' ? wall : gpu > 0 ? gpu : NaN);

/** Smallest step of a clock, ms: the least positive difference over many readings. */
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

/** Readings of next to nothing, and the time after which no further one is taken. */
const TINY = { readings: 7, enoughMs: 450 };

/**
 * The step in which a browser tells "done", ms: as long as it takes to tell it of next to nothing. Some look only ten
 * times a second.
 * @param tiny submits next to nothing, and resolves with the ms until it was told
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
 * The step of timestamps, ms: the largest of which all readings are multiples, to a nanosecond. Chrome rounds to 100 us
 * unless told otherwise.
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
