// A run cut into slices is still the whole run, once.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Shape } from '../../ops/attention/shape';
import { RUNNABLE } from '../../kernels/kernels';
import { sliceRun, submitsFor, workgroupsOf } from './slices';

test('slices cover every workgroup of every pass exactly once', () => {
  const size = fc.integer({ min: 1, max: 300 });
  fc.assert(
    fc.property(
      size,
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 60 }),
      (n, batch, heads, wanted) => {
        const shape: Shape = { batch, heads, kvHeads: heads, queries: n, keys: 20, dim: 16, mask: 'full' };
        for (const card of RUNNABLE) {
          const passes = card.passes({ kernel: card.id, shape, tile: { br: 32, bc: 16 } });
          for (const pass of passes) {
            const [gx, gy, gz] = pass.grid;
            const hits = new Uint8Array(gx * gy * gz);
            for (const slice of sliceRun(shape, wanted, passes)) {
              const { origin, size: count } = workgroupsOf(pass, slice);
              for (let z = 0; z < count[2]!; z++) {
                for (let y = 0; y < count[1]!; y++) {
                  for (let x = 0; x < count[0]!; x++)
                    hits[origin[0]! + x + gx * (origin[1]! + y + gy * (origin[2]! + z))]!++;
                }
              }
            }
            expect(hits.every((hit) => hit === 1)).toBe(true);
          }
        }
      },
    ),
    { seed: 1, numRuns: 200 },
  );
});

test('small runs go in one submit, large ones in several, more of them on the CPU', () => {
  const shape: Shape = { batch: 1, heads: 8, kvHeads: 8, queries: 64, keys: 64, dim: 64, mask: 'full' };
  expect(submitsFor(shape, true)).toBe(1);
  const large = { ...shape, queries: 4096, keys: 4096 };
  expect(submitsFor(large, true)).toBeGreaterThan(submitsFor(large, false));
  expect(submitsFor(large, false)).toBeGreaterThan(1);
  // One row takes a tiled kernel as long as a block of them.
  const decoding = { ...shape, queries: 1, keys: 16384 };
  expect(submitsFor(decoding, true)).toBe(submitsFor({ ...decoding, queries: 32 }, true));
});

test('passes over all rows, and over planes of K and V, are cut by planes, and covered once too', () => {
  const size = fc.integer({ min: 1, max: 200 });
  fc.assert(
    fc.property(
      size,
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 4 }),
      size,
      (n, batch, kvHeads, group, wanted) => {
        const shape: Shape = { batch, heads: kvHeads * group, kvHeads, queries: n, keys: 20, dim: 16, mask: 'full' };
        const passes = [
          { grid: [Math.ceil(n / 32), 1, batch * kvHeads * group], rows: 32 },
          { grid: [3, 1, batch * kvHeads], rows: 0, sharers: group },
          { grid: [1, 1, batch * kvHeads * group], rows: 0 },
        ] as const;
        const slices = sliceRun(shape, wanted, passes);
        for (const pass of passes) {
          const [gx, , gz] = pass.grid;
          const hits = new Uint8Array(gx * gz);
          for (const slice of slices) {
            const { origin, size: count } = workgroupsOf(pass, slice);
            for (let z = 0; z < count[2]!; z++)
              for (let x = 0; x < count[0]!; x++) hits[origin[0]! + x + gx * (origin[2]! + z)]!++;
          }
          expect(hits.every((hit) => hit === 1)).toBe(true);
        }
        // A pass reads what one before it made of the whole plane.
        expect(slices.every(({ rows, planes }) => rows === n && planes % group === 0)).toBe(true);
      },
    ),
  );
});
