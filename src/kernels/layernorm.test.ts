// LayerNorm, interpreted: Y, mean and 1 / deviation as the definition says, rows far from zero included, and the bytes
// of its closed form.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normInputs } from '../ops/layernorm/inputs';
import { layerNorm, layerNormF32 } from '../ops/layernorm/oracle';
import type { Sizes } from '../ops/sizes';
import { ioModel, layernorm, passes } from './layernorm';
import { sumOf } from '../ops/costs';
import { count, excess, interpret } from './testing/texts';

const { requested, tiles } = layernorm;
const kernel = layernorm.id;

const any = fc.record({
  shape: fc
    .record({
      batch: fc.integer({ min: 1, max: 2 }),
      heads: fc.integer({ min: 1, max: 3 }),
      queries: fc.integer({ min: 1, max: 30 }),
      dim: fc.oneof(fc.integer({ min: 1, max: 140 }), fc.constantFrom(4, 32, 64, 128)),
    })
    .map((sizes): Sizes => ({ ...sizes, kvHeads: 1, keys: 1, mask: 'full' })),
  tile: fc.constantFrom(...tiles),
  seed: fc.nat(),
  offset: fc.constantFrom(0, 0, 50, -1e4),
});

test('random shapes: every row is right, plain and instrumented the same, and bytes those of the closed form', () => {
  fc.assert(
    fc.property(any, ({ shape, tile, seed, offset }) => {
      const run = { kernel, shape, tile };
      const inputs = normInputs(shape, seed, offset);
      const plain = interpret(passes(run), shape, inputs);
      const { data, bytes } = count(passes(run), shape, inputs);
      expect(bytes).toEqual(requested(run));
      const [want, f32] = [layerNorm(shape, inputs), layerNormF32(shape, inputs)];
      for (const id of ['Y', 'Mean', 'Rstd'] as const) {
        expect(data[id]).toEqual(plain[id]);
        expect(excess(plain[id]!, want[id], f32[id])).toBeLessThanOrEqual(0);
      }
    }),
    { numRuns: 20 },
  );
});

test('a constant row gives beta, and no row knows of the row beside it', () => {
  const shape: Sizes = { batch: 1, heads: 1, kvHeads: 1, queries: 5, keys: 1, dim: 24, mask: 'full' };
  const inputs = normInputs(shape, 3);
  inputs.X.fill(256, 0, 24);
  for (const tile of tiles) {
    const { Y, Mean, Rstd } = interpret(passes({ shape, tile }), shape, inputs);
    expect([...Y!.subarray(0, 24)]).toEqual([...inputs.Beta]);
    expect(Mean![0]).toBe(256);
    expect(Rstd![0]).toBeCloseTo(1 / Math.sqrt(1e-5), 4);
    const moved = { ...inputs, X: inputs.X.map((x, i) => (i < 24 ? -x : x)) };
    expect(interpret(passes({ shape, tile }), shape, moved)['Y']!.subarray(24)).toEqual(Y!.subarray(24));
  }
});

test('an eps of the caller’s is the one that counts', () => {
  const shape: Sizes = { batch: 1, heads: 1, kvHeads: 1, queries: 3, keys: 1, dim: 7, mask: 'full' };
  const inputs = normInputs(shape, 3);
  const got = interpret(passes({ shape, tile: tiles[0]! }, 0.5), shape, inputs);
  expect(excess(got['Rstd']!, layerNorm(shape, inputs, 0.5).Rstd)).toBeLessThanOrEqual(0);
});

test('the IO model: every tensor once, gamma and beta once a workgroup, and no more than the text asks for', () => {
  fc.assert(
    fc.property(any, ({ shape, tile }) => {
      const { batch, heads, queries, dim } = shape;
      const { read, written } = sumOf(ioModel({ shape, tile }));
      const rows = batch * heads * queries;
      expect(written).toBe(4 * rows * (dim + 2));
      expect(read).toBe(4 * (rows * dim + 2 * dim * batch * heads * Math.ceil(queries / tile.br)));
      const asked = requested({ kernel, shape, tile });
      expect([asked.loads >= read, asked.stores]).toEqual([true, written]);
    }),
  );
});
