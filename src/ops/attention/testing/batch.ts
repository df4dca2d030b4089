// For tests: seeded batches whose keys are known in one piece, scattered over a pool that is poison everywhere else.
import { gatherKeys, keysOfRow, tokensOf, type Batch, type PagedRequest, type PagedResult } from '../batch';
import { attendRow } from '../oracle';
import type { Pages } from '../pages';
import { mixSeed, mulberry32 } from '../../random';
import type { Inputs, Shape } from '../shape';

export interface BatchCase {
  heads: number;
  kvHeads: number;
  dim: number;
  size: number;
  /** Keys and new query rows of each request. */
  requests: readonly { length: number; rows: number }[];
  /** Requests 0 and 1 share their first block, as after the same prompt. */
  shared?: boolean;
  window?: number;
  seed: number;
}

/** A request over a scattered pool, and each request's K and V in one piece: [kvHeads, length, dim]. */
export interface MadeBatch {
  request: PagedRequest;
  whole: { k: Float32Array; v: Float32Array }[];
}

const MAX_BLOCKS = 8;

/** Finite, and ruinous for an answer that it gets into. */
const POISON = { k: 3e18, v: 3e38 };

export function batchOf({ heads, kvHeads, dim, size, requests, shared = false, window, seed }: BatchCase): MadeBatch {
  const uniform = mulberry32(mixSeed(seed, 7));
  const number = () => Math.sqrt(12) * (uniform() - 0.5);
  const blocks = 1 + requests.length * MAX_BLOCKS;
  const unused = Array.from({ length: blocks - 1 }, (_, i) => i + 1);
  const take = () => unused.splice(Math.floor(uniform() * unused.length), 1)[0]!;
  const pools = {
    k: new Float32Array(blocks * kvHeads * size * dim).fill(POISON.k),
    v: new Float32Array(blocks * kvHeads * size * dim).fill(POISON.v),
  };
  const blockTable = new Int32Array(requests.length * MAX_BLOCKS);
  const whole = requests.map(({ length }) => ({
    k: Float32Array.from({ length: kvHeads * length * dim }, number),
    v: Float32Array.from({ length: kvHeads * length * dim }, number),
  }));
  const queryStarts = Int32Array.from([
    0,
    ...requests.map((_, r) => requests.slice(0, r + 1).reduce((n, { rows }) => n + rows, 0)),
  ]);
  const batch = {
    blockSize: size,
    blockTable,
    maxBlocks: MAX_BLOCKS,
    sequenceLengths: requests.map(({ length }) => length),
    queryStarts,
  };
  requests.forEach(({ length, rows }, r) => {
    for (let logical = 0; logical * size < length; logical++) {
      const common = shared && r === 1 && logical === 0;
      // What no row of the request sees any more has slid out: the null block stands there.
      const gone = window !== undefined && (logical + 1) * size <= length - rows + 1 - window;
      const block = gone ? 0 : common ? blockTable[0]! : take();
      blockTable[r * MAX_BLOCKS + logical] = block;
      for (let key = logical * size; key < Math.min((logical + 1) * size, length); key++) {
        for (let h = 0; h < kvHeads; h++) {
          const at = ((block * kvHeads + h) * size + (key % size)) * dim;
          for (const side of ['k', 'v'] as const) {
            const own = whole[r]![side].subarray((h * length + key) * dim, (h * length + key + 1) * dim);
            if (common) own.set(pools[side].subarray(at, at + dim));
            else if (!gone) pools[side].set(own, at);
          }
        }
      }
    }
  });
  const q = Float32Array.from({ length: heads * tokensOf(batch) * dim }, number);
  const request: PagedRequest = {
    heads,
    kvHeads,
    dim,
    blocks,
    batch,
    q,
    kPool: pools.k,
    vPool: pools.v,
    ...(window !== undefined && { window }),
  };
  return { request, whole };
}

