// The gradients against central differences of the forward oracle, and O and LSE on the way against it; the plain f32
// form beside them.
import fc from 'fast-check';
import { anyMask } from '../attention/testing/masks';
import { withScores } from '../attention/testing/scores';
import { expect, test } from 'vitest';
import { inputsOfPeers } from '../attention/inputs';
import { attendPlane } from '../attention/oracle';
import type { Inputs, Shape } from '../attention/shape';
import { mulberry32 } from '../random';
import { gradientsF32 } from './f32';
import { backwardInputs } from './inputs';
import { attentionBackwardNumbers } from './numbers';
import { gradients } from './oracle';

const anyShape = fc
  .record({
    batch: fc.integer({ min: 1, max: 2 }),
    kvHeads: fc.integer({ min: 1, max: 2 }),
    group: fc.integer({ min: 1, max: 3 }),
    queries: fc.integer({ min: 1, max: 9 }),
    keys: fc.integer({ min: 1, max: 9 }),
    dim: fc.integer({ min: 1, max: 6 }),
    mask: anyMask,
  })
  .map(({ group, ...rest }): Shape => ({ ...rest, heads: rest.kvHeads * group }));

const named = ({ q, k, v }: Inputs) => ({ Q: q, K: k, V: v }) as Record<'Q' | 'K' | 'V', Float32Array<ArrayBuffer>>;

/** The loss whose gradient by O is dO: their product, over all planes, by the forward oracle. */
function loss(shape: Shape, inputs: Inputs, dO: Float32Array, scale: number): number {
  let sum = 0;
  for (let plane = 0; plane < shape.batch * shape.heads; plane++) {
    const { o } = attendPlane(shape, inputs, plane, scale);
    o.forEach((x, i) => (sum += x * dO[plane * o.length + i]!));
  }
  return sum;
}

/** Half the width of a central difference; the numbers are f32, so what they really differ by is asked for. */
const WIDTH = 2 ** -9;

/** With softcap and slopes, too. */
const anyScored = fc.oneof(anyShape, withScores(anyShape));

test('dQ, dK and dV are what the loss changes by', () => {
  fc.assert(
    fc.property(anyScored, fc.nat(), fc.double({ min: 0.2, max: 2, noNaN: true }), (shape, seed, factor) => {
      const inputs = inputsOfPeers(shape, seed);
      const scale = factor / Math.sqrt(shape.dim);
      const { dO } = backwardInputs(shape, named(inputs), seed);
      const got = gradients(shape, { ...named(inputs), dO }, scale);
      const uniform = mulberry32(seed);
      for (const [name, by] of [
        ['q', got.dQ],
        ['k', got.dK],
        ['v', got.dV],
      ] as const) {
        for (let n = 0; n < 6; n++) {
          const i = Math.floor(uniform() * by.length);
          const at = (step: number): [number, number] => {
            const moved = { ...inputs, [name]: inputs[name].slice() };
            moved[name][i]! += step;
            return [loss(shape, moved, dO, scale), moved[name][i]!];
          };
          const [[more, high], [less, low]] = [at(WIDTH), at(-WIDTH)];
          // The next term of the series is the third derivative times WIDTH² / 6, and a cap's goes as 1 / softcap².
          const bound = 2e-4 * (1 + 4 / (shape.softcap ?? Infinity) ** 2);
          expect(Math.abs(by[i]! - (more - less) / (high - low))).toBeLessThan(bound);
        }
      }
    }),
  );
});

test('O and LSE on the way are the forward oracle’s, a row that sees nothing included', () => {
  fc.assert(
    fc.property(anyShape, fc.nat(), (shape, seed) => {
      const inputs = inputsOfPeers(shape, seed);
      const { O, LSE, D, dQ } = gradients(shape, { ...named(inputs), dO: inputs.q });
      const { queries, dim } = shape;
      for (let plane = 0; plane < shape.batch * shape.heads; plane++) {
        const { o, lse } = attendPlane(shape, inputs, plane);
        o.forEach((x, i) => expect(O[plane * o.length + i]).toBeCloseTo(x, 12));
        lse.forEach((x, i) => expect(LSE[plane * queries + i]! / x).toBeCloseTo(1, 9));
      }
      LSE.forEach((x, row) => {
        if (x <= -1e30) expect([D[row], ...dQ.subarray(row * dim, (row + 1) * dim)].every((y) => y === 0)).toBe(true);
      });
    }),
  );
});

test('rows of dS sum to zero: keys that are all the same move no query, values that are all the same move nothing but themselves', () => {
  fc.assert(
    fc.property(anyShape, fc.nat(), (shape, seed) => {
      const inputs = inputsOfPeers(shape, seed);
      const dO = inputs.q;
      const same = gradients(shape, { ...named(inputs), K: inputs.k.map(() => 0.7), dO });
      same.dQ.forEach((x) => expect(x).toBeCloseTo(0, 12));
      const flat = gradients(shape, { ...named(inputs), V: inputs.v.map(() => 0.7), dO });
      for (const x of [...flat.dQ, ...flat.dK]) expect(x).toBeCloseTo(0, 12);
    }),
  );
});

test('plain f32 comes within its own rounding of them', () => {
  fc.assert(
    fc.property(anyShape, fc.nat(), (shape, seed) => {
      const inputs = backwardInputs(shape, named(inputsOfPeers(shape, seed)), seed);
      const [want, plain] = [gradients(shape, inputs), gradientsF32(shape, inputs)];
      for (const id of ['dQ', 'dK', 'dV'] as const) {
        expect(plain[id]).toHaveLength(want[id].length);
        want[id].forEach((x, i) => expect(Math.abs(plain[id][i]! - x)).toBeLessThan(1e-5));
      }
    }),
  );
});

test('the same Q, K and V under another mask or scale have another O and LSE, and are given those', () => {
  const shape: Shape = { batch: 1, heads: 2, kvHeads: 1, queries: 4, keys: 6, dim: 3, mask: 'full' };
  const inputs = inputsOfPeers(shape, 1);
  for (const mask of ['full', 'causal', 'full'] as const) {
    for (const scale of [0.5, 2]) {
      const problem = { shape: { ...shape, mask }, inputs, scale };
      const { O, LSE } = gradients(problem.shape, { ...named(inputs), dO: inputs.q }, scale);
      expect(attentionBackwardNumbers.given('O', problem)).toEqual(Float32Array.from(O));
      expect(attentionBackwardNumbers.given('LSE', problem)).toEqual(Float32Array.from(LSE));
      // Made once: the same array each time.
      expect(attentionBackwardNumbers.given('O', problem)).toBe(attentionBackwardNumbers.given('O', problem));
    }
  }
});
