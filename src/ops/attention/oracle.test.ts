// The oracle against brute force written another way, and against what any softmax must fulfil.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inputsOfPeers } from './inputs';
import { NOTHING_SEEN, attendPlane, attendRow, attendRowOnline } from './oracle';
import type { Inputs, Shape } from './shape';
import { sees } from './shape';
import { anyMask, matrixOf } from './testing/masks';
import { scoreByDefinition, withScores } from './testing/scores';

const anyShape = fc
  .record({
    batch: fc.integer({ min: 1, max: 2 }),
    kvHeads: fc.integer({ min: 1, max: 3 }),
    group: fc.integer({ min: 1, max: 3 }),
    queries: fc.integer({ min: 1, max: 12 }),
    keys: fc.integer({ min: 1, max: 12 }),
    dim: fc.integer({ min: 1, max: 9 }),
    mask: anyMask,
  })
  .map(({ group, ...rest }): Shape => ({ ...rest, heads: rest.kvHeads * group }));

/** By nested arrays and without the shift by m: exp(s) over the sum of exp(s). */
function bruteForce(shape: Shape, { q, k, v }: Inputs, b: number, h: number, i: number): { o: number[]; lse: number } {
  const { heads, kvHeads, queries, keys, dim } = shape;
  const row = (data: Float32Array, planes: number, rows: number, plane: number, at: number) => {
    expect(data.length).toBe(shape.batch * planes * rows * dim);
    return [...data].slice(((b * planes + plane) * rows + at) * dim).slice(0, dim);
  };
  const kv = Math.trunc((h * kvHeads) / heads);
  const seen = Array.from({ length: keys }, (_, j) => j).filter((j) => matrixOf(shape)[i]![j]);
  const query = row(q, heads, queries, h, i);
  const weights = seen.map((j) => {
    const s = row(k, kvHeads, keys, kv, j).reduce((sum, x, c) => sum + x * query[c]!, 0) / Math.sqrt(dim);
    return Math.exp(scoreByDefinition(shape, s, h, i, j));
  });
  const total = weights.reduce((a, w) => a + w, 0);
  const o = query.map((_, c) =>
    seen.reduce((sum, j, n) => sum + (weights[n]! / total) * row(v, kvHeads, keys, kv, j)[c]!, 0),
  );
  return { o: seen.length > 0 ? o : o.map(() => 0), lse: Math.log(total) };
}

test('rows agree with brute force, for every mask and grouping, softcap and slopes', () => {
  fc.assert(
    fc.property(fc.oneof(anyShape, withScores(anyShape)), fc.nat(), (shape, seed) => {
      const inputs = inputsOfPeers(shape, seed);
      for (let b = 0; b < shape.batch; b++) {
        for (let h = 0; h < shape.heads; h++) {
          for (let i = 0; i < shape.queries; i++) {
            const got = attendRow(shape, inputs, b * shape.heads + h, i);
            const want = bruteForce(shape, inputs, b, h, i);
            want.o.forEach((x, c) => expect(got.o[c]).toBeCloseTo(x, 12));
            if (want.lse === -Infinity) expect(got.lse).toBe(NOTHING_SEEN);
            else expect(got.lse).toBeCloseTo(want.lse, 12);
          }
        }
      }
    }),
    { seed: 1, numRuns: 120 },
  );
});

test('P of a plane has rows that sum to one where something is seen, and is zero where nothing is', () => {
  fc.assert(
    fc.property(anyShape, fc.nat(), (shape, seed) => {
      const { p, lse, s } = attendPlane(shape, inputsOfPeers(shape, seed), 0);
      for (let i = 0; i < shape.queries; i++) {
        let sum = 0;
        for (let j = 0; j < shape.keys; j++) {
          const x = p[i * shape.keys + j]!;
          expect(x).toBeCloseTo(sees(shape, i, j) ? Math.exp(s[i * shape.keys + j]! - lse[i]!) : 0, 12);
          sum += x;
        }
        expect(sum).toBeCloseTo(matrixOf(shape)[i]!.some(Boolean) ? 1 : 0, 12);
      }
    }),
    { seed: 2, numRuns: 60 },
  );
});

test('the online recurrence ends at the direct softmax, for every tile width, and keeps its invariants on the way', () => {
  fc.assert(
    fc.property(anyShape, fc.nat(), fc.integer({ min: 1, max: 13 }), (shape, seed, bc) => {
      const inputs = inputsOfPeers(shape, seed);
      const i = seed % shape.queries;
      const want = attendRow(shape, inputs, 0, i);
      const steps = attendRowOnline(shape, inputs, 0, i, bc);
      let before = 0;
      for (const { m, mOld, alpha, l, p, s, k0 } of steps) {
        expect(m).toBeGreaterThanOrEqual(mOld);
        expect(alpha).toBe(Math.exp(mOld - m));
        expect(l).toBeCloseTo(before * alpha + p.reduce((a, b) => a + b, 0), 12);
        // l so far is the direct sum over all keys so far.
        const sofar = [...want.s]
          .filter((_, j) => j < k0 + s.length && sees(shape, i, j))
          .reduce((a, x) => a + Math.exp(x - m), 0);
        expect(l).toBeCloseTo(sofar, 12);
        before = l;
      }
      const last = steps.at(-1);
      if (!last) {
        expect(want.l).toBe(0);
        return;
      }
      expect([last.m, last.m + Math.log(last.l)]).toEqual([want.m, expect.closeTo(want.lse, 12)]);
      want.o.forEach((x, c) => expect(last.o[c]! / last.l).toBeCloseTo(x, 12));
    }),
    { seed: 3, numRuns: 100 },
  );
});

test('logits of ten thousand stay finite', () => {
  const shape: Shape = { batch: 1, heads: 1, kvHeads: 1, queries: 3, keys: 5, dim: 2, mask: 'full' };
  const { o, lse } = attendPlane(shape, inputsOfPeers(shape, 5), 0, 1e4);
  expect([...o, ...lse].every(Number.isFinite)).toBe(true);
});
