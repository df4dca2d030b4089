// Predictions and budgets: the slowest kernels are left out, the others fit, and no kernel is left out that would have
// fitted.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flops } from '../ops/attention/cost';
import type { Entrant } from './entrant';
import { estimate, learned, predict, roundsMs, safeLength, shapesOf, withinBudget, type Pace, type Plan } from './plan';
import { SHAPE } from './testing/reports';

const plan: Plan = {
  kernels: ['naive', 'flash2'],
  masks: ['causal', 'full'],
  lengths: [256, 64],
  decoding: false,
  batch: 1,
  heads: 2,
  kvHeads: 1,
  dim: 32,
  budgetMs: 5000,
};

it('shapes go from short to long, every mask at each length', () => {
  expect(shapesOf(plan).map(({ keys, queries, mask, kvHeads }) => [keys, queries, mask, kvHeads])).toEqual([
    [64, 64, 'causal', 1],
    [64, 64, 'full', 1],
    [256, 256, 'causal', 1],
    [256, 256, 'full', 1],
  ]);
});

it('one query is one shape a length, under whichever mask: it sees every key', () => {
  expect(shapesOf({ ...plan, decoding: true }).map(({ keys, queries, mask }) => [keys, queries, mask])).toEqual([
    [64, 1, 'causal'],
    [256, 1, 'causal'],
  ]);
});

describe('predictions', () => {
  const at = (n: number) => ({ ...SHAPE, mask: 'full' as const, queries: n, keys: n });
  /** A device: a run has a fixed cost, and a time for each operation. */
  const device = fc.record({
    fixed: fc.double({ min: 0, max: 50, noNaN: true }),
    each: fc.double({ min: 1e-10, max: 1e-4, noNaN: true }),
  });
  const lengths = fc.uniqueArray(fc.integer({ min: 1, max: 4096 }), { minLength: 1, maxLength: 4 });
  const paceOf = (all: readonly number[], ms: (n: number) => number): Pace | undefined =>
    all.reduce<Pace | undefined>((pace, n) => learned(pace, { flops: flops(at(n)), ms: ms(n) }, 7), undefined);

  it('hold the truth between their bounds; two runs tell it exactly, whatever their order', () => {
    fc.assert(
      fc.property(
        device,
        lengths,
        fc.integer({ min: 1, max: 4096 }),
        fc.boolean(),
        ({ fixed, each }, seen, n, software) => {
          const ms = (of: number): number => fixed + each * flops(at(of));
          const found = predict(at(n), paceOf(seen, ms), software);
          const slack = 1e-9 * (1 + ms(n));
          expect(found.least).toBeLessThanOrEqual(ms(n) + slack);
          expect(found.most).toBeGreaterThanOrEqual(ms(n) - slack);
          expect(found.ms).toBeGreaterThanOrEqual(found.least - slack);
          expect(found.ms).toBeLessThanOrEqual(found.most + slack);
          if (seen.length > 1 || seen.includes(n))
            expect(Math.abs(found.ms - ms(n))).toBeLessThanOrEqual(1e-6 * (1 + ms(n)));
        },
      ),
      { numRuns: 300 },
    );
  });
  it('after one run at N = 1 leave open whether N = 256 takes as long or 65,536 times as long; what is not known has no bound', () => {
    const pace = paceOf([1], () => 0.3);
    const { least, most, ms } = predict(at(256), pace, false);
    expect([least, most]).toEqual([0.3, 0.3 * 65536]);
    expect(ms).toBeLessThan(20);
    expect(predict(at(256), undefined, false)).toMatchObject({ least: 0, most: Infinity });
    // What is tried next is as long as the bounds allow.
    const n = safeLength(at(256), pace, false, false, 20_000 / 7);
    expect(predict(at(n), pace, false).most).toBeLessThanOrEqual(20_000 / 7);
    expect(predict(at(n + 1), pace, false).most).toBeGreaterThan(20_000 / 7);
    expect(safeLength(at(256), undefined, false, false, 1000)).toBe(0);
  });
  it('a newer run of the same length takes the place of the older', () => {
    const pace = learned(
      paceOf([64, 128], () => 5),
      { flops: flops(at(64)), ms: 3 },
      9,
    );
    expect(pace.runs.map(({ ms }) => ms)).toEqual([3, 5]);
    expect(pace.compileMs).toBe(9);
  });
});

describe('within the budget', () => {
  const kernels = ['naive', 'flash2'] as const;
  const some = fc.record({
    naive: fc.double({ min: 0, max: 1e5, noNaN: true }),
    flash2: fc.double({ min: 0, max: 1e5, noNaN: true }),
  });
  it('the slowest are left out, no more of them than must be', () => {
    fc.assert(
      fc.property(some, fc.integer({ min: 500, max: 60_000 }), (times, budget) => {
        const predicted = new Map<Entrant, number>(kernels.map((kernel) => [kernel, times[kernel]]));
        const { kept, left } = withinBudget(predicted, budget);
        expect([...kept, ...left.map(({ kernel }) => kernel)].toSorted()).toEqual([...kernels].toSorted());
        const ms = (ids: readonly Entrant[]): number =>
          roundsMs(
            7,
            ids.map((id) => times[id as 'naive']),
          );
        if (kept.length > 0) expect(ms(kept)).toBeLessThanOrEqual(budget);
        for (const { kernel, ms: predictedMs } of left) {
          expect(predictedMs).toBe(times[kernel as 'naive']);
          for (const other of kept) expect(times[other as 'naive']).toBeLessThanOrEqual(predictedMs);
        }
        // The last one that was left out would not have fitted.
        const next = left.at(-1);
        if (next) expect(ms([...kept, next.kernel])).toBeGreaterThan(budget);
      }),
      { seed: 9 },
    );
  });
  it('seven rounds of a second fit no budget of five: they are left out, a quick kernel stays', () => {
    const { kept, left } = withinBudget(
      new Map<Entrant, number>([
        ['naive', 1000],
        ['flash2', 20],
      ]),
      5000,
    );
    expect(kept).toEqual(['flash2']);
    expect(left).toEqual([{ kernel: 'naive', ms: 1000 }]);
  });
});

it('an estimate is the sum of its points: longer lists take longer, and what was measured replaces the guess', () => {
  const short = shapesOf({ ...plan, lengths: [64] });
  const long = shapesOf(plan);
  const none = new Map();
  expect(estimate(long, plan, none, true)).toBeGreaterThan(estimate(short, plan, none, true));
  const quick = new Map(
    plan.kernels.map((kernel) => [kernel, learned(undefined, { ms: 1e-6, flops: flops(short[0]!) }, 5)]),
  );
  // Two warm-ups and twelve rounds of two kernels and the control at 12.5 ms, and 40 ms of probes; two texts compiled.
  expect(estimate(short.slice(0, 1), plan, quick, true)).toBeCloseTo(2 * 5 + 14 * (3 * 12.5 + 40), 6);
});
