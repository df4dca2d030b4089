// Whether somebody looks at the page: a hidden tab or a lost focus gets less of the machine, and what was timed meanwhile means nothing.

export interface Presence {
  /** True when the page was looked at ever since the last call. */
  attended(): boolean;
  /** Resolves when the page is looked at. */
  untilAttended(): Promise<void>;
  dispose(): void;
}

const looked = (): boolean => document.visibilityState === 'visible' && document.hasFocus();

/** Watches the page until disposed. */
export function watchPresence(): Presence {
  let undisturbed = looked();
  let wake: (() => void)[] = [];
  const gone = new AbortController();
  const change = (): void => {
    if (!looked()) undisturbed = false;
    else {
      for (const go of wake) go();
      wake = [];
    }
  };
  document.addEventListener('visibilitychange', change, { signal: gone.signal });
  addEventListener('focus', change, { signal: gone.signal });
  addEventListener('blur', change, { signal: gone.signal });
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
    dispose() {
      gone.abort();
      for (const go of wake) go();
    },
  };
}
