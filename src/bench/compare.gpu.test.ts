// A race of real kernels on the test's adapter: its report must be consistent; how fast anything is does not matter
// here.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { generateInputs } from '../ops/attention/inputs';
import type { Shape } from '../ops/attention/shape';
import { openSession, type Session } from '../machine/gpu/session';
import type { Run } from '../ops/run';
import { compare } from './compare';
import { shortest } from './stats';

const shape: Shape = { batch: 1, heads: 2, kvHeads: 2, queries: 64, keys: 64, dim: 32, mask: 'causal' };
const runs: Run[] = [
  { kernel: 'naive', shape, tile: { br: 16, bc: 16 } },
  { kernel: 'flash2', shape, tile: { br: 16, bc: 16 } },
];
let session: Session;
beforeAll(async () => {
  session = await openSession();
});
afterAll(() => session.close());

it('times both, checks both, and tells the control and the probes', async () => {
  const stages: string[] = [];
  const result = await compare(session, runs, generateInputs(shape, 3), {
    rounds: 5,
    minSampleMs: 1,
    onProgress: (stage) => stages.push(stage),
  });
  expect(result.timings.map((t) => t.run.kernel)).toEqual(['naive', 'flash2']);
  for (const t of result.timings) {
    expect(t.maxAbsError).toBeLessThan(4e-6);
    expect(t.samples).toHaveLength(5);
    expect(t.median).toBeGreaterThan(0);
    expect(t.p10).toBeLessThanOrEqual(t.p90);
    // 4 d multiply-adds and adds for each of the pairs that a causal mask lets through, two heads.
    expect(t.flopsPerSecond * (t.median / 1000)).toBeCloseTo(2 * 4 * 32 * ((64 * 65) / 2), 0);
  }
  expect(result.control.n).toBe(5);
  expect(result.peak?.flops).toBeGreaterThan(1e6);
  expect(result.peak?.bytes).toBeGreaterThan(1e6);
  // Every sample was as long as asked, by the clock that was used.
  const { fma, copy } = result.peak!.probes!;
  for (const measured of [...result.timings, fma, copy]) expect(shortest(measured)).toBeGreaterThanOrEqual(1);
  expect(copy.work).toBeGreaterThanOrEqual(2 * (16 << 20));
  expect(new Set(stages)).toEqual(new Set(['compile', 'race', 'check']));
});

it('is cancelled between samples', async () => {
  const stop = new AbortController();
  const racing = compare(session, runs, generateInputs(shape, 3), {
    rounds: 500,
    signal: stop.signal,
    onProgress: (stage) => stage === 'race' && stop.abort(),
  });
  await expect(racing).rejects.toMatchObject({ code: 'cancelled' });
});
