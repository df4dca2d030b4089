// Slopes as the paper gives them, and tanh in plain f32.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tanhF32 } from './scores';
import { slopesOf } from './sizes';

test('slopes of powers of two are geometric, others lie between them', () => {
  expect(slopesOf(8)).toEqual([1 / 2, 1 / 4, 1 / 8, 1 / 16, 1 / 32, 1 / 64, 1 / 128, 1 / 256]);
  expect(slopesOf(1)).toEqual([1 / 256]);
  expect(slopesOf(6)).toEqual([1 / 4, 1 / 16, 1 / 64, 1 / 256, 1 / 2, 1 / 8]);
  // Of 16 heads and of 12: 1 / sqrt 2 is the first of the one, and the ninth of the other.
  expect(slopesOf(16)[0]).toBe(Math.fround(Math.SQRT1_2));
  expect(slopesOf(12).slice(8)).toEqual([0.5, 1.5, 2.5, 3.5].map((x) => Math.fround(2 ** -x)));
});

test('every head has a slope of its own, from 2^-8 up to below 1', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 128 }), (heads) => {
      const slopes = slopesOf(heads);
      expect(new Set(slopes).size).toBe(heads);
      expect(Math.min(...slopes)).toBeGreaterThanOrEqual(2 ** -8);
      expect(Math.max(...slopes)).toBeLessThan(1);
    }),
  );
});

test('tanh in f32 is right to three units in the last place, odd, and 1 from afar', () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (x) => {
      const want = Math.tanh(x);
      expect(Math.abs(tanhF32(x) - want)).toBeLessThanOrEqual(3 * 2 ** -24 * Math.abs(want));
      expect(tanhF32(-x)).toBe(-tanhF32(x));
    }),
    { numRuns: 5000 },
  );
  fc.assert(
    fc.property(fc.double({ min: -12, max: 12, noNaN: true }), (y) => {
      const x = Math.fround(y);
      expect(Math.abs(tanhF32(x) - Math.tanh(x))).toBeLessThanOrEqual(3 * 2 ** -24 * Math.abs(Math.tanh(x)));
    }),
    { numRuns: 5000 },
  );
  expect([tanhF32(0), tanhF32(3e38), tanhF32(-3e38)]).toEqual([0, 1, -1]);
});
