// The closed forms against counting one by one, and against the forward pass.
import fc from 'fast-check';
import { anyMask } from '../attention/testing/masks';
import { expect, test } from 'vitest';
import { flops as forwardFlops } from '../attention/cost';
import { inputsOfPeers } from '../attention/inputs';
import { sees, type Shape } from '../attention/shape';
import { compulsoryBytes, flops } from './cost';
import { backwardInputs } from './inputs';
import { gradients } from './oracle';

const anyShape = fc
  .record({
    batch: fc.integer({ min: 1, max: 2 }),
    kvHeads: fc.integer({ min: 1, max: 2 }),
    group: fc.integer({ min: 1, max: 3 }),
    queries: fc.integer({ min: 1, max: 9 }),
    keys: fc.integer({ min: 1, max: 9 }),
    dim: fc.integer({ min: 1, max: 5 }),
    mask: anyMask,
  })
  .map(({ group, ...rest }): Shape => ({ ...rest, heads: rest.kvHeads * group }));

test('five products for every pair that the mask lets through: 2.5 times the forward pass', () => {
  fc.assert(
    fc.property(anyShape, (shape) => {
      let pairs = 0;
      for (let i = 0; i < shape.queries; i++) for (let j = 0; j < shape.keys; j++) pairs += sees(shape, i, j) ? 1 : 0;
      expect(flops(shape)).toBe(5 * 2 * shape.dim * pairs * shape.batch * shape.heads);
      expect(flops(shape)).toBe(2.5 * forwardFlops(shape));
    }),
  );
});

test('bytes are those of the tensors themselves', () => {
  fc.assert(
    fc.property(anyShape, fc.nat(), (shape, seed) => {
      const { q, k, v } = inputsOfPeers(shape, seed);
      const inputs = backwardInputs(shape, { Q: q.slice(), K: k.slice(), V: v.slice() }, seed);
      const { dQ, dK, dV } = gradients(shape, inputs);
      const bytes = (tensors: ArrayLike<number>[]) => 4 * tensors.reduce((sum, { length }) => sum + length, 0);
      expect(compulsoryBytes(shape)).toEqual({ read: bytes(Object.values(inputs)), written: bytes([dQ, dK, dV]) });
    }),
  );
});
