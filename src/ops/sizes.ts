// The sizes that every op is given, and what follows from them alone: which keys a query sees, and which head of K and
// V it reads.

/**
 * Which keys a query may see. `causal` is aligned bottom-right, as FlashAttention's and PyTorch's causal_lower_right: row
 * i sees keys j <= i + keys - queries. `causal-top-left` is causal_upper_left: keys j <= i. `window-L-R` is
 * FlashAttention's window_size = (L, R), aligned bottom-right: L keys before the row's own and R after it, `all` for -1.
 * `prefix-P`: the first P keys, and as a causal row (a prefix LM).
 */
export type Mask = 'full' | 'causal' | 'causal-top-left' | `window-${Side}-${Side}` | `prefix-${number}`;
type Side = number | 'all';

/** Masks with their numbers, each up to 99999. */
const MASK = /^(full|causal|causal-top-left|window(-(all|0|[1-9]\d{0,4})){2}|prefix-[1-9]\d{0,4})$/;

/** Whether a value is a mask, written in the one way there is. */
export const isMask = (value: unknown): value is Mask => typeof value === 'string' && MASK.test(value);

/** A text as a mask, where it is one. */
export const maskOf = (text: string): Mask | undefined => (isMask(text) ? text : undefined);

/** Of row i, whose own key is `own`: it sees the keys from own - left to own + right, and all before `prefix`. */
interface Band {
  topLeft: boolean;
  left: number;
  right: number;
  prefix: number;
}

const bands: Partial<Record<Mask, Band>> = {};

/** A mask in numbers. */
export function bandOf(mask: Mask): Band {
  const [kind, a, b] = mask.split('-');
  const side = (text = 'all'): number => (text === 'all' ? Infinity : Number(text));
  return (bands[mask] ??= {
    topLeft: a === 'top',
    left: kind === 'window' ? side(a) : Infinity,
    right: kind === 'window' ? side(b) : kind === 'full' ? Infinity : 0,
    prefix: kind === 'prefix' ? Number(a) : 0,
  });
}

/**
 * Sizes of one problem, of which each op uses some. What is laid out like Q is [batch, heads, queries, dim], like K
 * [batch, kvHeads, keys, dim]; row-major.
 */
export interface Sizes {
  batch: number;
  heads: number;
  /** Query head h reads KV head floor(h / (heads / kvHeads)). */
  kvHeads: number;
  queries: number;
  keys: number;
  dim: number;
  mask: Mask;
  /** A scaled score s becomes softcap * tanh(s / softcap), as in Gemma 2; it stays as it is when absent. */
  softcap?: number;
  /**
   * ALiBi: the slope of each query head, as FlashAttention's alibi_slopes. A score loses its head's slope times the
   * distance of query and key; nothing when absent. The paper's slopes are `slopesOf`.
   */
  alibi?: readonly number[];
}

/** Slopes of a power of two of heads: 2^-8 is the last, and each the same factor below the one before. */
const geometric = (heads: number): number[] => Array.from({ length: heads }, (_, h) => 2 ** ((-8 * (h + 1)) / heads));

/**
 * ALiBi's slopes by the paper, as f32 holds them: geometric from 2^(-8 / heads) to 2^-8; where heads are no power of two,
 * those of the power below, and every second one of the power above (Press et al. 2022, and their code).
 */
export function slopesOf(heads: number): number[] {
  const below = 2 ** Math.floor(Math.log2(heads));
  const between = geometric(2 * below).filter((_, h) => h % 2 === 0);
  return [...geometric(below), ...between.slice(0, heads - below)].map(Math.fround);
}

/** The plane of K and V that query plane `plane` (= batch index * heads + head) reads. */
export function kvPlane(plane: number, { heads, kvHeads }: Pick<Sizes, 'heads' | 'kvHeads'>): number {
  const batch = Math.floor(plane / heads);
  const head = plane % heads;
  return batch * kvHeads + Math.floor(head / (heads / kvHeads));
}

/** The factor that scores are scaled by where the caller names none: 1 / sqrt(dim). */
export const defaultScale = ({ dim }: Pick<Sizes, 'dim'>): number => 1 / Math.sqrt(dim);

/** Whether a row may see none of the keys before some key: the keys that it sees have a lower end. */
export const hasWindow = (mask: Mask): boolean => mask.startsWith('window');

/** What the keys that a row sees follow from. */
export type Masked = Pick<Sizes, 'mask' | 'queries' | 'keys'>;

/** The key of a row's own: the last query's is the last key, whatever the mask. Below 0 where queries are more than keys. */
export const ownKey = ({ queries, keys }: Pick<Sizes, 'queries' | 'keys'>, i: number): number => i + keys - queries;

/** How far the key of a row's own is from the row's number. */
const shiftOf = ({ mask, queries, keys }: Masked): number => (bandOf(mask).topLeft ? 0 : keys - queries);

/** The first key that query row i sees: it sees those from here on and before `keysSeen`. */
export const keysFrom = (masked: Masked, i: number): number =>
  Math.max(0, i + shiftOf(masked) - bandOf(masked.mask).left);

/** The end of the keys that query row i sees. Where `keysFrom` is 0, how many they are. */
export function keysSeen(masked: Masked, i: number): number {
  const { right, prefix } = bandOf(masked.mask);
  return Math.min(masked.keys, Math.max(0, prefix, i + 1 + shiftOf(masked) + right));
}

/** Whether query row i sees key j under the mask. */
export const sees = (masked: Masked, i: number, j: number): boolean =>
  j >= keysFrom(masked, i) && j < keysSeen(masked, i);

/** The first query row that sees key j, or a key after it; `queries` or more where none does. */
export function firstSeeing(masked: Masked, j: number): number {
  const { right, prefix } = bandOf(masked.mask);
  return j < prefix ? 0 : Math.max(0, j - shiftOf(masked) - right);
}

/** The end of the query rows that see key j, or a key before it. */
export const rowsSeeing = (masked: Masked, j: number): number =>
  Math.min(masked.queries, Math.max(0, j + 1 - shiftOf(masked) + bandOf(masked.mask).left));

/** Pairs (query, key) of one plane that the mask lets through: the row counts added up. */
export function visiblePairs(masked: Masked): number {
  const { mask, queries, keys } = masked;
  if (mask === 'full') return queries * keys;
  if (mask === 'causal') {
    // The last row sees all keys, every row above it one less, down to none.
    const rows = Math.min(queries, keys);
    return rows * keys - (rows * (rows - 1)) / 2;
  }
  let pairs = 0;
  for (let i = 0; i < queries; i++) pairs += keysSeen(masked, i) - keysFrom(masked, i);
  return pairs;
}

/** Rows of what is laid out like Q, over all planes. */
export const rowsOf = ({ batch, heads, queries }: Pick<Sizes, 'batch' | 'heads' | 'queries'>): number =>
  batch * heads * queries;
