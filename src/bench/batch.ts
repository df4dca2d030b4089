// Batch size: how many runs a sample needs until the clock in use reads it as long enough. Found by trying.
import { AttnError } from '../errors';
import { lengthOf, type Method, type Sample } from './clock';

/**
 * A sample aims at this much more than the wanted length, so that a device that gets faster when warm does not make it
 * short.
 */
export const HEADROOM = 1.25;
/**
 * From one try to the next the batch grows at most by this factor: a single reading is unreliable when most of it is a
 * fixed cost.
 */
const STEEPEST = 16;
/**
 * The largest batch; and the longest sample by wall clock (ms) that is still grown when the GPU's clock reads too
 * little of it.
 */
const MOST = { runs: 1 << 17, wallMs: 1000 };
/**
 * A clock counts as unreadable when it reads nothing from samples of this many times the wanted length, this often in a
 * row.
 */
const UNREADABLE = { times: 20, tries: 3 };

/** The next larger batch, after one that read `ms`. */
export function grown(k: number, ms: number, targetMs: number): number {
  const factor = ms > 0 ? Math.min(STEEPEST, (HEADROOM * targetMs) / ms) : STEEPEST / 2;
  return Math.min(MOST.runs, Math.max(k + 1, Math.ceil(k * factor)));
}

export function stopIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AttnError('cancelled');
}

/**
 * Grows a batch until the clock reads it as long as wanted, with some headroom.
 * @param from the size of the first batch, and its sample when there is one already
 * @returns undefined when the clock reads nothing, however long the sample
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
    // A reading that was mostly fixed cost may lead to a batch that is far too long.
    if (ms >= goal) return ms > 2 * goal ? Math.max(1, Math.ceil((k * goal) / ms)) : k;
    if (!(ms > 0) && sample.wall > UNREADABLE.times * targetMs) {
      if (++unread >= UNREADABLE.tries) return undefined;
    } else if (k >= MOST.runs || (clock === 'timestamp' && sample.wall > MOST.wallMs)) return ms > 0 ? k : undefined;
    else k = grown(k, ms, targetMs);
    sample = await run(k);
  }
}
