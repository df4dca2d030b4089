// A thumbnail cell is the largest probability of its block, whatever the sizes.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { thumbnail } from './thumbnail';

test('each cell is the largest of its block; a short map is kept whole', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 48 }), fc.nat(), (n, limit, salt) => {
      const p = Float32Array.from({ length: n * n }, (_, at) =>
        at % n <= Math.floor(at / n) ? Math.abs(Math.sin(at * 3.1 + salt)) : 0,
      );
      const { side, values } = thumbnail(p, n, limit);
      expect(side).toBe(Math.min(n, limit));
      const want = new Map<number, number>();
      p.forEach((value, at) => {
        const cell = Math.floor((Math.floor(at / n) * side) / n) * side + Math.floor(((at % n) * side) / n);
        want.set(cell, Math.max(want.get(cell) ?? 0, Math.round(value * 255)));
      });
      expect(Array.from(values)).toEqual(Array.from({ length: side * side }, (_, cell) => want.get(cell)));
    }),
    { seed: 41 },
  );
});
