// What a shape and its inputs must be before anything is allocated for them. The first fault found is thrown.
import { AttnError } from './errors';
import type { Inputs, Shape } from './shape';
import { isPooled, requestsOf, type Pages } from './pages';
import { elementsOf } from './shape';

/** Largest value of each size. Devices set tighter ones; these keep a mistyped link from freezing the page. */
export const LARGEST = { batch: 64, heads: 128, kvHeads: 128, queries: 65536, keys: 65536, dim: 256 } as const;

/** Largest number of elements of Q, K or V: 256 MiB each. */
export const LARGEST_TENSOR = 2 ** 26;

const invalid = (field: string, value: string | number, expected: string) => new AttnError('shape-invalid', { field, value, expected });

/** Throws `shape-invalid` (field, value, expected) unless every size is a whole number in range, kvHeads divides heads and the mask is known. */
export function checkShape(shape: Shape): void {
  for (const [field, largest] of Object.entries(LARGEST)) {
    const value: unknown = shape[field as keyof typeof LARGEST];
    if (!Number.isInteger(value) || (value as number) < 1 || (value as number) > largest) {
      throw invalid(field, String(value), `1 … ${largest}`);
    }
  }
  if (shape.heads % shape.kvHeads !== 0) throw invalid('kvHeads', shape.kvHeads, `${shape.heads} / n`);
  if (shape.mask !== 'full' && shape.mask !== 'causal') throw invalid('mask', String(shape.mask), 'full | causal');
  if (shape.pages) checkPages(shape.pages, shape.batch);
  for (const tensor of ['Q', 'K'] as const) {
    const elements = elementsOf(tensor, shape);
    if (elements > LARGEST_TENSOR) throw invalid(tensor, elements, `≤ ${LARGEST_TENSOR}`);
  }
}

/** Throws `shape-invalid` unless the table has rows of `width` whole numbers below `blocks`, and as many rows as there are requests. */
function checkPages(pages: Pages, batch: number): void {
  const { size, blocks, table, width, lengths, starts } = pages;
  if (!Number.isInteger(size) || size < 1) throw invalid('pages.size', String(size), '≥ 1');
  const requests = lengths?.length ?? batch;
  if (requestsOf(pages) !== requests) throw invalid('pages.table', table.length, `${requests} × ${width}`);
  if (starts && starts.length !== requests + 1) throw invalid('pages.starts', starts.length, String(requests + 1));
  const stray = table.find((block) => !Number.isInteger(block) || block < 0 || block >= blocks);
  if (stray !== undefined) throw invalid('pages.table', String(stray), `0 … ${blocks - 1}`);
}

/** Throws `inputs-mismatch` (tensor, got, want) or `inputs-not-finite` (tensor, index). */
export function checkInputs(shape: Shape, inputs: Inputs): void {
  for (const [tensor, data] of [
    ['Q', inputs.q],
    ['K', inputs.k],
    ['V', inputs.v],
  ] as const) {
    const pool = isPooled(shape) && tensor !== 'Q';
    const want = elementsOf(pool ? `${tensor}Pool` : tensor, shape);
    if (data.length !== want) throw new AttnError('inputs-mismatch', { tensor, got: data.length, want });
    if (pool) continue; // slots that nobody wrote are nobody's
    // Millions of numbers on the page's own thread: a plain loop is ten times as fast as findIndex.
    for (let index = 0; index < data.length; index++) {
      if (!Number.isFinite(data[index])) throw new AttnError('inputs-not-finite', { tensor, index });
    }
  }
}

/** Throws `shape-invalid` unless the scale is finite. */
export function checkScale(scale: number | undefined): void {
  if (scale !== undefined && !Number.isFinite(scale)) throw invalid('scale', String(scale), '-3.4e38 … 3.4e38');
}
