// The verdict of the timing strip over made-up times: who is compared with whom, and why nobody wins where nobody does.
import { expect, it } from 'vitest';
import type { Timing } from '../../bench/compare';
import { SHAPE } from '../../bench/testing/reports';
import { spread } from '../../bench/stats';
import { verdictText } from './timing-verdict';

const timing = (kernel: string, samples: number[]): Timing => ({
  run: { kernel, shape: SHAPE, tile: { br: 16, bc: 16 } },
  ...spread(samples),
  samples,
  wall: samples,
  gpu: samples,
  method: 'timestamp',
  resolution: 0.001,
  maxAbsError: 0,
  compileMs: 1,
  batch: 1,
  flopsPerSecond: 1,
  device: { vendor: '', architecture: '', description: '', software: false },
});
const rounds = (ms: number): number[] => Array.from({ length: 8 }, () => ms);
const four = (tiled: number[], shared = 1.3): Timing[] => [
  timing('naive', rounds(2)),
  timing('flash2', tiled),
  timing('flash-fast', rounds(0.25)),
  timing('flash-fast-shared', rounds(shared)),
];
const control = (median: number) => ({ median, p10: median, p90: median, n: 8 });
const said = (timings: Timing[], off = 1): string => verdictText({ timings, control: control(off) }, 'en');

it('is on naive against tiled, whoever ran last, and names the fastest with its ratio to naive and to the next', () => {
  expect(said(four(rounds(1)))).toBe(
    'flash2 is faster: it takes 0.5 of the time of naive (p10–p90 0.5–0.5). Fastest: flash-fast, 0.125 of the time of naive (p10–p90 0.125–0.125); 0.25 of the time of the next, flash2 (p10–p90 0.25–0.25)',
  );
  expect(said(four(rounds(4)))).toMatch(/^naive is faster: it takes 0.5 of the time of flash2/);
  expect(said(four([1, 4, 1, 4, 1, 4, 1, 4]))).toMatch(
    /^No measurable difference \(naive ÷ flash2.* 1.25, p10–p90 0.5–2\). Fastest: flash-fast/,
  );
});

it('names both where the fastest and the next cannot be told apart', () => {
  const paged = [0.437, 0.445, 0.436, 0.446, 0.437, 0.445, 0.436, 0.446];
  const decode = [0.442, 0.44, 0.443, 0.441, 0.442, 0.44, 0.443, 0.441];
  const text = said([
    timing('naive', rounds(2)),
    timing('flash2', rounds(3)),
    timing('decode', decode),
    timing('paged', paged),
  ]);
  expect(text).toContain('In front, paged and decode cannot be told apart (decode ÷ paged');
  expect(text).not.toContain('Fastest');
  // Three of them.
  expect(
    said([timing('naive', rounds(2)), timing('decode', decode), timing('paged', paged), timing('flash-fast', decode)]),
  ).toMatch(/In front, paged, decode and flash-fast cannot be told apart/);
  // What the first sentence said already is not said twice.
  expect(said([timing('decode', decode), timing('paged', paged)])).not.toContain('In front');
});

it('a lead no larger than the control’s own error is none, with the control’s figures; a huge one is one', () => {
  const text = said([timing('naive', rounds(1)), timing('flash2', rounds(1.02))], 1.049);
  expect(text).toMatch(
    /^No difference larger than the control’s own error \(A\/A 1.049, 1.049–1.049\) \(naive ÷ flash2.* 0.98/,
  );
  expect(said(four(rounds(29.6)), 1.136)).toMatch(/^naive is faster/);
});

it('says so where the clock is too coarse', () => {
  const coarse = [timing('naive', rounds(100)), timing('flash2', rounds(100))].map((one) => ({
    ...one,
    resolution: 100,
  }));
  expect(said(coarse)).toBe(
    'No verdict: the clock is too coarse. The shortest sample reads 100 ms, and this browser tells time in steps of 100 ms',
  );
});

it('takes the last kernel where tiled did not run, and says where rounds are too few', () => {
  expect(said([timing('decode', rounds(1)), timing('paged', rounds(2))])).toMatch(
    /^decode is faster: it takes 0.5 of the time of paged/,
  );
  expect(said([timing('naive', [1]), timing('flash2', [2])])).toBe('Too few rounds to tell (1)');
});
