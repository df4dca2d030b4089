// FlashAttention's first order of loops, interpreted: O and LSE as the oracle says, and the bytes of its closed form.
import fc from 'fast-check';
import { anyMask } from '../ops/attention/testing/masks';
import { describe, expect, test } from 'vitest';
import { inputsOfPeers } from '../ops/attention/inputs';
import { maskTiles } from '../ops/attention/mask-tiles';
import { attendPlane, NOTHING_SEEN } from '../ops/attention/oracle';
import type { Shape } from '../ops/attention/shape';
import { INTERPRETER_LIMITS } from '../machine/interpreter/limits';
import { flash1, ioModel } from './flash1';
import { both } from '../ops/costs';
import { sumOf } from '../ops/costs';
import { count, excess, interpret } from './testing/texts';

const { passes, requested, sramBytes, tiles } = flash1;
const kernel = flash1.id;

const any = fc
  .record({
    batch: fc.integer({ min: 1, max: 2 }),
    kvHeads: fc.integer({ min: 1, max: 2 }),
    group: fc.integer({ min: 1, max: 2 }),
    queries: fc.integer({ min: 1, max: 30 }),
    keys: fc.integer({ min: 1, max: 30 }),
    dim: fc.constantFrom(1, 3, 8, 12),
    mask: anyMask,
    tile: fc.constantFrom(...tiles),
    seed: fc.nat(),
  })
  .map(({ group, tile, seed, ...rest }) => ({
    tile,
    seed,
    shape: { ...rest, heads: rest.kvHeads * group } satisfies Shape,
  }));

function given(shape: Shape, seed: number) {
  const { q, k, v } = inputsOfPeers(shape, seed);
  return { Q: q.slice(), K: k.slice(), V: v.slice() };
}

test('random shapes: O and LSE are right, plain and instrumented the same, and bytes those of the closed form', () => {
  fc.assert(
    fc.property(any, ({ shape, tile, seed }) => {
      const run = { kernel, shape, tile };
      const plain = interpret(passes(run), shape, given(shape, seed));
      const { data, bytes } = count(passes(run), shape, given(shape, seed));
      expect(bytes).toEqual(requested(run));
      expect([data['O'], data['LSE']]).toEqual([plain['O'], plain['LSE']]);
      for (let plane = 0; plane < shape.batch * shape.heads; plane++) {
        const want = attendPlane(shape, inputsOfPeers(shape, seed), plane);
        const of = (name: string, length: number) => plain[name]!.subarray(plane * length, (plane + 1) * length);
        expect(excess(of('O', want.o.length), want.o)).toBeLessThanOrEqual(0);
        want.lse.forEach((x, i) => {
          const lse = of('LSE', want.lse.length)[i]!;
          if (x === NOTHING_SEEN) expect(lse).toBeLessThanOrEqual(NOTHING_SEEN);
          else expect(Math.abs(lse - x)).toBeLessThan(4e-6 * (1 + Math.abs(x)));
        });
      }
    }),
    { numRuns: 15 },
  );
});

test('l and m are left in HBM, as the backward pass of the paper reads them', () => {
  const shape: Shape = { batch: 1, heads: 2, kvHeads: 1, queries: 20, keys: 25, dim: 8, mask: 'causal' };
  const { L, M, LSE } = interpret(passes({ kernel, shape, tile: { br: 8, bc: 8 } }), shape, given(shape, 1));
  for (const plane of [0, 1]) {
    const { s } = attendPlane(shape, inputsOfPeers(shape, 1), plane);
    for (let i = 0; i < 20; i++) {
      const seen = s.subarray(i * 25, i * 25 + i + 6);
      const m = seen.reduce((a, b) => Math.max(a, b), -Infinity);
      const l = seen.reduce((sum, x) => sum + Math.exp(x - m), 0);
      const row = plane * 20 + i;
      expect(Math.abs(M![row]! - m) + Math.abs(L![row]! / l - 1) + Math.abs(LSE![row]! - m - Math.log(l))).toBeLessThan(
        1e-5,
      );
    }
  }
});

test('the paper’s count, 2Nd + (N/Bc)(3Nd + 4N), and what begins and ends it; the mask leaves out what it hides', () => {
  const shape: Shape = { batch: 1, heads: 1, kvHeads: 1, queries: 64, keys: 64, dim: 32, mask: 'full' };
  const [n, d, bc] = [64, 32, 16];
  const elements = (mask: Shape['mask']) =>
    both(sumOf(ioModel({ shape: { ...shape, mask }, tile: { br: 16, bc } }))) / 4;
  expect(elements('full')).toBe(2 * n * d + (n / bc) * (3 * n * d + 4 * n) + n * (d + 2) + 3 * n);
  // Of four by four tiles the six above the diagonal.
  expect(elements('full') - elements('causal')).toBe(6 * 16 * (3 * d + 4));
});

test('no more tiles are left out than the mask hides whole', () => {
  fc.assert(
    fc.property(any, ({ shape, tile }) => {
      const { kinds, rows, cols } = maskTiles(shape, tile);
      let walked = 0;
      kinds.forEach(
        (kind, at) =>
          (walked += kind === 'skipped' ? 0 : Math.min(tile.br, shape.queries - Math.floor(at / cols) * tile.br)),
      );
      expect(kinds.length).toBe(rows * cols);
      expect(ioModel({ shape, tile }).L.read).toBe(4 * shape.batch * shape.heads * (walked + shape.queries));
    }),
  );
});

describe('tiles', () => {
  test.each(tiles)(
    '$br x $bc: at most 256 threads and few buffers; some tile fits wherever d is at most 128',
    (tile) => {
      const shape: Shape = { batch: 1, heads: 1, kvHeads: 1, queries: 64, keys: 64, dim: 128, mask: 'full' };
      const [pass] = passes({ kernel, shape, tile });
      expect(pass!.workgroupSize).toBeLessThanOrEqual(INTERPRETER_LIMITS.maxComputeInvocationsPerWorkgroup);
      // One is left for the tap.
      expect(pass!.bindings.length).toBeLessThan(INTERPRETER_LIMITS.maxStorageBuffersPerShaderStage);
      expect(
        tiles.some(
          (one) => sramBytes({ kernel, shape, tile: one }) <= INTERPRETER_LIMITS.maxComputeWorkgroupStorageSize,
        ),
      ).toBe(true);
    },
  );
});
