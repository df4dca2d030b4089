// Choices that were measured on this device, kept in the browser's local storage: a few dozen, the oldest give way. Without storage they last a session.
import type { Tuned } from './autotune';

/** The name under which the tuned choice plays beside the kernels. */
export const TUNED = 'tiled-tuned';

export type Choice = Pick<Tuned, 'best' | 'contenders'>;

export interface ChoiceStore {
  get(key: string): Choice | undefined;
  set(key: string, choice: Choice): void;
}

const NAME = 'attnscope-tuned-1';
const MOST = 48;

const isChoice = (value: unknown): value is Choice => {
  const { best, contenders } = (value ?? {}) as Partial<Choice>;
  return (
    typeof best?.kernel === 'string' && Number.isInteger(best.tile?.br) && Number.isInteger(best.tile?.bc) && Array.isArray(contenders)
  );
};

function read(storage: Storage | undefined): [string, unknown][] {
  try {
    const entries: unknown = JSON.parse(storage?.getItem(NAME) ?? '[]');
    return Array.isArray(entries)
      ? entries.filter((entry): entry is [string, unknown] => Array.isArray(entry) && typeof entry[0] === 'string')
      : [];
  } catch {
    return [];
  }
}

function localStorageOf(): Storage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined; // blocked by the browser
  }
}

/** Keeps choices. What a full or blocked storage does not take is kept until the page is closed. */
export function createChoiceStore(storage: Storage | undefined = localStorageOf()): ChoiceStore {
  const known = new Map(read(storage));
  return {
    get(key) {
      const choice = known.get(key);
      return isChoice(choice) ? choice : undefined;
    },
    set(key, choice) {
      known.delete(key);
      known.set(key, choice);
      for (const oldest of known.keys()) {
        if (known.size <= MOST) break;
        known.delete(oldest);
      }
      try {
        storage?.setItem(NAME, JSON.stringify([...known]));
      } catch {
        // Full: it is measured again next time.
      }
    },
  };
}
