// Reports with known times, for tests of the conclusions.
import type { Shape } from '../../ops/attention/shape';
import type { Point, Report, Timed } from '../report';
import { pairedRatio } from '../stats';

export const SHAPE: Shape = { batch: 1, heads: 2, kvHeads: 2, queries: 64, keys: 64, dim: 32, mask: 'causal' };

/** A kernel timed with these samples; the wall clock reads 1 ms more. */
export const timed = (kernel: string, samples: number[], batch = 1): Timed => ({
  outcome: 'timed',
  kernel,
  tile: kernel === 'naive' ? { br: 0, bc: 0 } : { br: 32, bc: 16 },
  samples,
  wall: samples.map((x) => x + 1),
  gpu: samples,
  batch,
  compileMs: 10,
  maxAbsError: 1e-7,
});

/** A point of two kernels with given times for each round. `control` is the A/A ratio of every round. */
export function pointOf(
  n: number,
  naive: number[],
  flash2: number[],
  control = 1,
  mask: Shape['mask'] = 'causal',
): Point {
  const again = flash2.map((x) => x / control);
  return {
    shape: { ...SHAPE, queries: n, keys: n, mask },
    kernels: [timed('naive', naive), timed('flash2', flash2)],
    method: 'timestamp',
    resolution: 0.001,
    control: { kernel: 'flash2', ...pairedRatio(flash2, again), samples: again },
    peak: {
      flops: 1e10,
      bytes: 1e9,
      nullMs: 0.02,
      probes: {
        fma: { work: 1e8, samples: [9, 10, 11], batch: 1 },
        copy: { work: 1e6, samples: [1, 1, 5], batch: 12 },
        empty: [0.01, 0.02, 0.04],
      },
    },
    discarded: 0,
  };
}

export const reportOf = (points: Point[], kernels = ['naive', 'flash2']): Report => ({
  format: 'attnscope-times',
  version: 1,
  date: '2026-01-02T03:04:05.000Z',
  browser: 'Chromium 156, Linux',
  device: { vendor: 'a', architecture: 'b', description: 'c, "d"', software: false },
  timestamps: true,
  isolated: true,
  wallStep: 0.005,
  kernels,
  decoding: points.some(({ shape }) => shape.queries < shape.keys),
  budgetMs: 20_000,
  limits: { maxBufferSize: 268435456 },
  points,
  walls: [
    {
      kernel: 'naive',
      n: 2049,
      limit: 'maxStorageBufferBindingSize',
      need: 5,
      have: 4,
      tensor: 'S',
      call: 'createBuffer',
      message: 'no',
    },
  ],
  partial: false,
});
