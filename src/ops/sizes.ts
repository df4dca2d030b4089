// The sizes that every op is given, and what follows from them alone: which keys a query sees, and which head of K and
// V it reads.

/** Which keys a query may see. Causal is aligned bottom-right: row i sees keys j <= i + keys - queries. */
export type Mask = 'full' | 'causal';

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
}

/** The plane of K and V that query plane `plane` (= batch index * heads + head) reads. */
export function kvPlane(plane: number, { heads, kvHeads }: Pick<Sizes, 'heads' | 'kvHeads'>): number {
  const batch = Math.floor(plane / heads);
  const head = plane % heads;
  return batch * kvHeads + Math.floor(head / (heads / kvHeads));
}

/** The factor that scores are scaled by where the caller names none: 1 / sqrt(dim). */
export const defaultScale = ({ dim }: Pick<Sizes, 'dim'>): number => 1 / Math.sqrt(dim);

/** Whether query row i sees key j under the mask. */
export function sees({ mask, queries, keys }: Pick<Sizes, 'mask' | 'queries' | 'keys'>, i: number, j: number): boolean {
  return mask === 'full' || j <= i + keys - queries;
}

/** How many keys query row i sees. They are the first so many. */
export function keysSeen({ mask, queries, keys }: Pick<Sizes, 'mask' | 'queries' | 'keys'>, i: number): number {
  return mask === 'full' ? keys : Math.min(keys, Math.max(0, i + 1 + keys - queries));
}

/** The first query row that sees key j; all rows after it see it, too. */
export function firstSeeing({ mask, queries, keys }: Pick<Sizes, 'mask' | 'queries' | 'keys'>, j: number): number {
  return mask === 'full' ? 0 : Math.max(0, j + queries - keys);
}

/** Pairs (query, key) of one plane that the mask lets through: the row counts added up. */
export function visiblePairs({ mask, queries, keys }: Pick<Sizes, 'mask' | 'queries' | 'keys'>): number {
  if (mask === 'full') return queries * keys;
  // The last row sees all keys, every row above it one less, down to none.
  const rows = Math.min(queries, keys);
  return rows * keys - (rows * (rows - 1)) / 2;
}

/** Rows of what is laid out like Q, over all planes. */
export const rowsOf = ({ batch, heads, queries }: Pick<Sizes, 'batch' | 'heads' | 'queries'>): number =>
  batch * heads * queries;
