// What a visitor has chosen in the Step lab: the kernel and the problem. One value, immutable; the URL says exactly
// this.
import type { Mask, Shape } from '../ops/attention/shape';
import { slopesOf } from '../ops/sizes';
import type { Tile } from '../ops/run';
import type { Language } from '../words';
import { cardById, opOf } from '../kernels';
import { OPENING } from '../kernels/defaults';
import { sameSources, type Layout, type Sources } from '../tensors/sources';

/**
 * Where Q, K and V come from: a head of the small model reading a text, the seeded generator, or the visitor's own
 * files.
 */
export type InputKind = 'text' | 'seed' | 'file';

export interface Choice {
  kernel: string;
  input: InputKind;
  /** The sentence; undefined = the default passage. */
  text: string | undefined;
  /** The language of the default passage; undefined = the page's. */
  passage: Language | undefined;
  /** Layer and head of the model; undefined = the model's default. */
  layer: number | undefined;
  head: number | undefined;
  /** The generator's problem. `queries` undefined = one for a kernel made for decoding, else as many as keys. */
  seed: number;
  keys: number;
  queries: number | undefined;
  /**
   * Whether one query stands where nobody says how many; absent = as the kernel is made for. Two runs that are compared
   * agree.
   */
  oneQuery?: boolean;
  dim: number;
  heads: number;
  kvHeads: number | undefined;
  batch: number;
  /** Which tensor of which file is Q, K and V. */
  tensors: Sources;
  /** Which size of them is heads and which tokens; undefined = the likeliest. */
  layout: Layout | undefined;
  /** Which of the batch * heads planes the views show. */
  plane: number;
  mask: Mask;
  /** Scores are capped at it; undefined = they are not. */
  softcap: number | undefined;
  /** Whether scores lose ALiBi's bias, by the paper's slopes. */
  alibi: boolean | undefined;
  /** Undefined = the one on the kernel's card that suits shape and device. */
  tile: Tile | undefined;
}

export const defaultChoice: Choice = {
  kernel: OPENING,
  input: 'text',
  text: undefined,
  passage: undefined,
  layer: undefined,
  head: undefined,
  seed: 1,
  keys: 128,
  queries: undefined,
  dim: 32,
  heads: 2,
  kvHeads: undefined,
  batch: 1,
  tensors: {},
  layout: undefined,
  plane: 0,
  mask: 'causal',
  softcap: undefined,
  alibi: undefined,
  tile: undefined,
};

/** The longest sentence that fits a link, in characters. */
export const TEXT_LIMIT = 2000;

/** Smallest and largest value of every number that a visitor may type. */
export const ranges = {
  layer: [0, 63],
  head: [0, 63],
  seed: [0, 0xffffffff],
  keys: [1, 4096],
  queries: [1, 4096],
  dim: [1, 128],
  heads: [1, 16],
  kvHeads: [1, 16],
  batch: [1, 4],
  plane: [0, 63],
} as const satisfies Record<string, readonly [number, number]>;

export type NumberField = keyof typeof ranges;

/** Whether a choice has one query row where it does not say how many. */
export const opensWithOne = ({ kernel, oneQuery }: Pick<Choice, 'kernel' | 'oneQuery'>): boolean =>
  oneQuery ?? cardById(kernel).decoding ?? false;

/** The mask of a choice; where each row stands by itself there is none. */
export const maskOf = ({ kernel, mask }: Pick<Choice, 'kernel' | 'mask'>): Mask =>
  opOf({ kernel }).rowwise ? 'full' : mask;

/** Smallest and largest softcap. */
export const SOFTCAPS = [0.001, 1e6] as const;

/** A text as a softcap, where it is one. */
export function softcapOf(text: string): number | undefined {
  const softcap = /^\d{1,7}(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
  return softcap >= SOFTCAPS[0] && softcap <= SOFTCAPS[1] ? softcap : undefined;
}

/**
 * What of a choice changes the scores of some heads: all that there are, or those from `first` on. Nothing where each
 * row stands by itself.
 */
export function scoresOf(
  { kernel, softcap, alibi }: Pick<Choice, 'kernel' | 'softcap' | 'alibi'>,
  heads: number,
  all = heads,
  first = 0,
): Pick<Shape, 'softcap' | 'alibi'> {
  if (opOf({ kernel }).rowwise) return {};
  return {
    ...(softcap !== undefined && { softcap }),
    ...(alibi && { alibi: slopesOf(all).slice(first, first + heads) }),
  };
}

/** The generator's shape, unchecked. */
export function seededShape(choice: Choice): Shape {
  const { batch, heads, kvHeads, keys, dim } = choice;
  const queries = choice.queries ?? (opensWithOne(choice) ? 1 : keys);
  const sizes = { batch, heads, kvHeads: kvHeads ?? heads, queries, keys, dim };
  return { ...sizes, mask: maskOf(choice), ...scoresOf(choice, heads) };
}

/**
 * What of a choice each kind of input looks at, beside kernel, mask, softcap, ALiBi and tile (and for files the tensors): a run is the
 * same where that is, and a link says that.
 */
export const used = {
  text: ['text', 'passage', 'layer', 'head'],
  seed: ['seed', 'keys', 'queries', 'dim', 'heads', 'kvHeads', 'batch'],
  file: [],
} as const satisfies Record<InputKind, readonly (keyof Choice)[]>;

/** Whether two choices ask for the same capture. */
export function sameProblem(a: Choice, b: Choice): boolean {
  const same = (key: keyof Choice): boolean => a[key] === b[key];
  if (!(['kernel', 'input', 'mask', 'softcap', 'alibi'] as const).every(same) || !used[a.input].every(same))
    return false;
  if (opensWithOne(a) !== opensWithOne(b)) return false;
  if (a.tile?.br !== b.tile?.br || a.tile?.bc !== b.tile?.bc) return false;
  return a.input !== 'file' || (a.layout === b.layout && sameSources(a.tensors, b.tensors));
}