/** A batch as a shape with pages, and its inputs: what the kernel `paged` runs, and window.attnscope takes. */
export function asShape({ heads, kvHeads, dim, blocks, batch, q, kPool, vPool, window }: PagedRequest): {
  shape: Shape;
  inputs: Inputs;
} {
  const { blockSize, blockTable, maxBlocks, sequenceLengths, queryStarts } = batch;
  const pages: Pages = {
    size: blockSize,
    blocks,
    table: Array.from(blockTable),
    width: maxBlocks,
    lengths: Array.from(sequenceLengths),
    starts: Array.from(queryStarts),
    ...(window !== undefined && { window }),
  };
  const shape: Shape = {
    batch: 1,
    heads,
    kvHeads,
    queries: tokensOf(batch),
    keys: maxBlocks * blockSize,
    dim,
    mask: 'causal',
    pages,
  };
  return { shape, inputs: { q, k: kPool, v: vPool } };
}

/**
 * The largest error of a result, relative to 1 + |want|, against f64 from the keys in one piece; rows that see nothing
 * must be exactly empty.
 */
export function errorOfBatch({ request, whole }: MadeBatch, { o, lse }: PagedResult): number {
  const { heads, kvHeads, dim, batch, q } = request;
  const tokens = tokensOf(batch);
  let worst = 0;
  const compare = (got: number, want: number): void => {
    const error = Math.abs(got - want) / (1 + Math.abs(want));
    if (!(error <= worst)) worst = Number.isNaN(error) ? Infinity : error;
  };
  whole.forEach(({ k, v }, r) => {
    const length = batch.sequenceLengths[r]!;
    for (let row = batch.queryStarts[r]!; row < batch.queryStarts[r + 1]!; row++) {
      const [from, to] = keysOfRow(request, r, row - batch.queryStarts[r]!);
      for (let head = 0; head < heads; head++) {
        const at = head * tokens + row;
        if (to === from) {
          if (o.subarray(at * dim, (at + 1) * dim).some((x) => x !== 0) || !(lse[at]! <= -1e30)) worst = Infinity;
          continue;
        }
        const base = Math.floor(head / (heads / kvHeads)) * length;
        const seen = (of: Float32Array) => of.subarray((base + from) * dim, (base + to) * dim);
        const shape = { batch: 1, heads: 1, kvHeads: 1, queries: 1, keys: to - from, dim, mask: 'full' } as const;
        const want = attendRow(shape, { q: q.subarray(at * dim, (at + 1) * dim), k: seen(k), v: seen(v) }, 0, 0);
        want.o.forEach((x, c) => compare(o[at * dim + c]!, x));
        compare(lse[at]!, want.lse);
      }
    }
  });
  return worst;
}

/**
 * The same batch without paging: each request's keys and values copied into one piece as long as the longest request
 * could grow, [requests, kvHeads, length, dim], as an allocator without blocks reserves them.
 */
export function inOnePiece(request: PagedRequest): PagedRequest {
  const { kvHeads, dim, batch, kPool, vPool } = request;
  const { sequenceLengths, maxBlocks, blockSize, queryStarts } = batch;
  const count = sequenceLengths.length;
  const blocks = Math.max(1, count);
  const length = Math.max(1, maxBlocks * blockSize);
  const laid = (pool: Float32Array): Float32Array => {
    const out = new Float32Array(blocks * kvHeads * length * dim);
    for (let r = 0; r < count; r++) {
      const keys = sequenceLengths[r]!;
      const own = gatherKeys(request, pool, r, 0, keys);
      for (let h = 0; h < kvHeads; h++)
        out.set(own.subarray(h * keys * dim, (h + 1) * keys * dim), (r * kvHeads + h) * length * dim);
    }
    return out;
  };
  const whole: Batch = {
    blockSize: length,
    blockTable: Array.from({ length: count }, (_, r) => r),
    maxBlocks: 1,
    sequenceLengths,
    queryStarts,
  };
  return { ...request, blocks, batch: whole, kPool: laid(kPool), vPool: laid(vPool) };
}
