// What the pages of a shape must be: a wrong table or length sends a kernel through memory that is nobody's, or round a
// loop without end.
import { AttnError, told } from '../../errors';
import { keysFrom } from '../sizes';
import { requestsOf, type Pages } from './pages';
import type { Shape } from './shape';

/** Largest sizes, and elements of a pool: 256 MiB. They keep a mistyped request from freezing the page. */
const LARGEST = { size: 65536, blocks: 2 ** 22, width: 65536, window: 2 ** 30, pool: 2 ** 26 } as const;

const invalid = (field: string, value: unknown, expected: string): AttnError =>
  new AttnError('shape-invalid', { field: `pages.${field}`, value: told(value), expected });

function checkWhole(field: string, value: unknown, least: number, most: number): void {
  if (!Number.isInteger(value) || (value as number) < least || (value as number) > most)
    throw invalid(field, value, `${least} … ${most}`);
}

function checkList(
  field: string,
  list: unknown,
  length: number,
  shape = String(length),
): asserts list is readonly number[] {
  if (!Array.isArray(list)) throw invalid(field, list, 'number[]');
  if (list.length !== length) throw invalid(field, `${list.length}`, shape);
}

/**
 * Throws `shape-invalid` (field, value, expected) unless blocks, table, lengths, starts and window are whole numbers
 * that name slots of the pool only. Sizes of the shape itself are checked before.
 */
export function checkPages(
  shape: Pick<Shape, 'batch' | 'queries' | 'keys' | 'kvHeads' | 'dim' | 'mask'>,
  pages: Pages,
): void {
  const { batch, queries, keys, kvHeads, dim, mask } = shape;
  const { size, blocks, table, width, lengths, starts, window } = pages;
  checkWhole('size', size, 1, Math.min(LARGEST.size, Math.floor(LARGEST.pool / (kvHeads * dim))));
  checkWhole('blocks', blocks, 1, Math.min(LARGEST.blocks, Math.floor(LARGEST.pool / (kvHeads * size * dim))));
  checkWhole('width', width, 1, LARGEST.width);
  if (lengths !== undefined && !Array.isArray(lengths)) throw invalid('lengths', lengths, 'number[]');
  const requests = lengths?.length ?? batch;
  checkList('table', table, requests * width, `${requests} × ${width}`);
  // A hole in the list is no number either.
  for (let i = 0; i < table.length; i++) checkWhole('table', table[i], 0, blocks - 1);
  const room = width * size;
  if (!lengths && room < keys) throw invalid('width', width, `≥ ${Math.ceil(keys / size)}`);
  const given = lengths ?? [];
  for (let r = 0; r < given.length; r++) checkWhole('lengths', given[r], 0, Math.min(keys, room));
  if (starts === undefined) {
    if (requests !== batch) throw invalid('lengths', requests, `${batch}`);
  } else {
    checkList('starts', starts, requests + 1);
    checkWhole('starts', starts[0], 0, 0);
    for (let r = 0; r < requests; r++) checkWhole('starts', starts[r + 1], starts[r]!, batch * queries);
  }
  if (window !== undefined) {
    checkWhole('window', window, 1, LARGEST.window);
    if (mask !== 'causal') throw invalid('window', window, "mask: 'causal'");
  }
}

/**
 * The first element that is no finite number in the slots that requests read of a pool [blocks, kvHeads, size, dim]; -1
 * where all are.
 */
export function faultInPool({ pages, kvHeads, dim, queries, mask }: Shape, pool: Float32Array): number {
  if (!pages?.lengths) return -1;
  const { size, table, width, lengths, starts, window = Infinity } = pages;
  for (let r = 0; r < requestsOf(pages); r++) {
    const rows = starts ? starts[r + 1]! - starts[r]! : queries;
    if (rows === 0) continue;
    const to = lengths[r]!;
    const first = { mask, queries: rows, keys: to };
    for (
      let key = Math.max(keysFrom(first, 0), to - rows + 1 - window);
      key < to;
      key = Math.min(to, (Math.floor(key / size) + 1) * size)
    ) {
      const end = Math.min(to, (Math.floor(key / size) + 1) * size);
      const block = table[r * width + Math.floor(key / size)]!;
      for (let h = 0; h < kvHeads; h++) {
        const from = ((block * kvHeads + h) * size + (key % size)) * dim;
        for (let index = from; index < from + (end - key) * dim; index++)
          if (!Number.isFinite(pool[index])) return index;
      }
    }
  }
  return -1;
}
