// Paged attention: decode and chunked prefill through a block table, over a pool of blocks that many requests share.
import { keysSeen } from '../attention/cost';
import { pagesOf, requestsOf } from '../attention/pages';
import type { KernelCard, PassSpec, Run } from './card';
import { ROW_TEXT, rowPass, rowSramBytes, threadsOf, vLoads } from './decode';
import { firstRefusal, flashBytes, flashPass } from './parts';

/** Most keys a step: a step stays within a block, so smaller blocks make smaller steps. */
const MOST_KEYS = 16;

const stepOf = ({ shape }: Run): number => Math.min(pagesOf(shape).size, MOST_KEYS);

/** The largest power of two below a count: where the search for a row's request begins. */
const halfOf = (count: number): number => (count < 2 ? 0 : 2 ** Math.ceil(Math.log2(count) - 1));

/** All keys, where there is no window. */
const NO_WINDOW = 2 ** 31;

function passes(run: Run): readonly PassSpec[] {
  const { shape } = run;
  const pages = pagesOf(shape);
  const shared = rowPass(run, stepOf(run));
  const requests = requestsOf(pages);
  return [
    {
      ...flashPass({ ...run, tile: { br: 1, bc: 0 } }),
      ...shared,
      name: 'paged',
      files: [...shared.files, 'paged.wgsl', ROW_TEXT],
      header: {
        ...shared.header,
        PAGE: pages.size,
        BLOCKS: pages.blocks,
        REQUESTS: requests,
        HALF: halfOf(requests),
        WIDTH: pages.width,
        WINDOW: pages.window ?? NO_WINDOW,
      },
      bindings: [
        { binding: 0, name: 'Q', tensor: 'Q', access: 'read' },
        { binding: 1, name: 'K', tensor: 'KPool', access: 'read' },
        { binding: 2, name: 'V', tensor: 'VPool', access: 'read' },
        { binding: 3, name: 'TABLE', tensor: 'Table', access: 'read' },
        { binding: 4, name: 'SEQS', tensor: 'Requests', access: 'read' },
        { binding: 5, name: 'O', tensor: 'O', access: 'read_write' },
        { binding: 6, name: 'LSE', tensor: 'LSE', access: 'read_write' },
      ],
    },
  ];
}

/** Requests that the search for request `wanted` looks at. */
function searched(requests: number, wanted: number): number {
  let looks = 0;
  let at = 0;
  for (let step = halfOf(requests); step > 0; step = Math.floor(step / 2)) {
    if (at + step >= requests) continue;
    looks++;
    if (at + step <= wanted) at += step;
  }
  return looks;
}

/**
 * As decode, in steps that end where blocks end. Beside: every thread finds its request, and looks at the table once a step. For requests of equal length,
 * as a shape has them.
 */
function requested(run: Run): { loads: number; stores: number } {
  const { shape } = run;
  const { batch, queries, dim } = shape;
  const { size } = pagesOf(shape);
  const bc = stepOf(run);
  const threads = threadsOf(bc);
  const stepsOf = (keys: number): number => Math.floor(keys / size) * Math.ceil(size / bc) + Math.ceil((keys % size) / bc);
  let loads = batch * queries * threads * dim;
  for (let i = 0; i < queries; i++) {
    const seen = keysSeen(shape, i);
    const steps = stepsOf(seen);
    const rows = steps * Math.ceil(bc / threads) * threads;
    loads += batch * (rows * dim + seen * vLoads(run, bc) + threads * (steps + 3));
  }
  for (let r = 0; r < batch; r++) loads += queries * threads * searched(requestsOf(pagesOf(shape)), r);
  // Bytes are of a plane times planes: here of a head, all requests.
  return flashBytes({ ...shape, batch: 1, queries: batch * queries }, loads);
}

const sramBytes = (run: Run): number => rowSramBytes(stepOf(run));

/** One dispatch, one workgroup a query row. The block size is the shape's, so there is no tile to choose. */
export const paged: KernelCard = {
  id: 'paged',
  decoding: true,
  interpreted: true,
  tiles: [],
  passes,
  sramBytes,
  limit: (run, limits) => firstRefusal(passes(run), run.shape, sramBytes(run), limits),
  requested,
};
