// Keys and values in a pool of blocks: where a request's rows lie, and the pool of a problem whose K and V are given in
// one piece.
import { mixSeed, mulberry32 } from '../random';
import type { Inputs, Shape } from './shape';

/**
 * Where the keys and values of requests lie in a pool of `blocks` blocks, each [kvHeads, size, dim]. Block 0 is the
 * null block and belongs to nobody.
 *
 * Without `lengths` every sequence of the batch is a request of `keys` keys, K and V of the inputs are in one piece,
 * and kernels that read a pool get them laid into one by this table. With `lengths` K and V of the inputs are the pools
 * themselves.
 */
export interface Pages {
  /** Slots of a block. */
  size: number;
  blocks: number;
  /**
   * Physical block of each logical one: [requests, width], row-major; entries past a request's last block are not read,
   * but must be blocks all the same.
   */
  table: readonly number[];
  width: number;
  /**
   * Keys of each request, its new tokens included: 0 to `keys` of the shape and to width * size. K and V of the inputs
   * are then pools [blocks, kvHeads, size, dim]. Absent: `keys` of the shape, for all of them. Only for kernels that
   * read a pool.
   */
  lengths?: readonly number[];
  /**
   * [requests + 1]: where each request's query rows begin among all [batch * queries] of them, and their end: from 0
   * on, never falling. A request's rows are its last tokens; rows behind the last request see nothing. `queries` rows
   * each when absent. Only for kernels that read a pool.
   */
  starts?: readonly number[];
  /**
   * A query sees its own position and the `window` - 1 before it, at least 1; all when absent. Causal only, and only
   * for kernels that read a pool.
   */
  window?: number;
}

/** Block size where nobody says another. */
const PAGE = 16;
/**
 * The same for everybody, so that a link shows the same table; this one leaves no block of a short sequence at its own
 * number.
 */
const TABLE_SEED = 870;
/** What lies in slots that nobody wrote: finite, and ruinous for an answer that it gets into. */
const POISON = { K: 3e18, V: 3e38 } as const;

/**
 * Tensors of a pool. Table is [requests, width]; Requests is (first query row, keys) of each request, and (number of
 * rows, 0) at the end; both u32.
 */
export type PoolTensor = 'KPool' | 'VPool' | 'Table' | 'Requests';

/** Whether a tensor is one of a pool. */
export const isPoolTensor = (id: string): id is PoolTensor =>
  id === 'KPool' || id === 'VPool' || id === 'Table' || id === 'Requests';

/** Whether K and V of a shape's inputs are pools already. */
export const isPooled = ({ pages }: Pick<Shape, 'pages'>): boolean => pages?.lengths !== undefined;

/**
 * Whether a shape says more of its requests than where their blocks lie: kernels that read no pool cannot follow it.
 */
export const asksForPool = ({ pages }: Pick<Shape, 'pages'>): boolean =>
  pages !== undefined && (pages.lengths ?? pages.starts ?? pages.window) !== undefined;

/** Requests that have a table. */
export const requestsOf = ({ table, width }: Pages): number => (width === 0 ? 0 : table.length / width);

const scattered = new WeakMap<Shape, Pages>();

/**
 * The shape's own pages, or else blocks of 16 whose order in the pool is shuffled, with some between them that nobody
 * owns.
 */
export function pagesOf(shape: Shape): Pages {
  const pages = shape.pages ?? scattered.get(shape) ?? scatter(shape.batch, shape.keys, PAGE);
  if (!shape.pages) scattered.set(shape, pages);
  return pages;
}

/**
 * Pages of `requests` requests of `keys` keys each: physical blocks in a seeded random order, one block in eight
 * unused.
 */
export function scatter(requests: number, keys: number, size: number, seed = TABLE_SEED): Pages {
  const width = Math.ceil(keys / size);
  const needed = requests * width;
  const blocks = 1 + needed + Math.ceil(needed / 8);
  const order = Array.from({ length: blocks - 1 }, (_, i) => i + 1);
  const uniform = mulberry32(mixSeed(seed, needed));
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(uniform() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return { size, blocks, table: order.slice(0, needed), width };
}

/** Sizes of a pool tensor. */
export function poolExtent(tensor: PoolTensor, shape: Shape): { planes: number; rows: number; cols: number } {
  const pages = pagesOf(shape);
  if (tensor === 'Table') return { planes: 1, rows: requestsOf(pages), cols: pages.width };
  if (tensor === 'Requests') return { planes: 1, rows: requestsOf(pages) + 1, cols: 2 };
  return { planes: pages.blocks * shape.kvHeads, rows: pages.size, cols: shape.dim };
}

/** K or V of a shape with requests of equal length, laid into its pool; poison where nothing lies. */
function poolOf(shape: Shape, data: Float32Array, poison: number): Float32Array {
  const { kvHeads, keys, dim } = shape;
  const { size, blocks, table, width } = pagesOf(shape);
  const pool = new Float32Array(blocks * kvHeads * size * dim).fill(poison);
  for (let plane = 0; plane < shape.batch * kvHeads; plane++) {
    const request = Math.floor(plane / kvHeads);
    for (let from = 0; from < keys; from += size) {
      const block = table[request * width + from / size] ?? 0;
      const rows = data.subarray((plane * keys + from) * dim, (plane * keys + Math.min(from + size, keys)) * dim);
      pool.set(rows, (block * kvHeads + (plane % kvHeads)) * size * dim);
    }
  }
  return pool;
}

/** Requests as the kernel reads it. */
function requestWords(shape: Shape): Uint32Array {
  const pages = pagesOf(shape);
  const count = requestsOf(pages);
  const words = new Uint32Array(2 * (count + 1));
  for (let r = 0; r <= count; r++) {
    words[2 * r] = pages.starts?.[r] ?? r * shape.queries;
    if (r < count) words[2 * r + 1] = pages.lengths?.[r] ?? shape.keys;
  }
  return words;
}

/**
 * A pool tensor's words: of the table and the requests always, of K and V from those of a shape whose requests are
 * equally long.
 */
export function poolData(
  tensor: PoolTensor,
  shape: Shape,
  inputs: Pick<Inputs, 'k' | 'v'>,
): Float32Array | Uint32Array {
  switch (tensor) {
    case 'KPool':
      return isPooled(shape) ? inputs.k : poolOf(shape, inputs.k, POISON.K);
    case 'VPool':
      return isPooled(shape) ? inputs.v : poolOf(shape, inputs.v, POISON.V);
    case 'Table':
      return Uint32Array.from(pagesOf(shape).table);
    case 'Requests':
      return requestWords(shape);
  }
}

const logical = new WeakMap<Pages, Map<number, number>>();

/** The logical number of a physical block, by the first request that has it; undefined for a block that nobody has. */
export function logicalBlock(pages: Pages, block: number): number | undefined {
  let known = logical.get(pages);
  if (!known) {
    known = new Map();
    for (const [i, physical] of pages.table.entries()) if (!known.has(physical)) known.set(physical, i % pages.width);
    logical.set(pages, known);
  }
  return known.get(block);
}
