// The verdict of the timing strip over made-up times: who is compared with whom, and why nobody wins where nobody does.
import { expect, it } from 'vitest';
import type { Timing } from '../../bench/compare';
import { SHAPE } from '../../bench/testing';
import { spread } from '../../bench/stats';
import type { KernelId } from '../../kernels/card';
import { verdictText } from './timing-verdict';

const timing = (kernel: KernelId, samples: number[]): Timing => ({
  run: { kernel, shape: SHAPE, tile: { br: 16, bc: 16 } },
  ...spread(samples),
  samples,
  wall: samples,
  gpu: samples,
  method: 'wall',
  resolution: 0.001,
  maxAbsError: 0,
  compileMs: 1,
  batch: 1,
  flopsPerSecond: 1,
  device: { vendor: '', architecture: '', description: '', software: false },
});
const rounds = (ms: number): number[] => Array.from({ length: 8 }, () => ms);
const four = (tiled: number[]): Timing[] => [
  timing('naive', rounds(2)),
  timing('flash2', tiled),
  timing('flash-fast', rounds(0.25)),
  timing('flash-fast-shared', rounds(1.3)),
];
const control = (median: number) => ({ median, p10: median, p90: median, n: 8 });

it('is on naive against tiled, whoever ran last, and names the fastest with its ratio', () => {
  expect(verdictText({ timings: four(rounds(1)), control: control(1) }, 'en')).toBe(
    'tiled is faster: it takes 0.5 of the time of naive (p10–p90 0.5–0.5). Fastest: tuned, registers, 0.125 of the time of naive (p10–p90 0.125–0.125)',
  );
  expect(verdictText({ timings: four(rounds(4)), control: control(1) }, 'en')).toMatch(
    /^naive is faster: it takes 0.5 of the time of tiled/,
  );
  expect(verdictText({ timings: four([1, 4, 1, 4, 1, 4, 1, 4]), control: control(1) }, 'en')).toMatch(
    /^No measurable difference \(naive ÷ tiled.* 1.25, p10–p90 0.5–2\). Fastest: tuned, registers/,
  );
});

it('says that the control was off, and by how much, instead of “no measurable difference”', () => {
  const text = verdictText({ timings: four(rounds(1)), control: control(1.0534) }, 'en');
  expect(text).toMatch(/^No verdict: the control itself was off \(A\/A 1.053, over 5 % from 1\)\. naive ÷ tiled.* 2, /);
  expect(text).not.toContain('difference');
  expect(text).not.toContain('Fastest');
});

it('takes the last kernel where tiled did not run, and says where rounds are too few', () => {
  expect(verdictText({ timings: [timing('decode', rounds(1)), timing('paged', rounds(2))], control: control(1) }, 'en')).toMatch(
    /^decode is faster: it takes 0.5 of the time of paged/,
  );
  expect(verdictText({ timings: [timing('naive', [1]), timing('flash2', [2])], control: control(1) }, 'en')).toBe(
    'Too few rounds to tell (1)',
  );
});
