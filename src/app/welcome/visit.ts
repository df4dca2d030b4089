// Whether somebody has been here before. The words of a first visit are shown until they were used or closed once; this
// browser remembers that, and nothing else.
const NAME = 'attnscope-visited';

export interface Visit {
  /** Nothing is remembered of an earlier visit. */
  readonly first: boolean;
  /** From now on it is not the first any more. */
  over(): void;
}

/** A storage that is blocked, full or missing remembers nothing: then each visit is the first. */
export function readVisit(
  storage: () => Pick<Storage, 'getItem' | 'setItem'> | undefined = () => globalThis.localStorage,
): Visit {
  const attempt = <T>(act: () => T): T | undefined => {
    try {
      return act();
    } catch {
      return undefined;
    }
  };
  return {
    first: (attempt(() => storage()?.getItem(NAME)) ?? null) === null,
    over: () => {
      attempt(() => storage()?.setItem(NAME, '1'));
    },
  };
}
