// What may follow a step: a moment later, in a task of its own.

/** Ms in which steps may come one upon the other: two frames. */
const LATER_MS = 32;

/** Does the newest of what was asked for, so often at most. */
export function doLater(): { later(act: () => void): void; stop(): void } {
  let newest: (() => void) | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    later(act) {
      newest = act;
      timer ??= setTimeout(() => {
        timer = undefined;
        newest?.();
      }, LATER_MS);
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
      newest = undefined;
    },
  };
}
