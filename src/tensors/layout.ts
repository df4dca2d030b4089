// Which size of a tensor is heads and which tokens: [B, H, N, d] as in PyTorch, or [B, N, H, d] as in FlashAttention
// and JAX.
import { countOf } from './header';
import type { InputRole, Layout } from './sources';

type Shapes = Readonly<Record<InputRole, readonly number[]>>;

/** The four sizes of a tensor. */
export interface Sizes {
  batch: number;
  heads: number;
  rows: number;
  dim: number;
}

/** The sizes of a shape of two to four numbers. */
export function sizesOf(shape: readonly number[], layout: Layout): Sizes {
  const tokensFirst = layout === 'bnhd' && shape.length > 2;
  const [batch, a, b, dim] = [...Array.from({ length: 4 - shape.length }, () => 1), ...shape] as [
    number,
    number,
    number,
    number,
  ];
  return tokensFirst ? { batch, heads: b, rows: a, dim } : { batch, heads: a, rows: b, dim };
}

/** The first two roles that do not fit together, and the size in which they differ; undefined when all fit. */
export function misfit(
  shapes: Shapes,
  layout: Layout,
): { a: InputRole; b: InputRole; size: 'd' | 'N' | 'B' | 'H' } | undefined {
  const [q, k, v] = [sizesOf(shapes.q, layout), sizesOf(shapes.k, layout), sizesOf(shapes.v, layout)];
  if (q.dim !== k.dim) return { a: 'q', b: 'k', size: 'd' };
  if (k.dim !== v.dim) return { a: 'k', b: 'v', size: 'd' };
  if (k.rows !== v.rows) return { a: 'k', b: 'v', size: 'N' };
  if (q.batch !== k.batch) return { a: 'q', b: 'k', size: 'B' };
  if (k.batch !== v.batch) return { a: 'k', b: 'v', size: 'B' };
  if (k.heads !== v.heads) return { a: 'k', b: 'v', size: 'H' };
  if (q.heads % k.heads !== 0) return { a: 'q', b: 'k', size: 'H' };
  return undefined;
}

/** Whether the layout matters for these shapes. */
export const hasLayout = (shapes: Shapes): boolean => Object.values(shapes).some((shape) => shape.length > 2);

/**
 * The likeliest layout of Q, K and V: the one that fits. Tokens first is accepted only with no more queries than keys,
 * because a query sees what came before it; heads first with more queries than keys is given up for it. When both
 * remain, heads first is chosen, and is sure only with fewer heads than tokens.
 */
export function guessLayout(shapes: Shapes): { layout: Layout; sure: boolean } {
  if (!hasLayout(shapes)) return { layout: 'bhnd', sure: true };
  const fits = (layout: Layout): boolean => misfit(shapes, layout) === undefined;
  const likely = (layout: Layout): boolean =>
    fits(layout) && sizesOf(shapes.q, layout).rows <= sizesOf(shapes.k, layout).rows;
  if (!likely('bnhd')) return { layout: 'bhnd', sure: true };
  if (!likely('bhnd')) return { layout: 'bnhd', sure: true };
  const { heads, rows } = sizesOf(shapes.k, 'bhnd');
  return { layout: 'bhnd', sure: heads < rows || rows === 1 };
}

/** The numbers with heads before tokens: [B, N, H, d] transposed to [B, H, N, d]. */
export function headsFirst(data: Float32Array, shape: readonly number[], layout: Layout): Float32Array {
  const { heads, rows, dim, batch } = sizesOf(shape, layout);
  if (layout === 'bhnd' || heads === 1 || rows === 1) return data;
  const turned = new Float32Array(countOf(shape));
  for (let b = 0; b < batch; b++)
    for (let h = 0; h < heads; h++)
      for (let n = 0; n < rows; n++) {
        const from = ((b * rows + n) * heads + h) * dim;
        turned.set(data.subarray(from, from + dim), ((b * heads + h) * rows + n) * dim);
      }
  return turned;
}
