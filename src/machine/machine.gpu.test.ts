/** One suite over both machines, in a browser, where both are at home; and the one option that tells them apart. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateInputs } from '../ops/attention/inputs';
import type { Shape } from '../ops/attention/shape';
import { openSession, type Session } from './gpu/session';
import type { Machine } from './machine';
import { openMachine } from './open';
import { runOf } from './run-of';
import { ATTENTION } from '../kernels/testing/attention';
import { SETTINGS } from './testing/score-faults';
import { FAULTS, MAGNITUDES, tileOf, withFault } from './testing/faults';
import { testMachine, type Trials } from './testing/suite';
import { THOROUGH } from '../testing/thorough';

let session: Session;
let machines: Record<Machine['kind'], Machine>;
const uncaptured: string[] = [];
beforeAll(async () => {
  session = await openSession((error) => uncaptured.push(error.message));
  machines = { gpu: await openMachine(session), interpreter: await openMachine(undefined) };
});
afterAll(() => {
  session.close();
  expect(uncaptured).toEqual([]);
});

/**
 * The interpreter runs every kernel in the unit tests, under every mask; here, in its worker, four unlike ones do. A
 * device compiles each text anew.
 */
const trialsOf = (kind: Machine['kind']): Trials => {
  const compiles = kind === 'gpu';
  if (THOROUGH) return { kernels: ATTENTION, masks: 3, compiles };
  return compiles
    ? { kernels: ATTENTION, masks: 1, compiles }
    : {
        kernels: ATTENTION.filter(({ id }) => ['naive', 'flash2', 'decode-split', 'paged'].includes(id)),
        masks: 1,
        compiles,
      };
};

for (const kind of ['gpu', 'interpreter'] as const) {
  describe(kind, () => {
    testMachine(() => machines[kind], trialsOf(kind));
    test('is what was opened', () => expect(machines[kind].kind).toBe(kind));
  });
}

const SIMPLE = ['naive', 'paged'];

/**
 * On a device every text has to be compiled: one kernel's faults and the first of each setting, and one fault of two
 * others; thorough, all of all.
 */
const onDevice = ATTENTION.flatMap(({ id }) =>
  [
    { faults: FAULTS[id]!, magnitudes: MAGNITUDES },
    ...Object.values(SETTINGS).map(({ faults, magnitudes }) => ({ faults: faults(id), magnitudes })),
  ].flatMap(({ faults, magnitudes }) =>
    Object.entries(faults).flatMap(([name, fault], nth) => {
      const tried =
        id === 'flash2' ? magnitudes === MAGNITUDES || nth === 0 : name === 'wrong head' && SIMPLE.includes(id);
      return THOROUGH || tried ? [{ id, name, fault, magnitudes }] : [];
    }),
  ),
);

test.each(onDevice)(
  '$id, $name: the device hands out no answer, and no trace either',
  { timeout: 120_000 },
  ({ id, name, fault, magnitudes }) =>
    withFault(id, fault, async (faulty) => {
      for (const { shape, inputs } of Object.values(magnitudes)) {
        const asked = runOf(machines.gpu, { kernel: faulty, shape, tile: tileOf(id) });
        const refused = { code: 'check-failed', details: { kernel: faulty } };
        await expect(machines.gpu.run(asked, inputs)).rejects.toMatchObject(refused);
        if (name === 'wrong head' && shape === magnitudes.ordinary.shape)
          await expect(
            machines.gpu.capture(asked, inputs, { input: 'test' }, { lines: 'later', plain: 'later' }),
          ).rejects.toMatchObject(refused);
      }
    }),
);

test(
  'a run longer than allowed is refused by the interpreter with what would do, and tried by the GPU',
  { timeout: 120_000 },
  async () => {
    const shape: Shape = { batch: 1, heads: 1, kvHeads: 1, queries: 512, keys: 512, dim: 32, mask: 'full' };
    const { gpu, interpreter } = machines;
    const asked = runOf(interpreter, { kernel: 'flash2', shape });
    const inputs = generateInputs(shape, 2);
    const calls = [
      () => interpreter.run(asked, inputs, { longest: 100 }),
      () => interpreter.capture(asked, inputs, { input: '' }, { longest: 100 }),
    ];
    for (const call of calls) {
      const { code, details } = await call().then(
        () => expect.fail('it ran'),
        (thrown) => thrown,
      );
      expect(code).toBe('too-slow');
      expect(details.limit).toBe(0.1);
      expect(details.seconds).toBeGreaterThan(0.1);
      expect(details.keys).toBeGreaterThan(0);
      expect(details.keys).toBeLessThan(512);
    }
    expect((await gpu.run(asked, inputs, { longest: 100 })).outputs['O']).toHaveLength(512 * 32);
  },
);
