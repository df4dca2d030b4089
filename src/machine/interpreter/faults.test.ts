/**
 * The one rule of the check, on every kernel's own text without a GPU: honest answers pass, planted faults fail, at
 * ordinary and at large logits.
 */
import { describe, expect, test } from 'vitest';
import { CHECK_WORK } from '../../ops/check';
import { judge, spreadReference, type Answer, type Checked } from '../../ops/attention/check';
import { inputsOfPeers } from '../../ops/attention/inputs';
import type { Inputs, Shape } from '../../ops/attention/shape';
import type { Run } from '../../ops/run';
import { ATTENTION } from '../../kernels/testing/attention';
import { kernelById } from '../../kernels/kernels';
import { SETTINGS } from '../testing/score-faults';
import { deep, FAULTS, MAGNITUDES, square, tileOf, withFault } from '../testing/faults';
import { Interpretation } from './capture';
import { memoryOf, runPlain } from './plain';

function compute(run: Run, inputs: Inputs): Answer {
  const specs = kernelById(run.kernel).passes(run);
  const memory = memoryOf(run, inputs, specs);
  runPlain(specs, memory);
  return { o: memory.get('O')!, lse: memory.get('LSE')! };
}

function check(kernel: string, shape: Shape, inputs: Inputs): { checked: Checked; answer: Answer } {
  const run: Run = { kernel, shape, tile: tileOf(kernel) };
  const answer = compute(run, inputs);
  return { checked: judge(run, inputs, spreadReference(run, inputs, CHECK_WORK.picture), answer), answer };
}

describe.each(ATTENTION)('$id', ({ id }) => {
  test('answers rightly, and says what plain f32 is off by', () => {
    const ordinary = check(id, square, MAGNITUDES.ordinary.inputs).checked;
    expect(ordinary).toMatchObject({ warnings: [], rows: 80 });
    expect(ordinary.wrong).toBeUndefined();
    expect(Math.max(ordinary.max, ordinary.f32)).toBeLessThan(2e-6);
    const large = check(id, deep, MAGNITUDES.large.inputs).checked;
    expect(large.wrong).toBeUndefined();
    expect(large.warnings.map(({ code }) => code)).toEqual(['lost-precision']);
    // The old bound, 4e-6 (1 + |O|), refused this: f32 itself is off by a thousand times as much.
    expect(large.f32).toBeGreaterThan(1e-3);
  });

  test.each(Object.entries(FAULTS[id]!))('%s is refused at ordinary and at large logits', (_name, fault) =>
    withFault(id, fault, (faulty) => {
      for (const { shape, inputs } of Object.values(MAGNITUDES)) {
        const { wrong } = check(faulty, shape, inputs).checked;
        expect(wrong).toBeDefined();
        expect(wrong!.error).toBeGreaterThan(wrong!.bound);
      }
    }),
  );

  describe.each(Object.entries(SETTINGS))('with a %s', (_setting, { faults, magnitudes }) => {
    test('answers rightly at ordinary and at large logits', () => {
      for (const { shape, inputs } of Object.values(magnitudes))
        expect(check(id, shape, inputs).checked.wrong).toBeUndefined();
    });

    test.each(Object.entries(faults(id)))('%s is refused at ordinary and at large logits', (_name, fault) =>
      withFault(id, fault, (faulty) => {
        for (const { shape, inputs } of Object.values(magnitudes))
          expect(check(faulty, shape, inputs).checked.wrong, `d = ${shape.dim}`).toBeDefined();
      }),
    );
  });

  test('no trace is made of a wrong answer', async () => {
    const { shape, inputs } = MAGNITUDES.ordinary;
    await withFault(id, FAULTS[id]!['wrong head']!, (faulty) => {
      const interpretation = new Interpretation({ kernel: faulty, shape, tile: tileOf(id) }, inputs, { input: 'test' });
      expect(() => interpretation.capture()).toThrow('check-failed');
    });
  });

  test('what f32 cannot hold is said, and no fault of the kernel', () => {
    const shape: Shape = { ...square, heads: 1, kvHeads: 1, queries: 4, keys: 20, dim: 8, mask: 'full' };
    const filled = (q: number, k: number, v?: number): Inputs => {
      const inputs = inputsOfPeers(shape, 5);
      return { q: inputs.q.fill(q), k: inputs.k.fill(k), v: v === undefined ? inputs.v : inputs.v.fill(v) };
    };
    const codes = (inputs: Inputs) => {
      const { checked, answer } = check(id, shape, inputs);
      expect(checked.wrong).toBeUndefined();
      return { codes: checked.warnings.map(({ code }) => code), checked, answer };
    };
    // All scores -2e32: right is the mean of V, and no kernel can tell such a score from a masked one.
    const beyond = codes(filled(1e16, -2e16 / Math.sqrt(8)));
    expect(beyond.codes).toContain('score-beyond-mask');
    // q · k is 8e38, and 2.8e38 once it is scaled: Q is scaled before.
    const near = codes(filled(1e19, 1e19));
    expect(near.codes).toEqual([]);
    expect(near.checked.max).toBeLessThan(2e-6);
    const over = codes(filled(1e20, 1e20));
    expect(over.codes).toEqual(expect.arrayContaining(['not-finite', 'product-overflow']));
    const values = codes(filled(1, 1, 3e38));
    if (values.answer.o.every(Number.isFinite)) expect(values.codes).toEqual([]);
    else expect(values.codes).toEqual(expect.arrayContaining(['not-finite', 'value-overflow']));
  });
});
