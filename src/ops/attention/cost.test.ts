// Closed forms against counting one by one.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstSeeing, rowsSeeing } from '../sizes';
import { compulsoryBytes, flops, keysFrom, keysSeen, visiblePairs } from './cost';
import type { Shape } from './shape';
import { sees } from './shape';
import { anyMask, matrixOf } from './testing/masks';

const shape: Shape = { batch: 1, heads: 1, kvHeads: 1, queries: 64, keys: 64, dim: 32, mask: 'full' };

test('visible pairs and keys are those that the mask lets through', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), anyMask, (queries, keys, mask) => {
      const masked = { mask, queries, keys };
      const matrix = matrixOf(masked);
      matrix.forEach((row, i) => {
        row.forEach((seen, j) => expect(sees(masked, i, j)).toBe(seen));
        // The visible keys lie in one piece, and so do the rows that see a key: what the kernels' loops rely on.
        const [from, to] = [keysFrom(masked, i), keysSeen(masked, i)];
        expect([from <= to, from >= 0, to <= keys]).toEqual([true, true, true]);
        expect(row.map((_, j) => j >= from && j < to)).toEqual(row);
      });
      for (let j = 0; j < keys; j++) {
        const [first, end] = [firstSeeing(masked, j), rowsSeeing(masked, j)];
        expect(matrix.map((_, i) => i >= first && i < end)).toEqual(matrix.map((row) => row[j]));
      }
      expect(visiblePairs(masked)).toBe(matrix.flat().filter(Boolean).length);
    }),
    { seed: 1, numRuns: 300 },
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
