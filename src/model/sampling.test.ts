// From logits to a token: against brute force over all tokens, and closed sums.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { forward } from './forward';
import { mulberry32 } from '../ops/random';
import {
  countToReach,
  distributionOf,
  drawToken,
  entropy,
  keptCount,
  penalised,
  softmax,
  sortedLogits,
  type Sampling,
} from './sampling';
import { acceptance, bothWays, expectedTokens, residual, speculate, speedup } from './speculative';
import { shipped, shippedTokenizer } from './testing/shipped';

const logits = fc
  .array(fc.double({ min: -8, max: 8, noNaN: true }), { minLength: 1, maxLength: 12 })
  .map((values) => Float32Array.from(values));
const sampling: fc.Arbitrary<Sampling> = fc.record(
  {
    temperature: fc.double({ min: 0.1, max: 3, noNaN: true }),
    topK: fc.integer({ min: 1, max: 14 }),
    topP: fc.double({ min: 0.01, max: 1, noNaN: true }),
    penalty: fc.double({ min: 1, max: 2, noNaN: true }),
    cutFirst: fc.boolean(),
  },
  { requiredKeys: ['temperature'] },
);

const sum = (values: Iterable<number>) => [...values].reduce((a, b) => a + b, 0);
const exact = (values: ArrayLike<number>, heat: number) => {
  const e = Array.from(values, (value) => Math.exp(value / heat));
  return e.map((x) => x / sum(e));
};

/** Whether some tokens reach a share of the rest that top-k left. */
const reaches = (p: number[], ids: readonly number[], among: readonly number[], share: number) =>
  sum(ids.map((id) => p[id]!)) >= share * sum(among.map((id) => p[id]!)) - 1e-12;

test('order, probabilities and cut are those of brute force', () => {
  fc.assert(
    fc.property(logits, sampling, fc.array(fc.nat(11)), (given, asked, occurred) => {
      const { order, p, kept, mass } = distributionOf(
        given,
        asked,
        occurred.filter((id) => id < given.length),
      );
      const scored = Array.from(given, (value, id) =>
        occurred.includes(id) && asked.penalty
          ? Math.fround(value > 0 ? value / asked.penalty : value * asked.penalty)
          : value,
      );
      const byHand = exact(scored, asked.temperature);
      expect([...order].toSorted((a, b) => a - b)).toEqual([...given.keys()]);
      order.forEach((id, rank) => expect(p[rank]).toBeCloseTo(byHand[id]!, 9));
      for (let rank = 1; rank < order.length; rank++)
        expect(scored[order[rank]!]).toBeLessThanOrEqual(scored[order[rank - 1]!]!);
      expect(mass).toBeCloseTo(sum(p.subarray(0, kept)), 12);
      const seen = occurred.filter((id) => id < given.length);
      expect(keptCount(sortedLogits(penalised(given, seen, asked.penalty)), asked)).toBe(kept);
      const among = [...order].slice(0, asked.topK ?? order.length);
      if (asked.topP === undefined) expect(kept).toBe(among.length);
      else {
        const cutBy = asked.cutFirst ? exact(scored, 1) : byHand;
        expect(reaches(cutBy, among.slice(0, kept), among, asked.topP)).toBe(true);
        if (kept > 1) expect(reaches(cutBy, among.slice(0, kept - 1), among, asked.topP + 1e-9)).toBe(false);
      }
    }),
    { numRuns: 400, seed: 3 },
  );
});

test('the nucleus is the smallest of all sets that reach the mass', () => {
  fc.assert(
    fc.property(
      logits.filter((values) => values.length <= 9),
      fc.double({ min: 0.05, max: 0.999, noNaN: true }),
      (given, topP) => {
        const p = exact(given, 1);
        let smallest = given.length;
        for (let set = 1; set < 2 ** given.length; set++) {
          const members = p.filter((_, id) => (set >> id) & 1);
          if (sum(members) >= topP) smallest = Math.min(smallest, members.length);
        }
        const { kept } = distributionOf(given, { temperature: 1, topP });
        fc.pre(
          ![...Array(given.length).keys()].some(
            (i) => Math.abs(sum(p.toSorted((a, b) => b - a).slice(0, i)) - topP) < 1e-9,
          ),
        );
        expect(kept).toBe(smallest);
      },
    ),
    { numRuns: 150, seed: 4 },
  );
});

test('temperature 0 is greedy, 1 is the softmax, and more is flatter', () => {
  const given = Float32Array.of(1, 3, 2);
  expect([...softmax(given, 0)]).toEqual([0, 1, 0]);
  expect([...softmax(Float32Array.of(3, 3, 1), 0)]).toEqual([0.5, 0.5, 0]);
  const entropies = [0.2, 0.5, 1, 2, 8].map((heat) => entropy(softmax(given, heat)));
  expect(entropies).toEqual(entropies.toSorted((a, b) => a - b));
  expect(entropy(softmax(Float32Array.of(5, 5, 5, 5)))).toBeCloseTo(Math.log(4), 12);
  expect(countToReach([0.5, 0.3, 0.2], 0.8)).toBe(2);
  expect(countToReach([0.5, 0.3, 0.2], 1)).toBe(3);
});

test('a penalty lowers what occurred, whatever its sign, once, and nothing else', () => {
  expect([...penalised(Float32Array.of(2, -2, 4, 0), [0, 1, 0], 2)]).toEqual([1, -4, 4, 0]);
  const given = Float32Array.of(1, 2);
  expect(penalised(given, [0, 1])).toBe(given);
});

