// Something to do once nothing has moved for a while. A step only notes the time: a timer that is set anew at every
// step costs more than what it waits for.

export interface Rest {
  /** Something moved: it is to rest as long again. */
  restart(): void;
  stop(): void;
}

/** @param act called once after each stretch of stirring, `ms` after the last of it */
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
