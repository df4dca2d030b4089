// What LayerNorm costs by formula, never by measurement: FLOPs, and bytes at the least.
import type { Bytes } from '../costs';
import { rowsOf, type Sizes } from '../sizes';

const BYTES = 4;

/**
 * Floating-point operations by the definition, a square root and a division as one each. A number: 1 for the mean's
 * sum, 1 for its deviation, 2 for the variance's sum of squares, 3 for rstd, gamma and beta. A row: 2 divisions by d,
 * eps, square root and its inverse.
 */
export const flops = (sizes: Sizes): number => rowsOf(sizes) * (7 * sizes.dim + 5);

/** Each tensor once: X, gamma and beta in; Y, mean and rstd out. */
export function compulsoryBytes(sizes: Sizes): Bytes {
  const rows = rowsOf(sizes);
  return { read: BYTES * (rows + 2) * sizes.dim, written: BYTES * rows * (sizes.dim + 2) };
}
