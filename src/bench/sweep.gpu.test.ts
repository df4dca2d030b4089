// A sweep of real kernels on the test's adapter, and the device limits tried on it. How fast anything is does not
// matter here.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession, type Session } from '../machine/gpu/session';
import { kernelById } from '../kernels/kernels';
import { rowsOf } from './analysis';
import { createInputMaker, type InputMaker } from './inputs';
import { tryFirstRefused, tryBinding } from './limits';
import type { Pace, Plan } from './plan';
import { readReport, writeReport, type Point } from './report';
import { sweep, type SweepOptions, type SweepProgress } from './sweep';
import { reportOf, SHAPE } from './testing/reports';

const plan: Plan = {
  kernels: ['naive', 'flash2'],
  masks: ['causal'],
  lengths: [20, 33],
  decoding: false,
  batch: 1,
  heads: 2,
  kvHeads: 1,
  dim: 16,
  budgetMs: 1500,
};
let session: Session;
let inputs: InputMaker;
beforeAll(async () => {
  session = await openSession();
  inputs = createInputMaker();
});
afterAll(() => {
  inputs.dispose();
  session.close();
});

function optionsOf(change: Partial<SweepOptions> = {}): {
  options: SweepOptions;
  points: Point[];
  seen: SweepProgress[];
} {
  const points: Point[] = [];
  const seen: SweepProgress[] = [];
  const options: SweepOptions = {
    signal: new AbortController().signal,
    inputs,
    paces: new Map<string, Pace>(),
    attended: () => true,
    untilAttended: () => Promise.resolve(),
    onPoint: (point) => points.push(point),
    onProgress: (progress) => seen.push(progress),
    ...change,
  };
  return { options, points, seen };
}

describe('sweep', () => {
  it('gives every point as it is done, with checked answers, a control and probes, and learns the pace', async () => {
    const { options, points, seen } = optionsOf();
    await sweep(session, plan, options);
    expect(points.map(({ shape }) => shape.keys)).toEqual([20, 33]);
    for (const { kernels, peak, control } of points) {
      expect(kernels.map(({ kernel, outcome }) => [kernel, outcome])).toEqual([
        ['naive', 'timed'],
        ['flash2', 'timed'],
      ]);
      for (const result of kernels) if (result.outcome === 'timed') expect(result.maxAbsError).toBeLessThan(4e-6);
      expect(peak?.flops).toBeGreaterThan(1e6);
      expect(control?.n).toBeGreaterThan(0);
    }
    expect([...options.paces.keys()].toSorted()).toEqual(['flash2', 'naive']);
    expect(seen.at(-1)).toMatchObject({ point: 1, points: 2, stage: 'check' });
    const report = reportOf(points);
    expect(rowsOf(readReport(writeReport(report)))).toEqual(rowsOf(report));
  });
  it('one query: kernels made for it beside those for many, each right, paged through a scattered table; the first run that predicts is of one query too', async () => {
    const { options, points, seen } = optionsOf();
    const kernels = ['naive', 'flash2', 'decode', 'decode-split', 'paged'] as const;
    await sweep(session, { ...plan, kernels, masks: ['causal', 'full'], lengths: [130], decoding: true }, options);
    expect(points.map(({ shape }) => [shape.queries, shape.keys, shape.mask])).toEqual([[1, 130, 'causal']]);
    expect(points[0]?.kernels.map(({ kernel, outcome }) => [kernel, outcome])).toEqual(
      kernels.map((kernel) => [kernel, 'timed']),
    );
    for (const result of points[0]?.kernels ?? [])
      if (result.outcome === 'timed') expect(result.maxAbsError).toBeLessThan(4e-6);
    expect(seen[0]?.stage).toBe('pilot');
    // 4 d a key and head, for one row.
    // First at 128 keys, then at all.
    for (const { runs } of options.paces.values())
      expect(runs.map(({ flops }) => flops)).toEqual([4 * 16 * 128 * 2, 4 * 16 * 130 * 2]);
    const report = reportOf(points, [...kernels]);
    expect(report.decoding).toBe(true);
    expect(readReport(writeReport(report))).toEqual(report);
  });
  it('keeps what was done when it is stopped', async () => {
    const stop = new AbortController();
    const { options, points } = optionsOf({ signal: stop.signal });
    const onPoint = (point: Point): void => {
      points.push(point);
      stop.abort();
    };
    await expect(sweep(session, plan, { ...options, onPoint })).rejects.toMatchObject({ code: 'cancelled' });
    expect(points).toHaveLength(1);
  });
  it('skips a kernel whose fewest rounds would pass the budget, and says what was predicted', async () => {
    const paces = new Map<string, Pace>([['naive', { runs: [{ ms: 1e6, flops: 1 }], compileMs: 1 }]]);
    const { options, points } = optionsOf({ paces });
    await sweep(session, { ...plan, lengths: [20] }, options);
    expect(points[0]?.kernels[0]).toMatchObject({ outcome: 'skipped', kernel: 'naive', budgetMs: 1500 });
    expect(points[0]?.kernels[1]).toMatchObject({ outcome: 'timed', kernel: 'flash2' });
  });
  it('a run at N = 1 says too little of a long one to leave it out: it is tried, and timed', async () => {
    const { options, points } = optionsOf();
    await sweep(session, { ...plan, lengths: [1, 96] }, options);
    expect(points[1]?.kernels.map(({ outcome }) => outcome)).toEqual(['timed', 'timed']);
  });
  it('throws away a round that nobody watched, and waits before the next', async () => {
    let looks = 0;
    let waits = 0;
    const untilAttended = (): Promise<void> => {
      waits++;
      return Promise.resolve();
    };
    const { options, points, seen } = optionsOf({ attended: () => ++looks !== 2, untilAttended });
    await sweep(session, { ...plan, lengths: [20] }, options);
    expect(points[0]?.discarded).toBe(1);
    expect(waits).toBe(1);
    expect(seen.some(({ discarded }) => discarded === 1)).toBe(true);
  });
});

describe('walls', () => {
  it('a binding within the limits is not refused; one byte class beyond is, in the browser’s own words', async () => {
    expect(await tryBinding(session, 1024)).toBeUndefined();
    const refused = await tryBinding(session, session.limits.maxStorageBufferBindingSize + 4);
    expect(refused?.message.length).toBeGreaterThan(10);
  });
  it('the card’s wall is the device’s: naive is refused there, tiled is not', async () => {
    const proof = await tryFirstRefused(session, kernelById('naive'), { ...SHAPE, heads: 8, kvHeads: 8 });
    const have = Math.min(session.limits.maxStorageBufferBindingSize, session.limits.maxBufferSize);
    // S of 8 heads: the first N with 4 * 8 * N² bytes over the limit.
    expect(proof?.n).toBe(Math.floor(Math.sqrt(have / 32)) + 1);
    expect(proof).toMatchObject({ tensor: 'S', need: 32 * proof!.n ** 2 });
    expect(proof?.message?.length).toBeGreaterThan(10);
    const tiled = await tryFirstRefused(session, kernelById('flash2'), { ...SHAPE, heads: 1, kvHeads: 1 });
    expect(tiled === undefined || tiled.n > proof!.n).toBe(true);
  });
});
