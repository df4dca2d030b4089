// A ready-made pair counts as shown exactly where choosing it would change neither run.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KERNELS } from '../../kernels';
import { defaultChoice, type Choice } from '../../figure/choice';
import { isShown } from './presets';
import { choiceOfVersus, type Versus } from '../shared/versus';

const kernel = fc.constantFrom(...KERNELS.map(({ id }) => id));
const mask = fc.constantFrom('full' as const, 'causal' as const);
const first = fc
  .record({ kernel, mask, seed: fc.nat({ max: 2 }) })
  .map((some): Choice => ({ ...defaultChoice, ...some }));
const change = fc.record({ kernel, mask }, { requiredKeys: [] });
const versus = fc.record({ kernel, mask, seed: fc.nat({ max: 2 }) }, { requiredKeys: ['kernel'] });
const said = (...both: Choice[]): string => JSON.stringify(both.map((one) => [one.kernel, one.mask, one.seed]));

test('after it was chosen, and before only where the runs were the same', () => {
  fc.assert(
    fc.property(first, change, versus, versus, (choice, to, pair, other: Versus) => {
      const made = { ...choice, ...to };
      const second = choiceOfVersus(made, pair);
      expect(isShown(made, second, to, pair)).toBe(true);
      const [before, beside] = [choice, choiceOfVersus(choice, other)];
      const same = said(before, beside) === said(made, second);
      expect(isShown(before, beside, to, pair)).toBe(same);
    }),
  );
});
