// Does something once nothing has changed for a while. A change only notes the time: setting a timer at every step
// would cost more than the work it delays.

export interface Rest {
  /** Something changed: the wait begins anew. */
  restart(): void;
  stop(): void;
}

/** @param act called once, `ms` after the last change */
export function atRest(ms: number, act: () => void): Rest {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastRestart = 0;
  const look = (): void => {
    const left = lastRestart + ms - performance.now();
    timer = left > 0 ? setTimeout(look, left) : undefined;
    if (left <= 0) act();
  };
  return {
    restart() {
      lastRestart = performance.now();
      timer ??= setTimeout(look, ms);
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
