// How many runs make a sample: as many as it takes until the clock in use reads it as long, found by trying.
import { AttnError } from '../errors';
import { lengthOf, type Method, type Sample } from './clock';

/** A sample that is meant to be long aims at this much more, so that a device which warms up does not make it short. */
export const HEADROOM = 1.25;
/** From one try to the next a batch grows at most so much: one reading says little where a fixed cost is most of it. */
const STEEPEST = 16;
/**
 * The largest batch, and the longest sample by the wall that is still grown for a clock that reads too little of it,
 * ms.
 */
const MOST = { runs: 1 << 17, wallMs: 1000 };
/** A clock that reads nothing of samples of so many times the wanted length, so often in a row, is no clock. */
const UNREADABLE = { times: 20, tries: 3 };

/** The next larger batch after one that read `ms`. */
export function grown(k: number, ms: number, targetMs: number): number {
  const factor = ms > 0 ? Math.min(STEEPEST, (HEADROOM * targetMs) / ms) : STEEPEST / 2;
  return Math.min(MOST.runs, Math.max(k + 1, Math.ceil(k * factor)));
}

export function stopIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AttnError('cancelled');
}

/**
 * Grows a batch until the clock reads it as long as wanted, with some headroom.
 * @param from runs that the first sample is made of, and that sample where there is one already
 * @returns undefined where the clock reads nothing, however long the sample
 * @throws AttnError `cancelled`
 */
export async function longEnough(
  run: (k: number) => Promise<Sample>,
  from: { k: number; sample?: Sample | undefined },
  clock: Method,
  targetMs: number,
  signal?: AbortSignal,
): Promise<number | undefined> {
  let { k } = from;
  let sample = from.sample ?? (await run(k));
  for (let unread = 0; ;) {
    stopIfAborted(signal);
    const ms = lengthOf(sample, clock);
    const goal = HEADROOM * targetMs;
    // A step up from a reading that was mostly fixed cost may be far too long.
    if (ms >= goal) return ms > 2 * goal ? Math.max(1, Math.ceil((k * goal) / ms)) : k;
    if (!(ms > 0) && sample.wall > UNREADABLE.times * targetMs) {
      if (++unread >= UNREADABLE.tries) return undefined;
    } else if (k >= MOST.runs || (clock === 'timestamp' && sample.wall > MOST.wallMs)) return ms > 0 ? k : undefined;
    else k = grown(k, ms, targetMs);
    sample = await run(k);
  }
}
