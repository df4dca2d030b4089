// The clock of playback: an animation frame loop that exists only while something plays, or while a held step waits for
// its capture.

/** Milliseconds that a step stands at speed 1: long enough to see it, lines quicker than phases. */
export const STEP_MS = { workgroup: 1200, tile: 1000, phase: 800, line: 260 } as const;

export interface Clock {
  start(): void;
  stop(): void;
}

/**
 * Calls `tick` every `interval()` ms while started, unless `waiting()`; the interval is asked for anew at each frame.
 */
export function createClock(interval: () => number, waiting: () => boolean, tick: () => void): Clock {
  let handle = 0;
  let since = 0;
  const turn = (now: number): void => {
    handle = requestAnimationFrame(turn);
    if (waiting()) since = now;
    if (now - since < interval()) return;
    since = now;
    tick();
  };
  return {
    start() {
      if (handle) return;
      since = performance.now();
      handle = requestAnimationFrame(turn);
    },
    stop() {
      cancelAnimationFrame(handle);
      handle = 0;
    },
  };
}
