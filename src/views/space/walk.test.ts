// Walking over cells: every cell of every matrix can be come to, nothing beyond the problem can, and rounds lead back.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Matrix } from '../shared/matrix';
import { cellOf, firstStep, step } from './walk';

const matrix = (key: string, rows: number, cols: number, more: Partial<Matrix> = {}): Matrix => ({
  key,
  level: 'hbm',
  name: key,
  role: 'Q',
  axes: undefined,
  rows,
  cols,
  row0: 0,
  col0: 0,
  values: new Float32Array(rows * cols),
  inside: { rows, cols },
  written: 'all',
  reads: undefined,
  writes: undefined,
  live: undefined,
  bytes: 4 * rows * cols,
  ...more,
});

const some = fc.array(
  fc.record({ rows: fc.integer({ min: 1, max: 9 }), cols: fc.integer({ min: 1, max: 9 }), out: fc.nat({ max: 3 }) }),
  {
    minLength: 1,
    maxLength: 5,
  },
);

test('moves stay within what belongs to the problem; enough of them reach the last cell; going round ends where it began', () => {
  fc.assert(
    fc.property(
      some,
      fc.array(fc.tuple(fc.integer({ min: -1, max: 1 }), fc.integer({ min: -1, max: 1 })), { maxLength: 40 }),
      (sizes, moves) => {
        const all = sizes.map(({ rows, cols, out }, i) =>
          matrix(String(i), rows + out, cols, { inside: { rows, cols } }),
        );
        let at = firstStep(all, undefined)!;
        const start = at;
        for (const [rows, cols] of moves) {
          const to = step(all, at, { rows, cols })!;
          expect(Math.abs(to.row - at.row) + Math.abs(to.col - at.col)).toBeLessThanOrEqual(
            Math.abs(rows) + Math.abs(cols),
          );
          at = to;
          const size = sizes[Number(at.key)]!;
          expect(at.row >= 0 && at.row < size.rows && at.col >= 0 && at.col < size.cols).toBe(true);
        }
        for (let i = 0; i < 20; i++) at = step(all, at, { rows: 1, cols: 1 })!;
        expect(at).toEqual({ key: start.key, row: sizes[0]!.rows - 1, col: sizes[0]!.cols - 1 });
        for (let i = 0; i < sizes.length; i++) at = step(all, at, { matrices: 1 })!;
        expect(at.key).toBe(start.key);
        expect(step(all, step(all, at, { matrices: 1 })!, { matrices: -1 })!.key).toBe(at.key);
      },
    ),
  );
});

test('it begins on the cell that is looked at, else where this step writes; the cell is told as all views know it', () => {
  const tile = matrix('sram', 4, 4, { role: 'P', row0: 8, col0: 12, writes: { r0: 2, r1: 3, c0: 1, c1: 1 } });
  const all = [matrix('hbm', 16, 16, { reads: { r0: 5, r1: 5, c0: 0, c1: 3 } }), tile];
  expect(firstStep(all, { role: 'P', row: 9, col: 15 })).toEqual({ key: 'sram', row: 1, col: 3 });
  expect(firstStep(all, { role: 'V', row: 0, col: 0 })).toEqual({ key: 'sram', row: 2, col: 1 });
  expect(firstStep([all[0]!], undefined)).toEqual({ key: 'hbm', row: 5, col: 0 });
  expect(cellOf(tile, { key: 'sram', row: 1, col: 3 })).toEqual({ role: 'P', row: 9, col: 15 });
  expect(firstStep([matrix('none', 4, 4, { inside: { rows: 0, cols: 4 } })], undefined)).toBeUndefined();
  // Where the matrix is gone, as in another pass, one begins anew.
  expect(step(all, { key: 'gone', row: 0, col: 0 }, { rows: 1, cols: 0 })).toEqual(firstStep(all, undefined));
});
