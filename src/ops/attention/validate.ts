// What a shape and its inputs must be before anything is allocated for them. The first fault found is thrown.
import { AttnError, told } from '../../errors';
import type { Inputs, Shape } from './shape';
import { isPooled } from './pages';
import { isMask } from '../sizes';
import { checkPages, faultInPool } from './validate-pages';
import { elementsOf } from './shape';

/** Largest value of each size. Devices set tighter ones; these keep a mistyped link from freezing the page. */
export const LARGEST = { batch: 64, heads: 128, kvHeads: 128, queries: 65536, keys: 65536, dim: 256 } as const;

/** What a mask may be. */
const MASKS = 'full | causal | causal-top-left | window-L-R | prefix-P';

/** Largest number of elements of Q, K or V: 256 MiB each. */
export const LARGEST_TENSOR = 2 ** 26;

const invalid = (field: string, value: string | number, expected: string) =>
  new AttnError('shape-invalid', { field, value, expected });

/** What a softcap may be: beyond, f32 has no digits left for it, or it caps nothing. */
const SOFTCAP = [1e-3, 1e6] as const;

const LARGEST_SLOPE = 1e6;

/** Throws `shape-invalid` for a softcap that is no number in range, or slopes that are not one for each query head. */
function checkScores({ softcap, alibi, heads }: { softcap?: unknown; alibi?: unknown; heads: number }): void {
  const [least, most] = SOFTCAP;
  if (softcap !== undefined && !(typeof softcap === 'number' && softcap >= least && softcap <= most))
    throw invalid('softcap', told(softcap), `${least} … ${most} | undefined`);
  if (alibi === undefined) return;
  if (!Array.isArray(alibi) || alibi.length !== heads)
    throw invalid('alibi', Array.isArray(alibi) ? `[${alibi.length}]` : told(alibi), `true | number[${heads}]`);
  // A hole in the list is no number either.
  for (let h = 0; h < heads; h++) {
    const slope: unknown = alibi[h];
    if (!(typeof slope === 'number' && slope >= 0 && slope <= LARGEST_SLOPE))
      throw invalid(`alibi[${h}]`, told(slope), `0 … ${LARGEST_SLOPE}`);
  }
}

/**
 * Throws `shape-invalid` (field, value, expected) unless every size is a whole number in range, kvHeads divides heads
 * and the mask is known, and so what becomes of its scores.
 */
export function checkShape(shape: Shape): void {
  for (const [field, largest] of Object.entries(LARGEST)) {
    const value: unknown = shape[field as keyof typeof LARGEST];
    if (!Number.isInteger(value) || (value as number) < 1 || (value as number) > largest) {
      throw invalid(field, told(value), `1 … ${largest}`);
    }
  }
  if (shape.heads % shape.kvHeads !== 0) throw invalid('kvHeads', shape.kvHeads, `${shape.heads} / n`);
  if (!isMask(shape.mask)) throw invalid('mask', told(shape.mask), MASKS);
  checkScores(shape);
  const pages: unknown = shape.pages;
  if (pages !== undefined && (typeof pages !== 'object' || pages === null))
    throw invalid('pages', told(pages), 'Pages');
  if (shape.pages) checkPages(shape, shape.pages);
  for (const tensor of ['Q', 'K'] as const) {
    const elements = elementsOf(tensor, shape);
    if (elements > LARGEST_TENSOR) throw invalid(tensor, elements, `≤ ${LARGEST_TENSOR}`);
  }
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
    if (pool) {
      const index = faultInPool(shape, data); // slots that nobody wrote are nobody's
      if (index >= 0) throw new AttnError('inputs-not-finite', { tensor, index });
      continue;
    }
    // Millions of numbers on the page's own thread: a plain loop is ten times as fast as findIndex.
    for (let index = 0; index < data.length; index++) {
      if (!Number.isFinite(data[index])) throw new AttnError('inputs-not-finite', { tensor, index });
    }
  }
}

/** Throws `shape-invalid` unless the scale is a number that f32 has: finite, and 0 only where 0 is meant. */
export function checkScale(scale: number | undefined): void {
  if (scale === undefined) return;
  const held = typeof scale === 'number' ? Math.fround(scale) : Number.NaN;
  if (!Number.isFinite(held) || (held === 0 && scale !== 0))
    throw invalid('scale', told(scale), '0, ±1.4e-45 … ±3.4e38');
}
