// Tiles of a mask against counting every cell of the mask written out, for random shapes that the tile does not divide.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maskTiles, type TileKind } from './mask-tiles';
import { anyMask, matrixOf } from './testing/masks';

const problem = fc.record({
  queries: fc.integer({ min: 1, max: 70 }),
  keys: fc.integer({ min: 1, max: 70 }),
  br: fc.integer({ min: 1, max: 40 }),
  bc: fc.integer({ min: 1, max: 40 }),
  mask: anyMask,
});

test('each tile is what its cells are, one by one', () => {
  fc.assert(
    fc.property(problem, (p) => {
      const tiles = maskTiles(p, p);
      const matrix = matrixOf(p);
      tiles.kinds.forEach((kind, t) => {
        const r0 = Math.floor(t / tiles.cols) * p.br;
        const c0 = (t % tiles.cols) * p.bc;
        let seen = 0;
        let cells = 0;
        for (let i = r0; i < Math.min(r0 + p.br, p.queries); i++)
          for (let j = c0; j < Math.min(c0 + p.bc, p.keys); j++) {
            cells++;
            if (matrix[i]![j]) seen++;
          }
        const want: TileKind = seen === cells ? 'full' : seen > 0 ? 'partial' : 'skipped';
        expect(kind).toBe(want);
      });
      expect(tiles.counts.full + tiles.counts.partial + tiles.counts.skipped).toBe(tiles.rows * tiles.cols);
    }),
  );
});

test('closed form: N divisible by square tiles, T = N / B blocks', () => {
  const { counts } = maskTiles({ mask: 'causal', queries: 128, keys: 128 }, { br: 16, bc: 16 });
  expect(counts).toEqual({ full: 28, partial: 8, skipped: 28 });
});
