// The forward pass against values stored by the trainer (same rounded weights), against a naive product, and against
// what causality implies.
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import fixture from './fixture.json';
import { forward } from './forward';
import { matmul } from './matmul';
import { parseWeights } from './weights';

const file = readFileSync(new URL('../../public/model/weights.bin', import.meta.url));
const weights = parseWeights(file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength));
const { heads, dim, vocabulary, context, layers } = weights.config;
const TOLERANCE = 1e-3;

/** The largest difference; NaN counts as infinite. */
function worst(got: ArrayLike<number>, want: readonly number[]): number {
  expect(got.length).toBe(want.length);
  return want.reduce(
    (most, value, i) => Math.max(most, Number.isFinite(got[i]) ? Math.abs(value - got[i]!) : Infinity),
    0,
  );
}

test('Q, K, V, P and logits agree with the trainer on the stored fixture', () => {
  const pass = forward(weights, fixture.ids, fixture.positions);
  const n = fixture.ids.length;
  expect(fixture.heads).toHaveLength(layers);
  fixture.heads.forEach((layer, l) => {
    expect(layer).toHaveLength(heads);
    layer.forEach((want, h) => {
      const got = pass.heads[l]![h]!;
      fixture.positions.forEach((at, i) => {
        for (const name of ['q', 'k', 'v'] as const) {
          const row = got[name].subarray(at * dim, (at + 1) * dim);
          expect(worst(row, want[name][i]!), `${name} of layer ${l}, head ${h}, row ${at}`).toBeLessThan(TOLERANCE);
        }
      });
      expect(worst(got.p.subarray((n - 1) * n), want.p), `P of layer ${l}, head ${h}`).toBeLessThan(TOLERANCE);
    });
  });
  fixture.logits.forEach((want, i) => {
    const got = pass.logits.subarray(i * vocabulary, (i + 1) * vocabulary);
    const spread = got.filter((_, id) => id % 101 === 0);
    const sum = got.reduce((total, value) => total + Math.exp(value), 0);
    expect(worst(got.subarray(0, want.first.length), want.first)).toBeLessThan(TOLERANCE);
    expect(worst(spread, want.every101)).toBeLessThan(TOLERANCE);
    expect(worst([Math.log(sum)], [want.logSumExp])).toBeLessThan(TOLERANCE);
  });
});

test('a later token changes nothing before it, and something from it on', () => {
  const token = fc.integer({ min: 0, max: vocabulary - 1 });
  fc.assert(
    fc.property(fc.array(token, { minLength: 2, maxLength: 24 }), fc.nat(), token, (ids, where, other) => {
      const at = where % ids.length;
      fc.pre(ids[at] !== other);
      const before = forward(weights, ids);
      const after = forward(weights, ids.with(at, other));
      for (let l = 0; l < layers; l++) {
        for (let h = 0; h < heads; h++) {
          for (const name of ['q', 'k', 'v'] as const) {
            const [a, b] = [before.heads[l]![h]![name], after.heads[l]![h]![name]];
            expect(b.subarray(0, at * dim)).toEqual(a.subarray(0, at * dim));
          }
        }
      }
      expect(after.heads[0]![0]!.v.subarray(at * dim)).not.toEqual(before.heads[0]![0]!.v.subarray(at * dim));
    }),
    { numRuns: 25, seed: 11 },
  );
});

test('every row of P is a distribution over the tokens so far', () => {
  const n = 37;
  const pass = forward(
    weights,
    Array.from({ length: n }, (_, i) => (i * 131) % vocabulary),
  );
  for (const { p } of pass.heads.flat()) {
    for (let i = 0; i < n; i++) {
      const row = Array.from(p.subarray(i * n, (i + 1) * n));
      expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
      expect(row.slice(i + 1).every((value) => value === 0)).toBe(true);
      expect(row.every((value) => value >= 0)).toBe(true);
    }
  }
});

test('no token, too many tokens and unknown tokens are refused, a full context is not', () => {
  const refusal = (ids: number[]) => {
    try {
      forward(weights, ids);
    } catch (error) {
      return error;
    }
    return undefined;
  };
  expect(refusal([])).toMatchObject({ code: 'text-empty' });
  expect(refusal(Array<number>(context + 1).fill(5))).toMatchObject({
    code: 'tokens-too-many',
    details: { count: context + 1, limit: context },
  });
  expect(refusal([vocabulary])).toMatchObject({ code: 'unexpected' });
  expect(refusal(Array<number>(context).fill(5))).toBeUndefined();
});

test('matmul equals the plain triple loop for any shape', () => {
  const size = fc.integer({ min: 1, max: 19 });
  fc.assert(
    fc.property(size, size, size, fc.nat(), (n, inputs, outputs, salt) => {
      const x = Float32Array.from({ length: n * inputs }, (_, i) => Math.sin(i * 12.9 + salt));
      const w = Float32Array.from({ length: outputs * inputs }, (_, i) => Math.cos(i * 7.3 + salt));
      const y = matmul(x, w, n, inputs, outputs);
      const want: number[] = [];
      for (let r = 0; r < n; r++) {
        for (let o = 0; o < outputs; o++) {
          let sum = 0;
          for (let i = 0; i < inputs; i++) sum += x[r * inputs + i]! * w[o * inputs + i]!;
          want.push(sum);
        }
      }
      expect(worst(y, want)).toBeLessThan(1e-5);
    }),
    { seed: 12 },
  );
});
