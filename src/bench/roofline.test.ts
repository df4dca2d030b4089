// Roofs, bytes and limits against closed forms, and against trying the lengths around them.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Shape } from '../ops/attention/shape';
import type { Limits } from '../ops/limits';
import { fittingTile, kernelById, RUNNABLE } from '../kernels/kernels';
import { memoryOf, runFor, firstRefused } from './limits';
import { attainable, bytesOf, place, ridge } from './roofline';

const shape = (n: number, heads: number, dim: number, mask: Shape['mask'] = 'full'): Shape => ({
  batch: 1,
  heads,
  kvHeads: heads,
  queries: n,
  keys: n,
  dim,
  mask,
});

/** Limits that refuse nothing but what a test says. */
const limits = (change: Partial<Limits>): Limits => ({
  maxComputeWorkgroupStorageSize: 1 << 20,
  maxComputeInvocationsPerWorkgroup: 1024,
  maxComputeWorkgroupSizeX: 1024,
  maxComputeWorkgroupsPerDimension: 65535,
  maxStorageBufferBindingSize: 2 ** 40,
  maxBufferSize: 2 ** 40,
  maxStorageBuffersPerShaderStage: 10,
  ...change,
});

it('the attainable rate is the lower roof, and both meet at the ridge', () => {
  const positive = fc.double({ min: 1e-3, max: 1e15, noNaN: true });
  fc.assert(
    fc.property(positive, positive, fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (flops, bytes, intensity) => {
      const roofs = { flops, bytes };
      const reached = attainable(roofs, intensity);
      expect(reached).toBeLessThanOrEqual(flops);
      expect(reached).toBeLessThanOrEqual(bytes * intensity);
      expect(reached === flops || reached === bytes * intensity).toBe(true);
      expect(attainable(roofs, ridge(roofs)) / flops).toBeCloseTo(1, 9);
    }),
    { seed: 5 },
  );
});

it('bytes of naive: papers count 4 N d + 4 N² elements a head, and no kernel can do with less than its tensors', () => {
  for (const [n, heads, d] of [
    [64, 2, 32],
    [300, 1, 17],
  ] as const) {
    const run = runFor(kernelById('naive'), shape(n, heads, d), undefined);
    expect(bytesOf(run, 'io')).toBe(4 * heads * (4 * n * d + 4 * n * n));
    expect(bytesOf(run, 'compulsory')).toBe(4 * heads * (4 * n * d + n));
    // One thread an element: every score and every output reads 2 d numbers a visible pair, the softmax three.
    expect(bytesOf(run, 'requested')).toBe(4 * heads * (n * n * (4 * d + 3) + 2 * n * n + n + n * d));
  }
});

it('bytes of tiled by the IO model: K and V once for every block of Br rows', () => {
  const run = { kernel: 'flash2' as const, shape: shape(128, 2, 32), tile: { br: 32, bc: 16 } };
  expect(bytesOf(run, 'io')).toBe(4 * 2 * (2 * 128 * 32 + 4 * 2 * 128 * 32 + 128));
});

it('bytes of one query by the IO model: K and V once; in parts, their O, m and l out and in once more', () => {
  const one = { ...shape(4096, 2, 64), queries: 1 };
  const once = 4 * 2 * (64 + 2 * 4096 * 64 + 64 + 1);
  for (const id of ['decode', 'paged', 'flash2'] as const)
    expect(bytesOf(runFor(kernelById(id), one, undefined), 'io')).toBe(once);
  expect(bytesOf(runFor(kernelById('decode-split'), one, undefined), 'io')).toBe(once + 2 * 4 * 2 * 16 * (64 + 2));
});

it('a point lies at its intensity and rate', () => {
  const run = runFor(kernelById('naive'), shape(64, 1, 32), undefined);
  const at = place(run, 2, { flops: 1e9, bytes: 1e9 }, 'io');
  const operations = 4 * 32 * 64 * 64;
  expect(at.rate).toBeCloseTo(operations / 0.002, 3);
  expect(at.intensity).toBeCloseTo(operations / (16 * (64 * 32 + 64 * 64)), 9);
  expect(at.share).toBeCloseTo(at.rate / Math.min(1e9, 1e9 * at.intensity), 12);
});

it('memory: naive needs Q, K, V, S, P, O and LSE, tiled all but S and P', () => {
  const s = shape(100, 3, 8);
  expect(memoryOf(kernelById('naive'), runFor(kernelById('naive'), s, undefined))).toBe(
    4 * 3 * (4 * 100 * 8 + 2 * 100 * 100 + 100),
  );
  expect(memoryOf(kernelById('flash2'), runFor(kernelById('flash2'), s, undefined))).toBe(4 * 3 * (4 * 100 * 8 + 100));
});

it('the default binding of 128 MiB is full at exactly N = 2048 with 8 heads, so 2049 is the wall', async () => {
  const wall = await firstRefused(
    kernelById('naive'),
    shape(64, 8, 64),
    limits({ maxStorageBufferBindingSize: 128 * 2 ** 20 }),
  );
  expect(wall).toMatchObject({
    n: 2049,
    refusal: { limit: 'maxStorageBufferBindingSize', need: 4 * 8 * 2049 * 2049, have: 128 * 2 ** 20 },
  });
});

it('one query meets that limit where K fills it: naive has no wall of its own then', async () => {
  const some = limits({ maxStorageBufferBindingSize: 8 * 2 ** 20 });
  for (const id of ['naive', 'decode'] as const)
    expect(await firstRefused(kernelById(id), shape(64, 8, 64), some, true)).toMatchObject({
      n: 4097,
      refusal: { need: 4 * 8 * 64 * 4097 },
    });
});

it('the wall is where refusals begin: what is below fits, and what is at it or above does not', async () => {
  const cases = fc.tuple(
    fc.integer({ min: 1, max: 8 }),
    fc.integer({ min: 1, max: 64 }),
    fc.integer({ min: 1 << 12, max: 1 << 20 }),
  );
  await fc.assert(
    fc.asyncProperty(
      cases,
      fc.array(fc.integer({ min: 1, max: 65536 }), { maxLength: 5 }),
      async ([heads, dim, size], lengths) => {
        const some = limits({ maxStorageBufferBindingSize: size });
        for (const card of RUNNABLE) {
          const fits = (n: number): boolean => {
            const base = { kernel: card.id, shape: shape(n, heads, dim) };
            return !card.limit({ ...base, tile: fittingTile(card, base, some) }, some);
          };
          const wall = (await firstRefused(card, shape(1, heads, dim), some))?.n ?? Infinity;
          for (const n of [1, wall - 1, wall, ...lengths]) if (n >= 1 && n <= 65536) expect(fits(n)).toBe(n < wall);
        }
      },
    ),
    { seed: 2, numRuns: 10 },
  );
});
