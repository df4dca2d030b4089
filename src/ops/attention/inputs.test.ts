// The generators: repeatable, of unit variance, structured where they say so, and equal to the shared benchmark's
// inputs.
import { expect, test } from 'vitest';
import { generateInputs, inputsOfPeers } from './inputs';
import { attendPlane } from './oracle';
import type { Shape } from './shape';
import { elementsOf } from './shape';

const shape: Shape = { batch: 2, heads: 4, kvHeads: 2, queries: 96, keys: 96, dim: 32, mask: 'full' };

const variance = (data: Float32Array) => data.reduce((sum, x) => sum + x * x, 0) / data.length;

test('the same seed gives the same numbers, another seed others', () => {
  for (const generate of [generateInputs, inputsOfPeers]) {
    expect(generate(shape, 7)).toEqual(generate(shape, 7));
    expect(generate(shape, 7).q).not.toEqual(generate(shape, 8).q);
  }
});

test('sizes fit any shape and variances are about one', () => {
  for (const generate of [generateInputs, inputsOfPeers]) {
    for (const some of [
      shape,
      { ...shape, queries: 5, keys: 300, dim: 80 },
      { ...shape, queries: 300, keys: 64, dim: 33 },
    ]) {
      const { q, k, v } = generate(some, 1);
      expect([q.length, k.length, v.length]).toEqual([
        elementsOf('Q', some),
        elementsOf('K', some),
        elementsOf('V', some),
      ]);
      for (const data of [q, k, v]) {
        expect(variance(data)).toBeGreaterThan(0.6);
        expect(variance(data)).toBeLessThan(1.5);
      }
    }
    const tiny = { ...shape, queries: 1, keys: 1, dim: 1, heads: 2 };
    expect(generate(tiny, 1).q.every(Number.isFinite)).toBe(true);
  }
});

test('generated attention has a diagonal and far links, uniform inputs have neither', () => {
  const long: Shape = { ...shape, batch: 1, queries: 256, keys: 256, dim: 64 };
  const near = (inputs: ReturnType<typeof generateInputs>) => {
    const { p } = attendPlane(long, inputs, 0);
    let sum = 0;
    let far = 0;
    for (let i = 0; i < 256; i++) {
      for (let j = 0; j < 256; j++) {
        if (Math.abs(i - j) <= 3) sum += p[i * 256 + j]!;
        else if (p[i * 256 + j]! > 0.2) far++;
      }
    }
    return { near: sum / 256, far };
  };
  const structured = near(generateInputs(long, 1));
  const uniform = near(inputsOfPeers(long, 1));
  expect(structured.near).toBeGreaterThan(3 * uniform.near);
  expect(structured.far).toBeGreaterThan(uniform.far);
});

test("the benchmark's inputs, bit for bit", () => {
  // Worked out apart: mulberry32 as published, in BigInt arithmetic modulo 2^32, for seeds 1 and 1 + 0x9e3779b9.
  const M = 1n << 32n;
  const stream = (seed: bigint, n: number) => {
    let a = seed % M;
    return Array.from({ length: n }, () => {
      a = (a + 0x6d2b79f5n) % M;
      let t = ((a ^ (a >> 15n)) * (a | 1n)) % M;
      t = (t ^ ((t + (t ^ (t >> 7n)) * (t | 61n)) % M)) % M;
      return Math.fround(3.4641016151377544 * (Number(t ^ (t >> 14n)) / 4294967296 - 0.5));
    });
  };
  const { q, k } = inputsOfPeers(shape, 1);
  expect([...q.subarray(0, 50)]).toEqual(stream(1n, 50));
  expect([...k.subarray(0, 50)]).toEqual(stream(1n + 0x9e3779b9n, 50));
});
