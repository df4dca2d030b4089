// Predictions and budgets: what is left out is the slowest, what stays fits, and nothing is left out that would have fitted.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flops } from '../attention/cost';
import type { Entrant } from './autotune-store';
import { estimate, predict, roundsMs, shapesOf, withinBudget, type Plan } from './plan';
import { SHAPE } from './testing';

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

it('a run takes as much longer as it has more operations: four times at twice the length, with the full mask', () => {
  const at = (n: number) => ({ ...SHAPE, mask: 'full' as const, queries: n, keys: n });
  const pace = { ms: 3, flops: flops(at(100)), compileMs: 0 };
  expect(predict(at(100), pace)).toBeCloseTo(3, 12);
  expect(predict(at(200), pace)).toBeCloseTo(12, 12);
});

describe('within the budget', () => {
  const kernels = ['naive', 'flash2'] as const;
  const some = fc.record({ naive: fc.double({ min: 0, max: 1e5, noNaN: true }), flash2: fc.double({ min: 0, max: 1e5, noNaN: true }) });
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
  const quick = new Map(plan.kernels.map((kernel) => [kernel, { ms: 1e-6, flops: flops(SHAPE), compileMs: 5 }]));
  // Two warm-ups and twelve rounds of two kernels and the control at 10 ms, and 40 ms of probes; two texts compiled.
  expect(estimate(short.slice(0, 1), plan, quick, true)).toBeCloseTo(2 * 5 + 14 * (3 * 10 + 40), 6);
});
