// The paged kernel over a pool that somebody else keeps: a batch as a scheduler lays it out.
import { answerOf } from '../ops/attention/check';
import { checkPaged, tokensOf, type PagedRequest, type PagedResult } from '../ops/attention/batch';
import type { Pages } from '../ops/attention/pages';
import type { Inputs, Shape } from '../ops/attention/shape';
import type { Run } from '../ops/run';
import { PAGED } from '../kernels';
import type { AnswerOptions, Machine } from './machine';

/**
 * Sizes are rounded up to these, so that the next step of a batch that grows runs the pipeline that is already there.
 */
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

/** A batch as a run of the paged kernel. */
export function runOfBatch(request: PagedRequest): { run: Run; inputs: Inputs } {
  const { heads, kvHeads, dim, batch, kPool, vPool, scale } = request;
  const pages = pagesOfBatch(request);
  const queries = capacity(tokensOf(batch));
  const shape: Shape = {
    batch: 1,
    heads,
    kvHeads,
    queries,
    keys: pages.width * pages.size,
    dim,
    mask: 'causal',
    pages,
  };
  const run: Run = { kernel: PAGED, shape, tile: { br: 0, bc: 0 }, ...(scale !== undefined && { scale }) };
  return { run, inputs: { q: paddedQ(request, queries), k: kPool, v: vPool } };
}

/** [heads, rows, width] without the rows that stand for nobody: [heads, tokens, width]. */
function withoutRoom(all: Float32Array, { heads, batch }: PagedRequest, width: number): Float32Array {
  const tokens = tokensOf(batch);
  const rows = all.length / (heads * width);
  const out = new Float32Array(heads * tokens * width);
  for (let h = 0; h < heads; h++)
    out.set(all.subarray(h * rows * width, (h * rows + tokens) * width), h * tokens * width);
  return out;
}

/**
 * Attention of a batch through its block table, by the kernel that the page shows, held against f64 as every answer is.
 * @returns O [heads, tokens, dim] and LSE [heads, tokens]; a row that sees nothing: O = 0, LSE <= -1e30
 * @throws AttnError what `Machine.run` throws
 */
export async function runPaged(machine: Machine, request: PagedRequest, options?: AnswerOptions): Promise<PagedResult> {
  checkPaged(request);
  if (tokensOf(request.batch) === 0) return { o: new Float32Array(0), lse: new Float32Array(0) };
  const { run, inputs } = runOfBatch(request);
  const { o, lse } = answerOf((await machine.run(run, inputs, options)).outputs);
  return { o: withoutRoom(o, request, request.dim), lse: withoutRoom(lse, request, 1) };
}
