// What the backward pass costs by formula, never by measurement: FLOPs, and bytes at the least.
import type { Bytes } from '../costs';
import { visiblePairs, type Sizes } from '../sizes';

const BYTES = 4;

/**
 * Floating-point operations of the five products S, dP, dV, dQ and dK: 2 d each for every visible pair, 2.5 times the
 * forward pass.
 */
export function flops(sizes: Sizes): number {
  return 10 * sizes.dim * visiblePairs(sizes) * sizes.batch * sizes.heads;
}

/** Each tensor once: Q, K, V, O, dO and LSE in; dQ, dK and dV out. */
export function compulsoryBytes({ batch, heads, kvHeads, queries, keys, dim }: Sizes): Bytes {
  const [rows, columns] = [batch * heads * queries, batch * kvHeads * keys];
  return {
    read: BYTES * (rows * (3 * dim + 1) + columns * 2 * dim),
    written: BYTES * (rows * dim + columns * 2 * dim),
  };
}
