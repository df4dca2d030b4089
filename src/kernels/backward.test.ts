// Both backward kernels, interpreted: dQ, dK and dV as the gradients say, and the bytes of their closed forms.
import fc from 'fast-check';
import { anyMask } from '../ops/attention/testing/masks';
import { anyScores } from '../ops/attention/testing/scores';
import { describe, expect, test } from 'vitest';
import { inputsOfPeers } from '../ops/attention/inputs';
import { maskTiles } from '../ops/attention/mask-tiles';
import { sees } from '../ops/attention/shape';
import { gradientsF32 } from '../ops/attention-backward/f32';
import { backwardInputs, type BackwardInputs } from '../ops/attention-backward/inputs';
import { gradients } from '../ops/attention-backward/oracle';
import type { Sizes } from '../ops/sizes';
import { INTERPRETER_LIMITS } from '../machine/interpreter/limits';
import { backward as tiled, ioModel } from './backward';
import { backwardNaive as naive, ioModel as naiveModel } from './backward-naive';
import type { Work } from './parts';
import { both } from '../ops/costs';
import { sumOf } from '../ops/costs';
import { count, excess, interpret, type Data } from './testing/texts';

function given(sizes: Sizes, seed: number, scale?: number): BackwardInputs {
  const { q, k, v } = inputsOfPeers(sizes, seed);
  return backwardInputs(sizes, { Q: q.slice(), K: k.slice(), V: v.slice() }, seed, scale);
}

const any = fc
  .record({
    batch: fc.integer({ min: 1, max: 2 }),
    kvHeads: fc.integer({ min: 1, max: 2 }),
    group: fc.integer({ min: 1, max: 2 }),
    queries: fc.integer({ min: 1, max: 30 }),
    keys: fc.integer({ min: 1, max: 30 }),
    dim: fc.constantFrom(1, 3, 8, 12, 40),
    mask: anyMask,
    tile: fc.constantFrom(...tiled.tiles),
    seed: fc.nat(),
  })
  .map(({ group, tile, seed, ...rest }) => ({
    tile,
    seed,
    shape: { ...rest, heads: rest.kvHeads * group } satisfies Sizes,
  }));

const scored = any.chain((one) =>
  anyScores(one.shape.heads).map((scores) => ({ ...one, shape: { ...one.shape, ...scores } satisfies Sizes })),
);

/** How far the worst gradient is beyond what the check allows, for the run's scale. */
function worst({ shape, scale }: Work, inputs: BackwardInputs, got: Data): number {
  const [want, plain] = [gradients(shape, inputs, scale), gradientsF32(shape, inputs, scale)];
  return Math.max(...(['dQ', 'dK', 'dV'] as const).map((id) => excess(got[id]!, want[id], plain[id])));
}

