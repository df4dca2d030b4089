// What the Time lab is to measure: kernels, shapes, masks and the time it may take. One value, immutable; a link carries exactly this.
import { wholeIn } from '../shared/whole-in';
import type { Mask } from '../../ops/attention/shape';
import { TUNED, type Entrant } from '../../bench/entrant';
import type { Plan } from '../../bench/plan';
import { KERNELS } from '../../kernels';

/** A plan as a visitor sets it: lengths ascend, and one point (one N and mask, all kernels) may take `budget` seconds. */
export type TimeSettings = Omit<Plan, 'budgetMs'> & { budget: number };

/** What can be chosen, in the page's order. */
export const ENTRANTS: readonly Entrant[] = [...KERNELS.map(({ id }) => id), TUNED];

export const MASKS: readonly Mask[] = ['causal', 'full'];

/** Smallest and largest value of each number. */
export const timeRanges = {
  length: [1, 16384],
  batch: [1, 8],
  heads: [1, 32],
  kvHeads: [1, 32],
  dim: [1, 128],
  budget: [1, 60],
} as const satisfies Record<string, readonly [number, number]>;

/** The longest list of lengths. */
export const MOST_LENGTHS = 24;

/** Small enough to be over in half a minute on a CPU that plays GPU. */
export const defaultTime: TimeSettings = {
  kernels: ['naive', 'flash2'],
  masks: ['causal'],
  lengths: [64, 128, 256, 512],
  decoding: false,
  batch: 1,
  heads: 4,
  kvHeads: 4,
  dim: 64,
  budget: 20,
};

/** Lengths as a visitor types them, between spaces and punctuation; ascending, each once. Undefined where one is no number or out of range, or none is there. */
export function lengthsOf(text: string): number[] | undefined {
  const parts = text.split(/[\s,;.、，；。]+/).filter(Boolean);
  const lengths = parts.map((part) => wholeIn(part, timeRanges.length));
  const known = lengths.filter((n) => n !== undefined);
  if (known.length === 0 || known.length < parts.length) return undefined;
  const unique = [...new Set(known)].toSorted((a, b) => a - b);
  return unique.length <= MOST_LENGTHS ? unique : undefined;
}

/** How one key of a link is read into settings (undefined = not a valid value) and written (undefined = left out, as the default). */
interface TimeKey {
  read(text: string, into: TimeSettings): TimeSettings | undefined;
  write(from: TimeSettings): string | undefined;
}

/** Some of a list's words, in the list's order. */
function wordsKey(field: 'kernels' | 'masks', all: readonly string[]): TimeKey {
  return {
    read: (text, into) => {
      const given = text.split('.');
      const chosen = all.filter((one) => given.includes(one));
      return chosen.length > 0 && chosen.length === given.length ? { ...into, [field]: chosen } : undefined;
    },
    write: (from) => listed(from, field),
  };
}

/** A list as a link has it; undefined where it is the default. */
const listed = (from: TimeSettings, field: 'kernels' | 'masks' | 'lengths'): string | undefined => {
  const text = from[field].join('.');
  return text === defaultTime[field].join('.') ? undefined : text;
};

function numberKey(field: 'batch' | 'heads' | 'dim' | 'budget'): TimeKey {
  return {
    read: (text, into) => {
      const n = wholeIn(text, timeRanges[field]);
      if (n === undefined) return undefined;
      // Without a word on them there are as many KV heads as heads.
      return field === 'heads' ? { ...into, heads: n, kvHeads: n } : { ...into, [field]: n };
    },
    write: (from) => (from[field] === defaultTime[field] ? undefined : String(from[field])),
  };
}

/** The keys of a link, in the order in which they are read. */
export const timeKeys: Record<string, TimeKey> = {
  't.kernels': wordsKey('kernels', ENTRANTS),
  't.mask': wordsKey('masks', MASKS),
  't.n': {
    read: (text, into) => {
      const lengths = /^\d+(\.\d+)*$/.test(text) ? lengthsOf(text) : undefined;
      return lengths && { ...into, lengths };
    },
    write: (from) => listed(from, 'lengths'),
  },
  't.q': {
    read: (text, into) => (text === '1' ? { ...into, decoding: true } : undefined),
    write: ({ decoding }) => (decoding ? '1' : undefined),
  },
  't.batch': numberKey('batch'),
  't.heads': numberKey('heads'),
  't.kv': {
    read: (text, into) => {
      const kvHeads = wholeIn(text, timeRanges.kvHeads);
      return kvHeads !== undefined && into.heads % kvHeads === 0 ? { ...into, kvHeads } : undefined;
    },
    write: ({ heads, kvHeads }) => (kvHeads === heads ? undefined : String(kvHeads)),
  },
  't.d': numberKey('dim'),
  't.s': numberKey('budget'),
};
