// LayerNorm by what it promises: mean 0 and variance 1 of a row, constant rows, offsets and factors that change
// nothing; plain f32 beside f64.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rowsOf, type Sizes } from '../sizes';
import { compulsoryBytes, flops } from './cost';
import { normInputs } from './inputs';
import { layerNorm, layerNormF32 } from './oracle';

const anySizes = fc
  .record({
    batch: fc.integer({ min: 1, max: 2 }),
    heads: fc.integer({ min: 1, max: 3 }),
    queries: fc.integer({ min: 1, max: 9 }),
    dim: fc.integer({ min: 2, max: 70 }),
  })
  .map((sizes): Sizes => ({ ...sizes, kvHeads: 1, keys: 1, mask: 'full' }));

const plain = (sizes: Sizes, seed: number, offset = 0) => {
  const inputs = normInputs(sizes, seed, offset);
  return { ...inputs, Gamma: inputs.Gamma.fill(1), Beta: inputs.Beta.fill(0) };
};

const rowsIn = (Y: Float64Array, { dim }: Sizes) =>
  Array.from({ length: Y.length / dim }, (_, row) => Y.subarray(row * dim, (row + 1) * dim));

test('without gamma and beta a row has mean 0 and variance 1, as far as eps lets it', () => {
  fc.assert(
    fc.property(anySizes, fc.nat(), fc.double({ min: 0, max: 1e-3, noNaN: true }), (sizes, seed, eps) => {
      const { Y, Rstd } = layerNorm(sizes, plain(sizes, seed), eps);
      rowsIn(Y, sizes).forEach((y, row) => {
        expect(y.reduce((a, b) => a + b, 0) / sizes.dim).toBeCloseTo(0, 10);
        // variance / (variance + eps) = 1 - eps rstd²
        expect(y.reduce((a, b) => a + b * b, 0) / sizes.dim).toBeCloseTo(1 - eps * Rstd[row]! ** 2, 10);
      });
    }),
  );
});

test('gamma and beta act feature by feature, and no row knows of another', () => {
  fc.assert(
    fc.property(anySizes, fc.nat(), (sizes, seed) => {
      const inputs = normInputs(sizes, seed);
      const bare = layerNorm(sizes, plain(sizes, seed));
      const { Y } = layerNorm(sizes, inputs);
      Y.forEach((y, i) =>
        expect(y).toBeCloseTo(bare.Y[i]! * inputs.Gamma[i % sizes.dim]! + inputs.Beta[i % sizes.dim]!, 12),
      );
      const alone: Sizes = { ...sizes, batch: 1, heads: 1, queries: 1 };
      const last = rowsOf(sizes) - 1;
      const row = layerNorm(alone, { ...inputs, X: inputs.X.slice(last * sizes.dim) });
      expect([...row.Y]).toEqual([...Y.subarray(last * sizes.dim)]);
    }),
  );
});

test('a constant row gives beta and 1 / sqrt(eps)', () => {
  const sizes: Sizes = { batch: 1, heads: 1, kvHeads: 1, queries: 2, keys: 1, dim: 12, mask: 'full' };
  const inputs = normInputs(sizes, 1);
  inputs.X.fill(1e4);
  for (const { Y, Mean, Rstd } of [layerNorm(sizes, inputs), layerNormF32(sizes, inputs)]) {
    expect([...Y]).toEqual([...inputs.Beta, ...inputs.Beta]);
    expect([...Mean]).toEqual([1e4, 1e4]);
    expect(Rstd[0]).toBeCloseTo(1 / Math.sqrt(1e-5), 4);
  }
});

test('an offset of the whole row, and a factor, change Y by nothing but rounding', () => {
  fc.assert(
    fc.property(
      anySizes,
      fc.nat(),
      fc.integer({ min: -1000, max: 1000 }),
      fc.integer({ min: 0, max: 4 }),
      (sizes, seed, offset, power) => {
        const inputs = plain(sizes, seed);
        // Multiples of 2^-8 below 2^7: f32 holds them with any of these offsets and factors exactly.
        inputs.X = inputs.X.map((x) => Math.round(x * 256) / 256);
        const moved = layerNorm(sizes, { ...inputs, X: inputs.X.map((x) => (x + offset) * 2 ** power) }, 0);
        const still = layerNorm(sizes, inputs, 0);
        still.Y.forEach((y, i) => {
          if (Number.isFinite(y)) expect(moved.Y[i]).toBeCloseTo(y, 8);
        });
      },
    ),
  );
});

test('plain f32 comes within its own rounding, which an offset makes larger', () => {
  fc.assert(
    fc.property(anySizes, fc.nat(), fc.constantFrom(0, 100, -10_000), (sizes, seed, offset) => {
      const inputs = normInputs(sizes, seed, offset);
      const [want, got] = [layerNorm(sizes, inputs), layerNormF32(sizes, inputs)];
      // Half a digit of a number at the offset for every addition, as many deviations' widths as rstd says, gamma up to
      // 2.
      const digit = (1 + Math.abs(offset)) * 2 ** -23;
      want.Y.forEach((y, i) => {
        const rstd = want.Rstd[Math.floor(i / sizes.dim)]!;
        expect(Math.abs(got.Y[i]! - y)).toBeLessThan((1 + Math.abs(y)) * (1e-5 + 2 * sizes.dim * digit * rstd));
      });
    }),
  );
});

test('bytes at the least are those of the tensors themselves, FLOPs seven a number and five a row', () => {
  fc.assert(
    fc.property(anySizes, (sizes) => {
      const inputs = normInputs(sizes, 1);
      const bytes = (tensors: ArrayLike<number>[]) => 4 * tensors.reduce((sum, { length }) => sum + length, 0);
      expect(compulsoryBytes(sizes)).toEqual({
        read: bytes(Object.values(inputs)),
        written: bytes(Object.values(layerNorm(sizes, inputs))),
      });
      expect(flops(sizes)).toBe(7 * inputs.X.length + 5 * rowsOf(sizes));
    }),
  );
});