describe.each([tiled, naive])('$id', ({ id: kernel, passes, requested }) => {
  test('random shapes: the gradients are right, plain and instrumented the same, and bytes those of the closed form', () => {
    fc.assert(
      fc.property(fc.oneof(any, scored), ({ shape, tile, seed }) => {
        const run = { kernel, shape, tile };
        const inputs = given(shape, seed);
        const plain = interpret(passes(run), shape, inputs);
        const { data, bytes } = count(passes(run), shape, inputs);
        expect(bytes).toEqual(requested(run));
        for (const id of ['dQ', 'dK', 'dV']) expect(data[id]).toEqual(plain[id]);
        expect(worst(run, inputs, plain)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 16 },
    );
  });

  test('a scale of the caller’s is the one that counts, in S as in dQ and dK', () => {
    const shape: Sizes = { batch: 1, heads: 2, kvHeads: 1, queries: 11, keys: 13, dim: 8, mask: 'causal' };
    const run = { kernel, shape, tile: { br: 8, bc: 8 }, scale: 1.5 };
    const inputs = given(shape, 4, 1.5);
    expect(worst(run, inputs, interpret(passes(run), shape, inputs))).toBeLessThanOrEqual(0);
  });

  test('rows that see nothing give and take nothing, whatever stands in them', () => {
    const shape: Sizes = { batch: 1, heads: 1, kvHeads: 1, queries: 30, keys: 9, dim: 4, mask: 'causal' };
    const run = { kernel, shape, tile: { br: 8, bc: 8 } };
    const inputs = given(shape, 5);
    const clean = interpret(passes(run), shape, inputs);
    for (const id of ['Q', 'dO'] as const) inputs[id].fill(1e15, 0, 21 * 4);
    const dirty = interpret(passes(run), shape, inputs);
    for (const id of ['dQ', 'dK', 'dV']) expect(dirty[id]).toEqual(clean[id]);
    expect([...dirty['dQ']!.subarray(0, 21 * 4)].every((x) => x === 0)).toBe(true);
  });
});

test('the naive passes leave P, dP and dS in HBM, zeros where the mask hides a key', () => {
  const shape: Sizes = { batch: 1, heads: 2, kvHeads: 1, queries: 9, keys: 12, dim: 4, mask: 'causal' };
  const { P, dP, dS } = interpret(
    naive.passes({ kernel: naive.id, shape, tile: { br: 0, bc: 0 } }),
    shape,
    given(shape, 6),
  );
  for (let row = 0; row < 18; row++) {
    const of = (all: Float32Array) => [...all.subarray(row * 12, (row + 1) * 12)];
    const [p, dp, ds] = [of(P!), of(dP!), of(dS!)];
    expect(p.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    expect(ds.reduce((a, b) => a + b)).toBeCloseTo(0, 5);
    for (let j = 0; j < 12; j++) if (!sees(shape, row % 9, j)) expect([p[j], dp[j], ds[j]]).toEqual([0, 0, 0]);
  }
});

test('the tiled kernel asks for far less than the naive one, and never for S or P', () => {
  const shape: Sizes = { batch: 1, heads: 1, kvHeads: 1, queries: 128, keys: 128, dim: 32, mask: 'full' };
  const run = { kernel: tiled.id, shape, tile: { br: 16, bc: 16 } };
  const [mine, theirs] = [tiled.requested(run), naive.requested(run)];
  expect(theirs.loads / mine.loads).toBeGreaterThan(8);
  expect(theirs.stores - naive.requested({ ...run, shape: { ...shape, keys: 0 } }).stores).toBe(
    4 * (4 * 128 * 128 + 2 * 128 * 32),
  );
  expect(tiled.passes(run).flatMap(({ bindings }) => bindings.map(({ tensor }) => tensor))).not.toContain('P');
});

test('the IO models: 12Nd + 10N² + N of the standard one; tiled, all rows for every block of keys, and all keys for every block of rows', () => {
  const [n, d, br, bc] = [64, 32, 16, 8];
  const shape: Sizes = { batch: 1, heads: 1, kvHeads: 1, queries: n, keys: n, dim: d, mask: 'full' };
  const elements = (by: Parameters<typeof sumOf>[0]) => both(sumOf(by)) / 4;
  // Q, K, dO twice, dO and O once more for D, V; three gradients; LSE. S and dP once each way, P and dS read twice.
  expect(elements(naiveModel({ shape }))).toBe(12 * n * d + n + 10 * n * n);
  const sums = 2 * n * d + 3 * n;
  const byColumns = 4 * n * d + (n / bc) * (2 * n * d + 2 * n);
  const byRows = 3 * n * d + 2 * n + (n / br) * 2 * n * d;
  expect(elements(ioModel({ shape, tile: { br, bc } }))).toBe(sums + byColumns + byRows);
});

test('neither kernel asks for less than its IO model, and the tiled one leaves out no more than the mask hides', () => {
  fc.assert(
    fc.property(any, ({ shape, tile }) => {
      const run = { kernel: tiled.id, shape, tile };
      const [model, asked] = [sumOf(naiveModel(run)), naive.requested(run)];
      expect([asked.loads >= model.read, asked.stores]).toEqual([true, model.written]);
      const { batch, heads, queries } = shape;
      const { kinds, cols } = maskTiles(shape, tile);
      let walked = 0;
      kinds.forEach(
        (kind, at) => (walked += kind === 'skipped' ? 0 : Math.min(tile.br, queries - Math.floor(at / cols) * tile.br)),
      );
      expect(ioModel(run).LD.read).toBe(4 * batch * heads * 2 * (walked + queries));
    }),
  );
});

describe('tiles', () => {
  test.each(tiled.tiles)(
    '$br x $bc: at most 256 threads and few buffers; some tile fits wherever d is at most 128',
    (tile) => {
      const shape: Sizes = { batch: 1, heads: 1, kvHeads: 1, queries: 64, keys: 64, dim: 128, mask: 'full' };
      for (const pass of tiled.passes({ kernel: tiled.id, shape, tile })) {
        expect(pass.workgroupSize).toBeLessThanOrEqual(INTERPRETER_LIMITS.maxComputeInvocationsPerWorkgroup);
        // One is left for the tap.
        expect(pass.bindings.length).toBeLessThan(INTERPRETER_LIMITS.maxStorageBuffersPerShaderStage);
      }
      expect(
        tiled.tiles.some(
          (one) =>
            tiled.sramBytes({ kernel: tiled.id, shape, tile: one }) <=
            INTERPRETER_LIMITS.maxComputeWorkgroupStorageSize,
        ),
      ).toBe(true);
    },
  );
});
