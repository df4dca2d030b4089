// Tuned choices of this device in the browser's local storage: a few dozen, the oldest are dropped. Without storage
// they last until the page closes.
import { isMask } from '../../ops/sizes';
import type { Shape } from '../../ops/attention/shape';
import type { Run } from '../../ops/run';
import type { Method } from '../clock';

/** A kernel with one of its tiles. */
export type Variant = Pick<Run, 'kernel' | 'tile'>;

/** One variant that was raced: its time as a multiple of the fastest in the same race, paired by round. */
export interface Contender extends Variant {
  ratio: number;
  /** max |O - f64 oracle| after the race. */
  error: number;
}

/** The best variant of a race, with the race. */
export interface Choice {
  best: Variant;
  /** All variants that were raced, the fastest first. */
  contenders: readonly Contender[];
  /** How many variants there were; not all were raced. Absent in older choices. */
  able?: number;
  /** The shape that was raced: the given one, or a shorter one of the same kind. */
  raced: Shape;
  /** The clock of the race. */
  clock: Method;
  /** When, ISO 8601. */
  date: string;
}

export interface ChoiceStore {
  get(key: string): Choice | undefined;
  set(key: string, choice: Choice): void;
}

const NAME = 'attnscope-tuned-2';
const MOST = 48;

const isVariant = (value: Partial<Variant> | null | undefined): boolean =>
  typeof value?.kernel === 'string' && Number.isInteger(value.tile?.br) && Number.isInteger(value.tile?.bc);

/** Whether a value from storage or a file is a choice, in all parts that are shown. */
export const isChoice = (value: unknown): value is Choice => {
  const { best, contenders, able, raced, clock, date } = (value ?? {}) as Partial<Choice>;
  const { batch, heads, kvHeads, queries, keys, dim, mask } = (raced ?? {}) as Partial<Shape>;
  return (
    isVariant(best) &&
    Array.isArray(contenders) &&
    contenders.every(
      (one: Partial<Contender>) => isVariant(one) && Number.isFinite(one.ratio) && Number.isFinite(one.error),
    ) &&
    (able === undefined || Number.isInteger(able)) &&
    [batch, heads, kvHeads, queries, keys, dim].every((size) => Number.isInteger(size)) &&
    isMask(mask) &&
    (clock === 'timestamp' || clock === 'wall') &&
    !Number.isNaN(Date.parse(date ?? ''))
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

/** Stores choices. What a full or blocked storage refuses is kept until the page is closed. */
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
        // Full: it will be measured again next time.
      }
    },
  };
}
