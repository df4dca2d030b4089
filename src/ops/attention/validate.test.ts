// Every fault of a shape or its inputs has its own typed refusal.
import { expect, test } from 'vitest';
import type { AttnError } from '../../errors';
import { inputsOfPeers } from './inputs';
import { checkRun } from '../../kernels/check';
import { ATTENTION } from '../../kernels/testing/attention';
import { kernelById } from '../../kernels/kernels';
import type { Pages } from './pages';
import type { Inputs, Shape } from './shape';
import { checkInputs, checkScale, checkShape } from './validate';

const good: Shape = { batch: 2, heads: 4, kvHeads: 2, queries: 5, keys: 7, dim: 8, mask: 'causal' };

function refusal(act: () => void): { code: string; details: Record<string, unknown> } | undefined {
  try {
    act();
    return undefined;
  } catch (thrown) {
    const { code, details } = thrown as AttnError;
    return { code, details };
  }
}

test('a good shape with its inputs passes', () => {
  expect(refusal(() => checkShape(good))).toBeUndefined();
  expect(refusal(() => checkInputs(good, inputsOfPeers(good, 1)))).toBeUndefined();
  expect(refusal(() => checkScale(undefined))).toBeUndefined();
});

test.each([
  ['batch', { batch: 0 }],
  ['heads', { heads: 2.5 }],
  ['kvHeads', { kvHeads: 3 }],
  ['queries', { queries: -1 }],
  ['keys', { keys: Number.NaN }],
  ['dim', { dim: 257 }],
  ['mask', { mask: 'window' as Shape['mask'] }],
  ['Q', { batch: 64, heads: 128, kvHeads: 1, queries: 65536, dim: 256 }],
  ['K', { batch: 64, heads: 128, kvHeads: 128, queries: 1, keys: 65536, dim: 256 }],
])('a bad %s is named', (field, change: Partial<Shape>) => {
  expect(refusal(() => checkShape({ ...good, ...change }))).toMatchObject({
    code: 'shape-invalid',
    details: { field },
  });
});

test('a missing size is named too', () => {
  const { dim: _, ...rest } = good;
  expect(refusal(() => checkShape(rest as Shape))).toMatchObject({
    code: 'shape-invalid',
    details: { field: 'dim', value: 'undefined' },
  });
});

test('inputs of the wrong length, or with a number that is none', () => {
  const inputs: Inputs = inputsOfPeers(good, 1);
  expect(refusal(() => checkInputs(good, { ...inputs, k: inputs.q }))).toEqual({
    code: 'inputs-mismatch',
    details: { tensor: 'K', got: 2 * 4 * 5 * 8, want: 2 * 2 * 7 * 8 },
  });
  inputs.v[9] = Number.NaN;
  expect(refusal(() => checkInputs(good, inputs))).toEqual({
    code: 'inputs-not-finite',
    details: { tensor: 'V', index: 9 },
  });
  for (const scale of [1e39, -1e39, 1e-50, Number.NaN, '0.1' as unknown as number, null as unknown as number]) {
    expect(refusal(() => checkScale(scale))).toMatchObject({ code: 'shape-invalid', details: { field: 'scale' } });
  }
  for (const scale of [0, 1e38, 1e-40]) expect(refusal(() => checkScale(scale))).toBeUndefined();
  expect(refusal(() => checkScale(Infinity))).toMatchObject({ code: 'shape-invalid', details: { field: 'scale' } });
});

const pages = { size: 4, blocks: 9, table: [1, 2, 3, 4], width: 2, lengths: [7, 3], starts: [0, 2, 5], window: 3 };

/** A batch over a pool: 5 of 10 rows are somebody's. */
const pooled: Shape = { ...good, pages };

test('a pool that names its own slots only passes', () => {
  expect(refusal(() => checkShape(pooled))).toBeUndefined();
  expect(
    refusal(() => checkShape({ ...pooled, pages: { ...pages, lengths: [0, 0], starts: [0, 0, 0] } })),
  ).toBeUndefined();
  expect(
    refusal(() => checkShape({ ...good, pages: { size: 4, blocks: 9, table: [1, 2, 3, 4], width: 2 } })),
  ).toBeUndefined();
});

const listed = (values: readonly unknown[]) => values as readonly number[];

