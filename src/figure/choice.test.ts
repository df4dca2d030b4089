// How many query rows a choice has where it does not say: one for kernels made for decoding, all for the others, and
// never other than what is said.
import { expect, test } from 'vitest';
import { KERNELS } from '../kernels';
import { choiceOfVersus } from '../labs/shared/versus';
import { defaultChoice, sameProblem, seededShape, type Choice } from './choice';

const seed: Choice = { ...defaultChoice, input: 'seed', keys: 48 };

test('a decoding kernel opens with one query; what a visitor says stays through every kernel', () => {
  for (const { id, decoding } of KERNELS) {
    expect(seededShape({ ...seed, kernel: id })).toMatchObject({ queries: decoding ? 1 : 48, keys: 48 });
    for (const queries of [1, 7, 48]) expect(seededShape({ ...seed, kernel: id, queries }).queries).toBe(queries);
  }
  expect(sameProblem({ ...seed, kernel: 'decode' }, { ...seed, kernel: 'decode', oneQuery: false })).toBe(false);
});

test('two runs that are compared are one problem, whichever kernel comes first', () => {
  for (const { id } of KERNELS)
    for (const other of KERNELS)
      expect(seededShape(choiceOfVersus({ ...seed, kernel: id }, { kernel: other.id }))).toEqual(
        seededShape({ ...seed, kernel: id }),
      );
});
