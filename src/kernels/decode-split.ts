// Flash-Decoding: the keys of one query row are cut into parts, a workgroup each, and the parts' (m, l, O) are merged
// by a second pass.
import { keysFrom, keysSeen } from '../ops/attention/cost';
import { partKeys, partsOf } from '../ops/attention/shape';
import type { ArrayLayout } from '../ops/layout';
import type { Run } from '../ops/run';
import { cardById } from '.';
import type { Kernel, PassSpec } from './card';
import { ROW_TEXT, rowLoads, rowPass, rowSramBytes, threadsOf } from './decode';
import { BYTES, firstRefusal, flashPass, lib, shapeHeader } from './parts';

/** Threads that merge a row: one a chunk of it, as far as there are chunks. */
const MERGERS = 16;

/** The numbers of a row, the same in every thread of the merge: the first speaks. */
const ofRow = (role: 'm' | 'l'): ArrayLayout => ({
  role,
  rows: 1,
  cols: 1,
  axes: ['query', 'one'],
  terms: [],
  speakers: MERGERS,
});

function passes(run: Run): readonly PassSpec[] {
  const { shape, tile } = run;
  const parts = partsOf(shape);
  const cut = { SPAN: partKeys(shape), PARTS: parts };
  const shared = rowPass(run, tile.bc);
  const { grid, rows } = flashPass(run);
  const merge = shapeHeader(run);
  return [
    {
      ...shared,
      name: 'parts',
      files: [...shared.files, lib.inRows, 'decode-part.wgsl', ROW_TEXT],
      header: { ...shared.header, ...cut },
      grid: [grid[0], parts, grid[2]],
      rows,
      bindings: [
        { binding: 0, name: 'Q', tensor: 'Q', access: 'read' },
        { binding: 1, name: 'K', tensor: 'K', access: 'read' },
        { binding: 2, name: 'V', tensor: 'V', access: 'read' },
        { binding: 3, name: 'OPart', tensor: 'OPart', access: 'read_write' },
        { binding: 4, name: 'ML', tensor: 'ML', access: 'read_write' },
      ],
    },
    {
      name: 'merge',
      files: [lib.origin, lib.chunk(shape), ...lib.mask(shape), lib.online, 'decode-merge.wgsl'],
      header: { ...merge, ...cut, WG: MERGERS },
      grid,
      rows,
      workgroupSize: MERGERS,
      bindings: [
        { binding: 0, name: 'OPart', tensor: 'OPart', access: 'read' },
        { binding: 1, name: 'ML', tensor: 'ML', access: 'read' },
        { binding: 2, name: 'O', tensor: 'O', access: 'read_write' },
        { binding: 3, name: 'LSE', tensor: 'LSE', access: 'read_write' },
      ],
      layouts: { m: ofRow('m'), l: ofRow('l') },
    },
  ];
}

/**
 * Every part: Q in every thread, its keys, O of the part and its m and l. Every merging thread: m of all parts, m and l
 * again, and its chunks of every O.
 */
function requested(run: Run): { loads: number; stores: number } {
  const { shape, tile } = run;
  const { batch, heads, queries, dim } = shape;
  const [span, parts] = [partKeys(shape), partsOf(shape)];
  let loads = queries * parts * (threadsOf(tile.bc) * dim + MERGERS * (1 + 2) + dim);
  for (let i = 0; i < queries; i++) {
    const [first, seen] = [keysFrom(shape, i), keysSeen(shape, i)];
    for (let from = Math.floor(first / span) * span; from < seen; from += span)
      loads += rowLoads(run, tile.bc, Math.min(from + span, seen) - Math.max(from, first));
  }
  const stores = queries * (parts * (dim + 2) + dim + 1);
  return { loads: BYTES * batch * heads * loads, stores: BYTES * batch * heads * stores };
}

const sramBytes = ({ tile }: Run): number => rowSramBytes(tile.bc);

/** Two dispatches: one workgroup a query row and part, then one a query row. */
export const decodeSplit: Kernel = {
  ...cardById('decode-split'),
  passes,
  sramBytes,
  limit: (run, limits) => firstRefusal(passes(run), run.shape, sramBytes(run), limits),
  requested,
};
