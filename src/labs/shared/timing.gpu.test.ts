// The timing strip over made-up results: whose times stand there, and when they are of something else than the run on
// screen.
import { signal } from '@preact/signals-core';
import { expect, it } from 'vitest';
import type { Comparison, Timing } from '../../bench/compare';
import { spread } from '../../bench/stats';
import { SHAPE } from '../../bench/testing/reports';
import type { Run } from '../../ops/run';
import type { Race, RaceState } from './race';
import { mountTiming } from './timing';

const run = (kernel: string, n: number): Run => ({
  kernel,
  shape: { ...SHAPE, queries: n, keys: n },
  tile: { br: 16, bc: 16 },
});
const samples = [2, 2, 2, 2, 2, 2];
const timing = (of: Run): Timing => ({
  run: of,
  ...spread(samples),
  samples,
  wall: samples,
  gpu: samples,
  method: 'timestamp',
  resolution: 0.001,
  maxAbsError: 0,
  compileMs: 1,
  batch: 7,
  flopsPerSecond: 1,
  device: { vendor: 'v', architecture: '', description: '', software: false },
});

it('times stand under their own shape; of another run, or while a race is on, they are dimmed and say so', () => {
  const runs = [run('naive', 64), run('flash2', 64)];
  const comparison: Comparison = {
    timings: runs.map(timing),
    ratio: spread([1]),
    control: { ...spread([1, 1, 1, 1, 1]), samples },
    verdict: 'no-difference',
    discarded: 0,
    isolated: true,
  };
  const state = signal<RaceState>({ result: { runs, comparison } });
  const shown = signal<readonly Run[] | undefined>(runs);
  const race: Race = { state, runs: shown, start: () => Promise.resolve(), cancel: () => undefined };
  const host = document.createElement('div');
  const end = mountTiming(host, race, 'en');
  const text = (selector: string): string => host.querySelector(selector)?.textContent?.trim() ?? '';
  const dimmed = (): boolean => host.querySelector('.timing')!.classList.contains('past');

  expect(text('.timing-of')).toBe('Measured on H 2 · N 64 · d 32 · causal');
  expect([dimmed(), text('.timing-stale')]).toEqual([false, '']);
  // Every sample of 2 ms a run and seven runs; the clock was too coarse for the probes, and that is said.
  expect(text('.timing-how')).toContain('Shortest sample: 14 ms; runs a sample: naive 7, flash2 7');
  expect(text('.timing-how')).toContain('the clock is too coarse for them');

  shown.value = [run('naive', 128), run('flash2', 128)];
  expect(text('.timing-of')).toBe('Measured on H 2 · N 64 · d 32 · causal');
  expect(dimmed()).toBe(true);
  expect(text('.timing-stale')).toContain('time again for H 2 · N 128 · d 32 · causal');
  // Nothing above the old times names the new shape as theirs.
  expect(text('.timing-bar')).not.toContain('N 128');

  shown.value = runs;
  expect(dimmed()).toBe(false);
  state.value = { ...state.value, progress: { stage: 'race', done: 1, of: 12 } };
  expect(dimmed()).toBe(true);
  end();
});
