// Which keys a query row sees and where they lie: in one piece, or in the blocks of its request.
import { keysFrom, keysSeen } from './cost';
import type { Pages } from './pages';
import { asksForPool, isPooled } from './pages';
import type { Shape } from './shape';
import { kvPlane } from './shape';
import { ownKey } from '../sizes';

/** The keys of one query row: [from, to) of the `count` that there are. */
export interface RowKeys {
  from: number;
  to: number;
  count: number;
  /** The key of the row's own, whatever the mask; below 0 where there are fewer keys than rows. */
  own: number;
  /** Element of K and V at which key j begins. */
  at(j: number): number;
}

/**
 * The request of a query row among those of all requests (the last that begins at or before it), its first row and its
 * rows; none behind the last.
 */
function requestOf(
  row: number,
  { queries }: Pick<Shape, 'queries'>,
  starts: readonly number[] | undefined,
): [number, number, number] {
  if (!starts) return [Math.floor(row / queries), row - (row % queries), queries];
  let request = 0;
  while (request + 2 < starts.length && starts[request + 1]! <= row) request++;
  return [request, starts[request]!, starts[request + 1]! - starts[request]!];
}

function keysInPages(shape: Shape, pages: Pages, plane: number, i: number): RowKeys {
  const { heads, kvHeads, queries, keys, dim, mask } = shape;
  const { size, table, width, lengths, starts, window = Infinity } = pages;
  const row = Math.floor(plane / heads) * queries + i;
  const [request, first, rows] = requestOf(row, shape, starts);
  const head = kvPlane(plane, shape) % kvHeads;
  const count = row - first < rows ? (lengths?.[request] ?? keys) : 0;
  const own = { mask, queries: rows, keys: count };
  const to = keysSeen(own, row - first);
  const blockAt = (j: number): number =>
    ((table[request * width + Math.floor(j / size)]! * kvHeads + head) * size + (j % size)) * dim;
  const inPiece = (j: number): number => ((request * kvHeads + head) * keys + j) * dim;
  const from = Math.max(Math.min(to, keysFrom(own, row - first)), to - window);
  return { from, to, count, own: ownKey(own, row - first), at: isPooled(shape) ? blockAt : inPiece };
}

/**
 * The keys that row i of query plane `plane` (= batch index * heads + head) sees, and where they lie in the inputs' K
 * and V.
 */
export function keysOf(shape: Shape, plane: number, i: number): RowKeys {
  const { pages, keys, dim } = shape;
  if (pages && asksForPool(shape)) return keysInPages(shape, pages, plane, i);
  const base = kvPlane(plane, shape) * keys;
  const [from, to] = [keysFrom(shape, i), keysSeen(shape, i)];
  return { from, to, count: keys, own: ownKey(shape, i), at: (j) => (base + j) * dim };
}
