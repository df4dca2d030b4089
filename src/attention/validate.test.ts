// Every fault of a shape or its inputs has its own typed refusal.
import { expect, test } from 'vitest';
import type { AttnError } from './errors';
import { inputsOfPeers } from './inputs';
import type { Inputs, Shape } from './shape';
import { checkInputs, checkScale, checkShape } from './validate';

const good: Shape = { batch: 2, heads: 4, kvHeads: 2, queries: 5, keys: 7, dim: 8, mask: 'causal' };

function refusal(act: () => void): Pick<AttnError, 'code' | 'details'> | undefined {
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
  expect(refusal(() => checkShape({ ...good, ...change }))).toMatchObject({ code: 'shape-invalid', details: { field } });
});

test('a missing size is named too', () => {
  const { dim: _, ...rest } = good;
  expect(refusal(() => checkShape(rest as Shape))).toMatchObject({ code: 'shape-invalid', details: { field: 'dim', value: 'undefined' } });
});

test('inputs of the wrong length, or with a number that is none', () => {
  const inputs: Inputs = inputsOfPeers(good, 1);
  expect(refusal(() => checkInputs(good, { ...inputs, k: inputs.q }))).toEqual({
    code: 'inputs-mismatch',
    details: { tensor: 'K', got: 2 * 4 * 5 * 8, want: 2 * 2 * 7 * 8 },
  });
  inputs.v[9] = Number.NaN;
  expect(refusal(() => checkInputs(good, inputs))).toEqual({ code: 'inputs-not-finite', details: { tensor: 'V', index: 9 } });
  expect(refusal(() => checkScale(Infinity))).toMatchObject({ code: 'shape-invalid', details: { field: 'scale' } });
});
