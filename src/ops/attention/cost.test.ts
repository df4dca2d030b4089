// Closed forms against counting one by one.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compulsoryBytes, flops, keysSeen, visiblePairs } from './cost';
import type { Shape } from './shape';
import { sees } from './shape';

const shape: Shape = { batch: 1, heads: 1, kvHeads: 1, queries: 64, keys: 64, dim: 32, mask: 'full' };

test('visible pairs and keys are those that the mask lets through', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom('full' as const, 'causal' as const),
      (queries, keys, mask) => {
        let pairs = 0;
        for (let i = 0; i < queries; i++) {
          let row = 0;
          for (let j = 0; j < keys; j++) if (sees({ mask, queries, keys }, i, j)) row++;
          // The visible keys are the first so many: what the kernels' loop bounds rely on.
          expect(keysSeen({ mask, queries, keys }, i)).toBe(row);
          for (let j = 0; j < keys; j++) expect(sees({ mask, queries, keys }, i, j)).toBe(j < row);
          pairs += row;
        }
        expect(visiblePairs({ mask, queries, keys })).toBe(pairs);
      },
    ),
    { seed: 1 },
  );
});

test('each tensor once, and FLOPs, for N = 64, d = 32', () => {
  const [N, d] = [64, 32];
  const sum = ({ read, written }: { read: number; written: number }) => (read + written) / 4;
  expect(sum(compulsoryBytes(shape))).toBe(4 * N * d + N);
  expect(flops(shape)).toBe(4 * N * N * d);
});

test('costs grow with heads and batch; grouped heads share K and V only in the compulsory bytes', () => {
  const many: Shape = { ...shape, batch: 2, heads: 6, kvHeads: 2 };
  expect(flops(many)).toBe(12 * flops(shape));
  expect(compulsoryBytes(many).read).toBe(4 * (12 + 2 * 4) * 64 * 32);
});
