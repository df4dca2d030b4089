// The paged kernel over a pool that somebody else keeps: a batch as a scheduler lays it out, and the same batch with every request's keys in one piece.
import { checkPaged, gatherKeys, tokensOf, type Batch, type PagedRequest, type PagedResult } from '../../ops/attention/batch';
import type { Pages } from '../../ops/attention/pages';
import type { Shape } from '../../ops/attention/shape';
import { checkKernel } from './attention';
import { prepare, type Prepared } from './run';
import type { Session } from './session';

/** Sizes are rounded up to these, so that the next step of a batch that grows runs the pipeline that is already there. */
const capacity = (n: number): number => 2 ** Math.ceil(Math.log2(Math.max(1, n)));

/** `rows` rows of `wide` numbers, with rows of `width` numbers in their corner and 0 elsewhere. */
function widened(values: ArrayLike<number>, width: number, rows: number, wide: number): number[] {
  const out = Array.from({ length: rows * wide }, () => 0);
  for (let i = 0; i < values.length; i++) out[Math.floor(i / width) * wide + (i % width)] = values[i]!;
  return out;
}

/** The pages of a batch, with room for requests that do not exist: they have no rows and no keys. */
function pagesOfBatch({ blocks, window, batch }: Pick<PagedRequest, 'blocks' | 'window' | 'batch'>): Pages {
  const { blockSize, blockTable, maxBlocks, sequenceLengths, queryStarts } = batch;
  const requests = capacity(sequenceLengths.length);
  const width = capacity(maxBlocks);
  const tokens = tokensOf(batch);
  return {
    size: blockSize,
    blocks,
    table: widened(blockTable, maxBlocks, requests, width),
    width,
    lengths: Array.from({ length: requests }, (_, r) => sequenceLengths[r] ?? 0),
    starts: Array.from({ length: requests + 1 }, (_, r) => queryStarts[r] ?? tokens),
    ...(window !== undefined && { window }),
  };
}

/** Q of [heads, tokens, dim] with room for `rows` tokens a head. */
function paddedQ({ heads, dim, batch, q }: PagedRequest, rows: number): Float32Array {
  const tokens = tokensOf(batch);
  const out = new Float32Array(heads * rows * dim);
  for (let h = 0; h < heads; h++) out.set(q.subarray(h * tokens * dim, (h + 1) * tokens * dim), h * rows * dim);
  return out;
}

/** A batch on the device, to be run or timed as often as wanted. */
export interface PreparedPaged {
  /** For stopwatches: dispatches, and what they run. */
  readonly prepared: Prepared;
  run(): Promise<PagedResult>;
  dispose(): void;
}

/**
 * Puts a batch on the device: pool, table, lengths, query rows.
 * @throws AttnError `shape-invalid`, `inputs-mismatch`, `inputs-not-finite`, `over-limit`, `out-of-memory`, `compile-failed`, `device-lost`
 */
export async function preparePaged(session: Session, request: PagedRequest): Promise<PreparedPaged> {
  checkPaged(request);
  const { heads, kvHeads, dim, batch, kPool, vPool, scale } = request;
  const tokens = tokensOf(batch);
  const pages = pagesOfBatch(request);
  const queries = capacity(tokens);
  const shape: Shape = { batch: 1, heads, kvHeads, queries, keys: pages.width * pages.size, dim, mask: 'causal', pages };
  const run = { kernel: 'paged', shape, tile: { br: 0, bc: 0 }, ...(scale !== undefined && { scale }) } as const;
  const prepared = await prepare(session, run, { q: paddedQ(request, queries), k: kPool, v: vPool });
  const rows = async (tensor: 'O' | 'LSE', wide: number): Promise<Float32Array> => {
    const all = await prepared.read(tensor);
    const out = new Float32Array(heads * tokens * wide);
    for (let h = 0; h < heads; h++) out.set(all.subarray(h * queries * wide, (h * queries + tokens) * wide), h * tokens * wide);
    return out;
  };
  return {
    prepared,
    run: async () => {
      prepared.submit();
      return { o: await rows('O', dim), lse: await rows('LSE', 1) };
    },
    dispose: () => prepared.dispose(),
  };
}

/**
 * Attention of a batch through its block table, by the kernel that the page shows, which is checked on this device first.
 * @returns O [heads, tokens, dim] and LSE [heads, tokens]; a row that sees nothing: O = 0, LSE <= -1e30
 * @throws AttnError what `preparePaged` throws, and `check-failed`
 */
export async function runPaged(session: Session, request: PagedRequest): Promise<PagedResult> {
  checkPaged(request);
  if (tokensOf(request.batch) === 0) return { o: new Float32Array(0), lse: new Float32Array(0) };
  await checkKernel(session, 'paged', request.dim);
  const ready = await preparePaged(session, request);
  try {
    return await ready.run();
  } finally {
    ready.dispose();
  }
}

/**
 * The same batch without paging: each request's keys and values copied into one piece as long as the longest request could grow, [requests, kvHeads, length,
 * dim], as an allocator without blocks reserves them.
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
      for (let h = 0; h < kvHeads; h++) out.set(own.subarray(h * keys * dim, (h + 1) * keys * dim), (r * kvHeads + h) * length * dim);
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