test('drawn tokens come as often as they should, and never from beyond the cut', () => {
  const given = Float32Array.from([2, 1.5, 1, 0, -1, 1.2]);
  const draw = { temperature: 0.8, topK: 4, topP: 0.9, penalty: 1.2 };
  const { order, p, kept, mass } = distributionOf(given, draw, [1]);
  const many = 6000;
  const seen = new Map<number, number>();
  for (let seed = 0; seed < many; seed++) {
    const { token, probability } = drawToken(given, 3, { ...draw, seed }, [1]);
    expect(probability).toBeCloseTo(exact(given, 1)[token]!, 9);
    seen.set(token, (seen.get(token) ?? 0) + 1);
  }
  expect(new Set(seen.keys())).toEqual(new Set(order.subarray(0, kept)));
  order.subarray(0, kept).forEach((id, rank) => {
    const share = p[rank]! / mass;
    // Five standard deviations; the seeds are fixed.
    expect(Math.abs(seen.get(id)! / many - share)).toBeLessThan(5 * Math.sqrt((share * (1 - share)) / many));
  });
});

describe('speculative sampling', () => {
  const distribution = (size: number) =>
    fc
      .array(fc.integer({ min: 0, max: 20 }), { minLength: size, maxLength: size })
      .filter((w) => sum(w) > 0)
      .map((w) => Float64Array.from(w, (x) => x / sum(w)));

  test('both ways together give the target’s distribution', () => {
    fc.assert(
      fc.property(distribution(7), distribution(7), (p, q) => {
        bothWays(p, q).forEach((x, i) => expect(x).toBeCloseTo(p[i]!, 14));
        expect(acceptance(p, q)).toBeCloseTo(1 - 0.5 * sum(p.map((x, i) => Math.abs(x - q[i]!))), 12);
        expect(sum(residual(p, q))).toBeCloseTo(1, 12);
      }),
      { numRuns: 200, seed: 6 },
    );
  });

  test('all that a round can do, weighed by how likely it is, is the target: every number it can draw', () => {
    // Three tokens and one guess: u1 chooses the guess, u2 accepts, u3 draws anew. Midpoints of a fine grid.
    const q = Float64Array.of(0.5, 0.3, 0.2);
    const p = Float64Array.of(0.2, 0.5, 0.3);
    const steps = 30;
    const first = [0, 0, 0];
    for (let a = 0; a < steps; a++)
      for (let b = 0; b < steps; b++)
        for (let c = 0; c < steps; c++) {
          const numbers = [a, b, c].map((x) => (x + 0.5) / steps);
          const { guesses, accepted, next } = speculate(
            [],
            1,
            () => q,
            () => [p, p],
            () => numbers.shift()!,
          );
          first[accepted === 1 ? guesses[0]!.token : next]! += 1 / steps ** 3;
        }
    first.forEach((share, i) => expect(share).toBeCloseTo(p[i]!, 9));
  });

  test('a draft that is the target is always accepted, one that misses it never', () => {
    const p = Float64Array.of(0.6, 0.4, 0);
    const uniform = mulberry32(1);
    expect(
      speculate(
        [5],
        4,
        () => p,
        () => Array<Float64Array>(5).fill(p),
        uniform,
      ).accepted,
    ).toBe(4);
    const apart = speculate(
      [5],
      4,
      () => Float64Array.of(0, 0, 1),
      () => Array<Float64Array>(5).fill(p),
      uniform,
    );
    expect(apart.accepted).toBe(0);
    expect(apart.next).toBeLessThan(2);
  });

  test('how many tokens a round gives is the sum of the chances to come so far', () => {
    for (const a of [0, 0.3, 0.8])
      for (const k of [1, 4, 9]) {
        const byHand = sum(Array.from({ length: k + 1 }, (_, i) => a ** i));
        expect(expectedTokens(a, k)).toBeCloseTo(byHand, 12);
        expect(speedup(a, k, 0.5)).toBeCloseTo(byHand / (0.5 * k + 1), 12);
      }
    expect(expectedTokens(1, 4)).toBe(5);
  });
});

describe('what the lessons rest on', () => {
  const after = (text: string, options = {}) =>
    forward(shipped, shippedTokenizer.encode(text).ids, undefined, options).logits;
  const open = after('昔人已乘黄鹤去，此地空余');
  const sure = after('昔人已乘黄鹤去，此地空余黄鹤楼');

  test('how many tokens 0.9 of the probability takes', () => {
    expect(keptCount(sortedLogits(sure), { temperature: 1, topP: 0.9 })).toBe(1);
    expect(keptCount(sortedLogits(open), { temperature: 1, topP: 0.9 })).toBe(1198);
    expect(keptCount(sortedLogits(open), { temperature: 1.5, topP: 0.9 })).toBe(2974);
    expect(keptCount(sortedLogits(open), { temperature: 1.5, topP: 0.9, cutFirst: true })).toBe(1198);
    expect(keptCount(sortedLogits(open), { temperature: 0.4, topP: 0.9 })).toBe(37);
  });

  test('a penalty that breaks loops also costs what should be repeated', () => {
    const text = '昔人已乘黄鹤去，此地空余黄';
    const ids = [...shippedTokenizer.encode(text).ids];
    const [crane] = shippedTokenizer.encode('鹤').ids;
    const { order, p } = distributionOf(after(text), { temperature: 1, penalty: 1.3 }, ids);
    expect(p[order.indexOf(crane!)]).toBeCloseTo(0.18, 2);
  });

  test('two layers as a draft of four', () => {
    const text = '昔人已乘黄鹤去，此地空余黄鹤楼。黄鹤一去不复返，白云千载';
    const [p, q] = [softmax(after(text)), softmax(after(text, { layers: 2 }))];
    expect(acceptance(p, q)).toBeGreaterThan(0.1);
    expect(Math.max(...bothWays(p, q).map((x, i) => Math.abs(x - p[i]!)))).toBeLessThan(1e-15);
  });
});