test.each([
  ['pages.lengths', { lengths: [7, -1] }],
  ['pages.lengths', { lengths: [7, 9] }],
  ['pages.lengths', { lengths: [7, 2.5] }],
  ['pages.lengths', { lengths: [7, Number.NaN] }],
  ['pages.lengths', { lengths: listed([7, undefined]) }],
  ['pages.lengths', { lengths: listed(['7', 3]) }],
  ['pages.lengths', { lengths: null as unknown as readonly number[] }],
  ['pages.starts', { starts: [0, 3, 2] }],
  ['pages.starts', { starts: [1, 3, 5] }],
  ['pages.starts', { starts: [0, 5] }],
  ['pages.starts', { starts: [0, 2, 11] }],
  ['pages.starts', { starts: [0, 1.5, 5] }],
  ['pages.window', { window: 0 }],
  ['pages.window', { window: 1.5 }],
  ['pages.window', { window: 2 ** 31 }],
  ['pages.table', { table: [1, 2, 3] }],
  ['pages.table', { table: [1, 2, 3, 9] }],
  ['pages.table', { table: [1, 2, 3, -1] }],
  ['pages.table', { table: [1, 2, 3, Number.NaN] }],
  ['pages.table', { table: Object.assign([], { length: 4 }) }],
  ['pages.width', { width: 0 }],
  ['pages.size', { size: 0 }],
  ['pages.size', { size: 2 ** 20 }],
  ['pages.blocks', { blocks: 2 ** 23 }],
  ['pages.blocks', { blocks: Infinity }],
])('bad %s of a pool are named', (field, change) => {
  expect(refusal(() => checkShape({ ...pooled, pages: { ...pages, ...change } }))).toMatchObject({
    code: 'shape-invalid',
    details: { field },
  });
});

test('a table too short for the keys, requests without rows of their own, a window without order, pages that are none', () => {
  const field = (shape: Shape) => refusal(() => checkShape(shape))?.details['field'];
  expect(field({ ...good, pages: { size: 3, blocks: 9, table: [1, 2, 3, 4], width: 2 } })).toBe('pages.width');
  expect(
    field({ ...good, pages: { size: 4, blocks: 9, table: [1, 2, 3, 4, 5, 6], width: 2, lengths: [1, 2, 3] } }),
  ).toBe('pages.lengths');
  expect(field({ ...pooled, mask: 'full' })).toBe('pages.window');
  expect(field({ ...pooled, keys: 6 })).toBe('pages.lengths');
  expect(field({ ...good, pages: null as unknown as Pages })).toBe('pages');
});

test('slots of a pool are held to be numbers where a request reads them, and only there', () => {
  const shape: Shape = { ...pooled, pages: { ...pages, starts: [0, 1, 5], lengths: [7, 0] } };
  const pool = () => new Float32Array(9 * 2 * 4 * 8);
  const inputs = (k: Float32Array): Inputs => ({ q: new Float32Array(2 * 4 * 5 * 8), k, v: pool() });
  // Row 0 is the last of 7 keys and sees 3: keys 4, 5 and 6, in the first three slots of block 2.
  const at = (block: number, head: number, slot: number) => ((block * 2 + head) * 4 + slot) * 8;
  for (const unread of [at(1, 0, 3), at(2, 1, 3), at(3, 0, 0), at(0, 0, 0)]) {
    expect(refusal(() => checkInputs(shape, inputs(pool().fill(Number.NaN, unread, unread + 8))))).toBeUndefined();
  }
  for (const read of [at(2, 0, 0), at(2, 1, 2)]) {
    expect(refusal(() => checkInputs(shape, inputs(pool().fill(Infinity, read + 3, read + 4))))).toEqual({
      code: 'inputs-not-finite',
      details: { tensor: 'K', index: read + 3 },
    });
  }
  expect(refusal(() => checkInputs(shape, inputs(new Float32Array(5))))).toMatchObject({
    code: 'inputs-mismatch',
    details: { tensor: 'K' },
  });
});

test.each(ATTENTION)('$id: a pool is refused where none is read', ({ id }) => {
  const tile = kernelById(id).tiles[0] ?? { br: 0, bc: 0 };
  const got = [{ lengths: pages.lengths }, { starts: [0, 5, 10] }, { window: 3 }].map((change) =>
    refusal(() =>
      checkRun({
        kernel: id,
        tile,
        shape: { ...good, pages: { size: 4, blocks: 9, table: [1, 2, 3, 4], width: 2, ...change } },
      }),
    ),
  );
  for (const one of got) {
    if (id === 'paged') expect(one).toBeUndefined();
    else expect(one).toEqual({ code: 'shape-invalid', details: { field: 'pages', value: id, expected: 'paged' } });
  }
});
