// What attention costs by formula, never by measurement: visible pairs, FLOPs, and bytes at the least. The papers' IO
// model is in kernels/io-model.ts.
import type { Bytes } from '../costs';
import type { Shape } from './shape';
import { elementsOf } from './shape';
import { visiblePairs } from '../sizes';

export { keysFrom, keysSeen, visiblePairs } from '../sizes';

const BYTES = 4;

/**
 * Floating-point operations of the two products: 2 d for a score and 2 d for its weight in O, for every visible pair.
 */
export function flops(shape: Shape): number {
  return 4 * shape.dim * visiblePairs(shape) * shape.batch * shape.heads;
}

/** Each tensor once: Q, K, V in; O and LSE out. No kernel can do with less. */
export function compulsoryBytes(shape: Shape): Bytes {
  return {
    read: BYTES * (elementsOf('Q', shape) + elementsOf('K', shape) + elementsOf('V', shape)),
    written: BYTES * (elementsOf('O', shape) + elementsOf('LSE', shape)),
  };
}
