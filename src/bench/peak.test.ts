// The peaks from the probes, and the size of the copy's buffers, on simulated machines.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COPY, fittingSize } from '../machine/gpu/probes';
import { peakOf, rateOf } from './peak';

describe('peaks', () => {
  const probes = (ms: number, batch: number) => ({
    fma: { work: 1e9, samples: [ms, 2 * ms, ms], batch },
    copy: { work: 2 ** 25, samples: [ms, ms, 3 * ms], batch },
    empty: [0.1, 0.3, 0.2],
  });
  it('are the work of a run over the median', () => {
    const peak = peakOf(probes(2, 10), 0.1);
    expect(peak).toMatchObject({ flops: 5e11, bytes: 2 ** 25 / 0.002, nullMs: 0.2 });
    expect(rateOf(probes(2, 1).fma)).toBe(5e11);
  });
  it('are none where the samples are a few steps of the clock: 100 ms told ten times a second is no rate', () => {
    expect(peakOf(probes(100, 1), 100)).toBeUndefined();
    expect(peakOf(probes(100, 4), 100)).toBeUndefined();
    expect(peakOf(probes(100, 5), 100)).toBeDefined();
    expect(peakOf({ ...probes(1, 1), copy: { work: 1, samples: [NaN], batch: 1 } }, 0.001)).toBeUndefined();
  });
});

describe('the copy’s buffers', () => {
  /** A machine with a memory, a rate, and a record of what is held. */
  interface Copy {
    size: number;
    dispose(): void;
  }
  const machine = (memory: number, bytesPerMs: number) => {
    const held = new Set<number>();
    let peak = 0;
    return {
      held,
      peak: () => peak,
      make: (size: number): Promise<Copy | undefined> => {
        if (2 * size > memory) return Promise.resolve(undefined);
        held.add(size);
        peak = Math.max(
          peak,
          [...held].reduce((sum, each) => sum + 2 * each, 0),
        );
        return Promise.resolve({ size, dispose: () => void held.delete(size) });
      },
      msOf: ({ size }: Copy) => Promise.resolve((2 * size) / bytesPerMs),
    };
  };
  const MIB = 2 ** 20;
  const sizeOn = async (memory: number, gigabytesPerSecond: number, most: number = COPY.most, known?: number) => {
    const { make, msOf } = machine(memory, gigabytesPerSecond * 1e6);
    return (await fittingSize({ make, msOf, most, known })).size / MIB;
  };
  it('are four times the last cache of a large GPU, and stay small on one that takes long over little', async () => {
    // H100 with 50 MiB, RTX 4090 with 72 MiB, MI300X with 256 MiB of cache.
    for (const [rate, cache] of [
      [3350, 50],
      [1008, 72],
      [5300, 256],
    ] as const)
      expect(2 * (await sizeOn(80 * 1024 * MIB, rate))).toBeGreaterThanOrEqual(4 * cache);
    // An integrated one, and a CPU that plays GPU.
    expect(await sizeOn(8 * 1024 * MIB, 60)).toBe(64);
    expect(await sizeOn(8 * 1024 * MIB, 3)).toBe(16);
  });
  it('keep within limits and memory, and give way where kernels took it since', async () => {
    expect(await sizeOn(1e12, 3000, 128 * MIB)).toBe(128);
    expect(await sizeOn(300 * MIB, 3000)).toBe(128);
    expect(await sizeOn(100 * MIB, 3000, COPY.most, 512 * MIB)).toBe(32);
    expect(await sizeOn(1e12, 3000, COPY.most, 64 * MIB)).toBe(64);
  });
  it('are never held beside larger ones, and what is returned is held', async () => {
    const cases = fc.tuple(fc.integer({ min: 20, max: 4096 }), fc.integer({ min: 1, max: 9000 }));
    await fc.assert(
      fc.asyncProperty(cases, async ([memory, rate]) => {
        const { make, msOf, held, peak } = machine(memory * MIB, rate * 1e6);
        const { probe, size } = await fittingSize({ make, msOf, most: COPY.most, known: undefined });
        expect([...held]).toEqual(probe ? [size] : []);
        expect(peak()).toBeLessThanOrEqual(memory * MIB);
        expect(probe === undefined).toBe(memory < 32);
      }),
      { numRuns: 300 },
    );
  });
});
