/**
 * Which size is heads and which tokens: the guess with its reason, and the transposed numbers checked index by index.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LoadedTensor } from './file';
import { problemOfTensors } from './inputs';
import { guessLayout, misfit, sizesOf } from './layout';
import { weightsIn } from './assign';
import { LAYOUTS } from './sources';

const tensor = (shape: readonly number[]): LoadedTensor => {
  const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i);
  return { name: 't', shape, data, dtype: 'f32', rounding: 0 };
};
const shapes = (q: number[], k = q) => ({ q, k, v: k });

describe('the guess', () => {
  test.each([
    ['more queries than keys if heads came first', [1, 64, 8, 32], [1, 64, 2, 32], 'bnhd', true],
    ['the same without a batch', [64, 8, 32], [64, 2, 32], 'bnhd', true],
    ['heads that divide one way only', [1, 8, 64, 32], [1, 2, 64, 32], 'bhnd', true],
    ['one query, heads first', [1, 32, 1, 64], [1, 32, 100, 64], 'bhnd', true],
    ['one query, tokens first', [1, 1, 32, 64], [1, 100, 32, 64], 'bnhd', true],
    ['as documented', [1, 8, 64, 32], [1, 8, 64, 32], 'bhnd', true],
    ['as many heads as tokens: not sure', [1, 16, 16, 8], [1, 16, 16, 8], 'bhnd', false],
    ['one head of one token reads the same', [1, 1, 1, 8], [1, 1, 1, 8], 'bhnd', true],
    ['more heads than tokens: not sure', [1, 64, 8, 32], [1, 64, 8, 32], 'bhnd', false],
    ['no heads at all', [64, 32], [64, 32], 'bhnd', true],
    ['tokens first with more queries than keys is not believed', [3, 5, 8], [2, 5, 8], 'bhnd', true],
    ['nothing fits', [1, 3, 5, 8], [1, 2, 7, 8], 'bhnd', true],
  ])('%s', (_, q, k, layout, sure) => expect(guessLayout(shapes(q, k))).toEqual({ layout, sure }));

  test('is always one that fits, where heads first does or tokens first with no more queries than keys', () => {
    const size = fc.integer({ min: 1, max: 12 });
    const shape = fc.array(size, { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(shape, shape, (q, k) => {
        const fits = LAYOUTS.filter((layout) => misfit(shapes(q, k), layout) === undefined);
        const believed = fits.includes('bhnd') || sizesOf(q, 'bnhd').rows <= sizesOf(k, 'bnhd').rows;
        if (fits.length > 0 && believed) expect(fits).toContain(guessLayout(shapes(q, k)).layout);
      }),
    );
  });
});

test('tokens first: every number goes to its head and token, whichever tensor it is', () => {
  const size = fc.integer({ min: 1, max: 5 });
  fc.assert(
    fc.property(fc.boolean(), size, size, size, size, size, (batched, batch, kvHeads, group, n, d) => {
      const heads = kvHeads * group;
      const lead = batched ? [batch] : [];
      const [q, k] = [tensor([...lead, n, heads, d]), tensor([...lead, n, kvHeads, d])];
      const { shape, inputs } = problemOfTensors({ q, k, v: k }, 'full', 'bnhd');
      const b = batched ? batch : 1;
      expect(shape).toEqual({ batch: b, heads, kvHeads, queries: n, keys: n, dim: d, mask: 'full' });
      for (const [data, h] of [
        [inputs.q, heads],
        [inputs.k, kvHeads],
        [inputs.v, kvHeads],
      ] as const)
        for (let at = 0; at < data.length; at++) {
          const [c, row, head, sample] = [
            at % d,
            Math.floor(at / d) % n,
            Math.floor(at / d / n) % h,
            Math.floor(at / d / n / h),
          ];
          expect(data[at]).toBe(((sample * n + row) * h + head) * d + c);
        }
    }),
  );
});

test('heads first stays as it is, and what was chosen counts more than the guess', () => {
  const [q, k] = [tensor([1, 64, 8, 4]), tensor([1, 64, 2, 4])];
  expect(problemOfTensors({ q, k, v: k }, 'full').shape).toMatchObject({ heads: 8, kvHeads: 2, queries: 64, keys: 64 });
  const first = problemOfTensors({ q, k, v: k }, 'full', 'bhnd');
  expect(first.shape).toMatchObject({ heads: 64, kvHeads: 64, queries: 8, keys: 2 });
  expect(first.inputs.q).toBe(q.data);
  expect(sizesOf([7, 4], 'bnhd')).toEqual({ batch: 1, heads: 1, rows: 7, dim: 4 });
});

test('weights are told from activations by their names', () => {
  const source = (file: string, name: string) => ({ hash: '0'.repeat(64), file, tensor: name });
  const q = source('m.safetensors', 'model.layers.0.self_attn.q_proj.weight');
  expect(weightsIn({ q, k: source('k_proj.weight.npy', ''), v: source('v.npy', '') })).toEqual([
    { role: 'q', tensor: 'model.layers.0.self_attn.q_proj.weight' },
    { role: 'k', tensor: 'k_proj.weight' },
  ]);
  expect(weightsIn({ q: source('m.safetensors', 'q_proj'), k: source('weighted_k.npy', '') })).toEqual([]);
});
