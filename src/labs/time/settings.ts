// What the Time lab is to measure: kernels, shapes, masks and the time it may take. One value, immutable; a link
// carries exactly this.
import { parseWhole } from '../../ui/parse-whole';
import type { Mask } from '../../ops/attention/shape';
import { TUNED, type Entrant } from '../../bench/entrant';
import type { Plan } from '../../bench/plan';
import { KERNELS, otherKernel, peersOf } from '../../kernels';
import { OPENING } from '../../kernels/defaults';

/**
 * A plan as a visitor sets it: lengths ascend, and one point (one N and mask, all kernels) may take `budget` seconds.
 */
export type TimeSettings = Omit<Plan, 'budgetMs'> & { budget: number };

/** What can be chosen, in the page's order. */
export const ENTRANTS: readonly Entrant[] = [...KERNELS.map(({ id }) => id), TUNED];

/** What may race with what is chosen: kernels of one op, and the tuned choice where that is the op that is tuned. */
export function entrantsBeside(kernels: readonly Entrant[]): readonly Entrant[] {
  const first = kernels.find((id) => id !== TUNED) ?? OPENING;
  const peers: readonly Entrant[] = peersOf(first).map(({ id }) => id);
  return peers.includes(OPENING) ? [...peers, TUNED] : peers;
}

/** Masks without numbers. Others come from a link, or are typed. */
export const MASKS: readonly Mask[] = ['causal', 'full', 'causal-top-left'];

/** Masks beside those, and the most of them there may be. */
export const othersOf = (masks: readonly Mask[]): Mask[] => masks.filter((mask) => !MASKS.includes(mask));
export const MOST_OTHERS = 4;

/** In the page's order: those without numbers first. */
export const ordered = (masks: readonly Mask[]): Mask[] => [
  ...MASKS.filter((mask) => masks.includes(mask)),
  ...othersOf(masks),
];

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
  kernels: [otherKernel(OPENING), OPENING],
  masks: ['causal'],
  lengths: [64, 128, 256, 512],
  decoding: false,
  batch: 1,
  heads: 4,
  kvHeads: 4,
  dim: 64,
  budget: 20,
};

/**
 * Lengths as a visitor types them, between spaces and punctuation; ascending, each once. Undefined where one is no
 * number or out of range, or none is there.
 */
export function lengthsOf(text: string): number[] | undefined {
  const parts = text.split(/[\s,;.、，；。]+/).filter(Boolean);
  const lengths = parts.map((part) => parseWhole(part, timeRanges.length));
  const known = lengths.filter((n) => n !== undefined);
  if (known.length === 0 || known.length < parts.length) return undefined;
  const unique = [...new Set(known)].toSorted((a, b) => a - b);
  return unique.length <= MOST_LENGTHS ? unique : undefined;
}
