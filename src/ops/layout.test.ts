// Where scalars sit: a layout's terms against the place written out, and every cell of a block held by exactly one
// scalar that speaks.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadsOf } from './loads';
import { placeIn, tableOf, type ArrayLayout } from './layout';

const axes = ['query', 'dim'] as const;

test('without terms an array is row-major, and what lies behind its last row is padding', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), fc.nat(200), (rows, cols, index) => {
      const at = placeIn({ role: 'O', rows, cols, axes }, index, 0);
      expect(at).toEqual(index < rows * cols ? [Math.floor(index / cols), index % cols] : undefined);
    }),
  );
});

test('threads that own every SIDE-th chunk of some rows: the terms are the formula, and each cell has one owner', () => {
  const sizes = fc.record({
    side: fc.constantFrom(1, 2, 4, 8),
    apart: fc.integer({ min: 1, max: 5 }),
    own: fc.integer({ min: 1, max: 4 }),
  });
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 60 }), ({ side, apart, own }, cols) => {
      const rowsEach = 4;
      const layout: ArrayLayout = {
        role: 'O',
        rows: rowsEach * apart,
        cols: Math.min(cols, side * own),
        axes,
        terms: [
          { of: 'lane', div: side, row: rowsEach },
          { of: 'lane', mod: side, col: 1 },
          { of: 'index', mod: rowsEach, row: 1 },
          { of: 'index', div: rowsEach, col: side },
        ],
      };
      const length = rowsEach * own;
      const table = tableOf(layout, length, side * apart);
      const owners = Array.from({ length: layout.rows * layout.cols }, () => 0);
      table.forEach((cell, i) => {
        const [lane, index] = [Math.floor(i / length), i % length];
        const row = Math.floor(lane / side) * rowsEach + (index % rowsEach);
        const col = (lane % side) + Math.floor(index / rowsEach) * side;
        expect(cell).toBe(col < layout.cols ? row * layout.cols + col : -1);
        if (cell >= 0) owners[cell]!++;
      });
      expect(owners.every((n) => n === 1)).toBe(true);
    }),
  );
});

test('of threads that agree only the first speaks', () => {
  const layout: ArrayLayout = {
    role: 'm',
    rows: 3,
    cols: 1,
    axes: ['query', 'one'],
    terms: [{ of: 'lane', div: 4, row: 1 }],
    speakers: 4,
  };
  expect(Array.from({ length: 12 }, (_, lane) => placeIn(layout, 0, lane)?.[0])).toEqual([
    0,
    undefined,
    undefined,
    undefined,
    1,
    undefined,
    undefined,
    undefined,
    2,
    undefined,
    undefined,
    undefined,
  ]);
});

test('loads of a tile: counted thread by thread', () => {
  fc.assert(
    fc.property(
      fc.nat(40),
      fc.nat(40),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 64 }),
      (rows, keys, n, scalars) => {
        let most = 0;
        for (let row = 0; row < rows; row++) for (let key = 0; key < keys && key < n; key++) most += scalars;
        expect(loadsOf({ each: 'row', scalars, threads: { most: n } }, rows, keys)).toBe(most);
        let blocks = 0;
        for (let key = 0; key < keys; key++) for (let row = 0; row < rows; row += n) blocks += scalars;
        expect(loadsOf({ each: 'key', scalars, threads: { block: n } }, rows, keys)).toBe(blocks);
      },
    ),
  );
});
