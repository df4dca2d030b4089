/** For tests of attention alone: its kernels, in the page's order, and problems for them. */
import fc from 'fast-check';
import { inputsOfPeers } from '../../ops/attention/inputs';
import { poolData } from '../../ops/attention/pages';
import type { Shape } from '../../ops/attention/shape';
import { anyMask } from '../../ops/attention/testing/masks';
import { OPENING } from '../defaults';
import { peersOf } from '..';
import type { Kernel } from '../card';
import { RUNNABLE } from '../kernels';
import type { Data } from './texts';

export const ATTENTION = peersOf(OPENING);
export const ATTENTION_RUNNABLE: readonly Kernel[] = RUNNABLE.filter(({ id }) =>
  ATTENTION.some((card) => card.id === id),
);

/** Small problems under any mask, rows and keys and channels that divide by nothing. */
export const anyMasked: fc.Arbitrary<Shape> = fc
  .record({
    batch: fc.integer({ min: 1, max: 2 }),
    kvHeads: fc.integer({ min: 1, max: 2 }),
    group: fc.integer({ min: 1, max: 2 }),
    queries: fc.integer({ min: 1, max: 24 }),
    keys: fc.integer({ min: 1, max: 40 }),
    dim: fc.constantFrom(1, 3, 8, 12),
    mask: anyMask,
  })
  .map(({ group, ...rest }): Shape => ({ ...rest, heads: rest.kvHeads * group }));

/** All that any kernel of attention is given: Q, K and V in one piece, and scattered over a pool. */
export function given(shape: Shape, seed: number): Data {
  const { q, k, v } = inputsOfPeers(shape, seed);
  const pool = (['KPool', 'VPool', 'Table', 'Requests'] as const).map((tensor) => {
    const { buffer } = poolData(tensor, shape, { k, v });
    return [tensor, new Float32Array(buffer as ArrayBuffer)] as const;
  });
  return { Q: q.slice(), K: k.slice(), V: v.slice(), ...Object.fromEntries(pool) };
}
