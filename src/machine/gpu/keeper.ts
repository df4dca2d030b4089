// Keeps the one device of the page: opens it when it is wanted, tells of its loss, and gives up after two in a row.
import { AttnError } from '../../errors';
import type { Session } from './session';

/** Hands out the one session and opens a new one after a loss. */
export interface SessionKeeper {
  /**
   * The open session, or a new one. Throws what `openSession` throws, and `device-lost-again` when two devices in a row
   * were lost.
   */
  session(): Promise<Session>;
  /** Says that work came to its end on the present device: a later loss is a first one again. */
  settled(): void;
  /** Tries anew after `device-lost-again`. */
  reset(): void;
  close(): void;
}

/** Losses in a row after which no further device is opened by itself. */
const PATIENCE = 2;

/**
 * Keeps the one session of the page.
 * @param onLost told of every loss, with `device-lost` or, the second time in a row, `device-lost-again`
 */
export function keepSession(
  onLost: (error: AttnError) => void,
  onUncaptured?: (error: AttnError) => void,
): SessionKeeper {
  let current: Promise<Session> | undefined;
  let losses = 0;
  let last: AttnError | undefined;
  const watch = async (opening: Promise<Session>) => {
    const error = await (await opening).lost;
    if (current === opening) current = undefined;
    losses++;
    last = losses < PATIENCE ? error : new AttnError('device-lost-again', error.details);
    onLost(last);
  };
  return {
    session: () => {
      if (losses >= PATIENCE && last) return Promise.reject(last);
      if (!current) {
        // Its code comes when a device is wanted, beside the page's first picture.
        const opening = import('./session').then(({ openSession }) => openSession(onUncaptured));
        current = opening;
        watch(opening).catch(() => {
          // It never opened: who asked for it has the error; the next one to ask tries again.
          if (current === opening) current = undefined;
        });
      }
      return current;
    },
    settled: () => {
      losses = 0;
    },
    reset: () => {
      losses = 0;
    },
    close: () => {
      void current?.then((session) => session.close()).catch(() => undefined);
      current = undefined;
    },
  };
}
