// Paged attention: decode and chunked prefill through a block table, over a pool of blocks that many requests share.
import { pagesOf, requestsOf } from '../ops/attention/pages';
import { keysOf } from '../ops/attention/rows';
import type { Run } from '../ops/run';
import { cardById } from '.';
import type { Kernel, PassSpec } from './card';
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
 * As decode, in steps that end where blocks end. Beside: every thread finds its request, and looks at the table once a
 * step. A row behind the last request is looked up like the others, and reads no key.
 */
function requested(run: Run): { loads: number; stores: number } {
  const { shape } = run;
  const { batch, heads, queries, dim } = shape;
  const { size, starts } = pagesOf(shape);
  const requests = requestsOf(pagesOf(shape));
  const bc = stepOf(run);
  const threads = threadsOf(bc);
  const stepsTo = (keys: number): number =>
    Math.floor(keys / size) * Math.ceil(size / bc) + Math.ceil((keys % size) / bc);
  /** Steps from `from` to before `to`: none goes over a block's end, and a window's first may begin within a block. */
  const stepsOf = (from: number, to: number): number => {
    const block = Math.floor(from / size) * size;
    const end = Math.min(block + size, to);
    return to <= from ? 0 : Math.ceil((end - from) / bc) + (end === to ? 0 : stepsTo(to) - stepsTo(end));
  };
  const looks = Array.from({ length: requests }, (_, r) => searched(requests, r));
  let loads = 0;
  let request = 0;
  for (let row = 0; row < batch * queries; row++) {
    const begin = (r: number): number => starts?.[r] ?? r * queries;
    while (request + 1 < requests && begin(request + 1) <= row) request++;
    const { from, to } = keysOf(shape, Math.floor(row / queries) * heads, row % queries);
    const steps = stepsOf(from, to);
    const rows = steps * Math.ceil(bc / threads) * threads;
    loads += threads * (dim + 3 + looks[request]! + steps) + rows * dim + (to - from) * vLoads(run, bc);
  }
  // Bytes are of a plane times planes: here of a head, all requests.
  return flashBytes({ ...shape, batch: 1, queries: batch * queries }, loads);
}

const sramBytes = (run: Run): number => rowSramBytes(stepOf(run));

/** One dispatch, one workgroup a query row. The block size is the shape's, so there is no tile to choose. */
export const paged: Kernel = {
  ...cardById('paged'),
  passes,
  sramBytes,
  limit: (run, limits) => firstRefusal(passes(run), run.shape, sramBytes(run), limits),
  requested,
};
