// Whether the page is visible and has the focus: otherwise it gets less of the machine, and its timings mean nothing.

export interface Presence {
  /** True when the page was visible and focused ever since the last call. */
  attended(): boolean;
  /** Resolves when the page is visible and focused. */
  untilAttended(): Promise<void>;
  /** Says that what is measured is not on screen, or that it is again: other views may move meanwhile. */
  away(is: boolean): void;
  dispose(): void;
}

/** Watches the page until disposed. */
export function watchPresence(): Presence {
  let gone = false;
  const looked = (): boolean => !gone && document.visibilityState === 'visible' && document.hasFocus();
  let undisturbed = looked();
  let wake: (() => void)[] = [];
  const over = new AbortController();
  const change = (): void => {
    if (!looked()) undisturbed = false;
    else {
      for (const go of wake) go();
      wake = [];
    }
  };
  document.addEventListener('visibilitychange', change, { signal: over.signal });
  addEventListener('focus', change, { signal: over.signal });
  addEventListener('blur', change, { signal: over.signal });
  return {
    attended() {
      const was = undisturbed && looked();
      undisturbed = looked();
      return was;
    },
    untilAttended: async () => {
      if (looked()) return;
      await new Promise<void>((resolve) => wake.push(resolve));
    },
    away(is) {
      gone = is;
      change();
    },
    dispose() {
      over.abort();
      for (const go of wake) go();
    },
  };
}
