// A batch of requests over one pool, as a paged kernel is given it: what it must be, a request's keys in one piece, and
// its answer in f64.
import { AttnError } from '../../errors';
import type { attendRowF32 } from './f32';
import { attendRow } from './oracle';
import type { Shape } from './shape';

/** Where each request's keys lie and which query rows are its own; a scheduler's `kernelInputs` is one. */
export interface Batch {
  blockSize: number;
  /**
   * Physical block of each logical one: [requests, maxBlocks], row-major; entries past a request's last block are not
   * read.
   */
  blockTable: ArrayLike<number>;
  maxBlocks: number;
  /** Keys of each request, this step's tokens included. A request may have none. */
  sequenceLengths: ArrayLike<number>;
  /** [requests + 1]: where each request's query rows begin among those of all; they are its last tokens. */
  queryStarts: ArrayLike<number>;
}

/**
 * Attention of a batch over its pool. Causal: the last row of a request sees all of its keys, every row before it one
 * less.
 */
export interface PagedRequest {
  heads: number;
  /** Divides `heads`: as many for MHA, 1 for MQA, between them for GQA. */
  kvHeads: number;
  dim: number;
  /** Blocks of the pool. */
  blocks: number;
  batch: Batch;
  /** [heads, tokens, dim]: query rows of all requests, one request behind the other. */
  q: Float32Array;
  /** [blocks, kvHeads, blockSize, dim]. */
  kPool: Float32Array;
  vPool: Float32Array;
  /** 1 / sqrt(dim) when absent. */
  scale?: number;
  /**
   * Keys that a query sees at most, its own the last; all when absent. Blocks before them are not read, so the table
   * may have block 0 there.
   */
  window?: number;
}

/** O [heads, tokens, dim] and LSE [heads, tokens]. A row that sees nothing: O = 0, LSE <= -1e30. */
export interface PagedResult {
  o: Float32Array;
  lse: Float32Array;
}

/** Query rows of all requests. */
export const tokensOf = ({ queryStarts }: Batch): number => queryStarts[queryStarts.length - 1] ?? 0;

const invalid = (field: string, value: string | number, expected: string) =>
  new AttnError('shape-invalid', { field, value, expected });

function checkWhole(field: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most)
    throw invalid(field, String(value), `${least} … ${most}`);
}

/**
 * @throws AttnError `shape-invalid` (field, value, expected), `inputs-mismatch` (tensor, got, want),
 * `inputs-not-finite` (tensor, index)
 */
export function checkPaged(request: PagedRequest): void {
  const { heads, kvHeads, dim, blocks, batch, q, kPool, vPool, window } = request;
  const { blockSize, blockTable, maxBlocks, sequenceLengths, queryStarts } = batch;
  const count = sequenceLengths.length;
  if (heads % kvHeads !== 0) throw invalid('kvHeads', kvHeads, `${heads} / n`);
  checkWhole('blockSize', blockSize, 1, 65536);
  checkWhole('blocks', blocks, 1, 2 ** 22);
  if (window !== undefined) checkWhole('window', window, 1, 2 ** 30);
  checkWhole('blockTable', blockTable.length, count * maxBlocks, count * maxBlocks);
  checkWhole('queryStarts', queryStarts.length, count + 1, count + 1);
  checkWhole('queryStarts', queryStarts[0] ?? 0, 0, 0);
  for (let r = 0; r < count; r++) {
    checkWhole('queryStarts', queryStarts[r + 1]!, queryStarts[r]!, 2 ** 24);
    checkWhole('sequenceLengths', sequenceLengths[r]!, 0, maxBlocks * blockSize);
  }
  for (let i = 0; i < blockTable.length; i++) checkWhole('blockTable', blockTable[i]!, 0, blocks - 1);
  const pool = blocks * kvHeads * blockSize * dim;
  for (const [tensor, data, want] of [
    ['Q', q, heads * tokensOf(batch) * dim],
    ['K', kPool, pool],
    ['V', vPool, pool],
  ] as const) {
    if (data.length !== want) throw new AttnError('inputs-mismatch', { tensor, got: data.length, want });
  }
  const index = q.findIndex((x) => !Number.isFinite(x));
  if (index >= 0) throw new AttnError('inputs-not-finite', { tensor: 'Q', index });
}

/** Keys from .. to of a request out of a pool, in one piece: [kvHeads, to - from, dim]. */
export function gatherKeys(
  { kvHeads, dim, batch }: Pick<PagedRequest, 'kvHeads' | 'dim' | 'batch'>,
  pool: Float32Array,
  request: number,
  from: number,
  to: number,
): Float32Array {
  const { blockSize, blockTable, maxBlocks } = batch;
  const out = new Float32Array(kvHeads * (to - from) * dim);
  for (let key = from; key < to; key++) {
    const block = blockTable[request * maxBlocks + Math.floor(key / blockSize)] ?? 0;
    for (let h = 0; h < kvHeads; h++) {
      const at = ((block * kvHeads + h) * blockSize + (key % blockSize)) * dim;
      out.set(pool.subarray(at, at + dim), (h * (to - from) + key - from) * dim);
    }
  }
  return out;
}

/** The keys [from, to) that query row i of a request sees. */
export function keysOfRow(
  { batch, window = Infinity }: Pick<PagedRequest, 'batch' | 'window'>,
  request: number,
  i: number,
): [number, number] {
  const rows = batch.queryStarts[request + 1]! - batch.queryStarts[request]!;
  const to = Math.max(0, i + 1 + batch.sequenceLengths[request]! - rows);
  return [Math.max(0, to - window), to];
}

/**
 * The batch by the definition, from the pool through the table.
 * @param attend one row: in f64 and rounded to f32 at the end only, or `attendRowF32` for plain f32 arithmetic
 */
export function attendPaged(
  request: PagedRequest,
  attend: typeof attendRow | typeof attendRowF32 = attendRow,
): PagedResult {
  const { heads, kvHeads, dim, batch, q, kPool, vPool, scale } = request;
  const tokens = tokensOf(batch);
  const o = new Float32Array(heads * tokens * dim);
  const lse = new Float32Array(heads * tokens).fill(-1e30);
  for (let r = 0; r < batch.sequenceLengths.length; r++) {
    for (let row = batch.queryStarts[r]!; row < batch.queryStarts[r + 1]!; row++) {
      const [from, to] = keysOfRow(request, r, row - batch.queryStarts[r]!);
      if (to === from) continue;
      const shape: Shape = { batch: 1, heads, kvHeads, queries: 1, keys: to - from, dim, mask: 'full' };
      const [k, v] = [gatherKeys(request, kPool, r, from, to), gatherKeys(request, vPool, r, from, to)];
      const own = new Float32Array(heads * dim);
      for (let h = 0; h < heads; h++)
        own.set(q.subarray((h * tokens + row) * dim, (h * tokens + row + 1) * dim), h * dim);
      for (let h = 0; h < heads; h++) {
        const found = attend(shape, { q: own, k, v }, h, 0, scale);
        o.set(found.o, (h * tokens + row) * dim);
        lse[h * tokens + row] = found.lse;
      }
    }
  }
  return { o, lse };
}
