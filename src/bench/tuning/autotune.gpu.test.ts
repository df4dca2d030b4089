// The tuned choice on the test's adapter: it answers rightly, is stored, and is replaced only by a measured one. How
// fast anything is does not matter here.
import { answerOf } from '../../ops/attention/check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inputsOfPeers } from '../../ops/attention/inputs';
import type { Shape } from '../../ops/attention/shape';
import { TOLERANCE } from '../../ops/check';
import { answerOn } from '../../machine/gpu/answer';
import { errorOf } from '../../machine/gpu/testing/capture-checks';
import { openSession, type Session } from '../../machine/gpu/session';
import { kernelById } from '../../kernels/kernels';
import { tune, type TuneOptions } from './autotune';
import { createChoiceStore } from './store';

let session: Session;
beforeAll(async () => {
  session = await openSession();
});
afterAll(() => session.close());

const shape: Shape = { batch: 1, heads: 2, kvHeads: 1, queries: 64, keys: 70, dim: 16, mask: 'causal' };
const optionsOf = (more: Partial<TuneOptions> = {}): TuneOptions => ({
  store: createChoiceStore(undefined),
  inputs: (raced) => inputsOfPeers(raced, 1),
  ...more,
});

test(
  'every tiled kernel is raced, the best one is first and right, and the second time it is known',
  { timeout: 240_000 },
  async () => {
    const options = optionsOf();
    const tuned = await tune(session, shape, options);
    expect(tuned.from).toBe('measured');
    expect(tuned.contenders[0]).toMatchObject({ ...tuned.best, ratio: 1 });
    expect(new Set(tuned.contenders.map(({ kernel }) => kernel))).toEqual(
      new Set(['flash2', 'flash-fast', 'flash-fast-shared']),
    );
    for (const { kernel, tile, error } of tuned.contenders) {
      expect(error).toBeLessThanOrEqual(4 * TOLERANCE);
      expect(kernelById(kernel).tiles).toContainEqual(tile);
    }
    const inputs = inputsOfPeers(shape, 2);
    const result = await answerOn(session, { ...tuned.best, shape }, inputs);
    expect(errorOf({ shape }, inputs, answerOf(result.outputs))).toBeLessThanOrEqual(TOLERANCE);
    expect(await tune(session, { ...shape, keys: 67 }, options)).toMatchObject({ best: tuned.best, from: 'kept' });

    // A device without subgroups chooses among the rest, and is not answered with the choice of one that has them.
    const poor = await tune({ ...session, subgroupMin: 0 }, shape, options);
    expect(poor.from).toBe('measured');
    expect(poor.contenders.map(({ kernel }) => kernel)).not.toContain('flash-fast');
  },
);

test(
  'for one query the kernels made for it race, too, with all of their tiles where they are near the fastest',
  { timeout: 240_000 },
  async () => {
    const one = { ...shape, queries: 1 };
    const tuned = await tune(session, one, optionsOf());
    const kernels = tuned.contenders.map(({ kernel }) => kernel);
    for (const id of ['decode', 'decode-split'] as const) {
      expect(kernels).toContain(id);
      const raced = kernels.filter((kernel) => kernel === id).length;
      expect(raced === 1 || raced === kernelById(id).tiles.length).toBe(true);
    }
    expect(kernels).not.toContain('paged');
    const inputs = inputsOfPeers(one, 2);
    const result = await answerOn(session, { ...tuned.best, shape: one }, inputs);
    expect(errorOf({ shape: one }, inputs, answerOf(result.outputs))).toBeLessThanOrEqual(TOLERANCE);
  },
);

test('the search ends when nobody wants it any more', { timeout: 120_000 }, async () => {
  const stop = new AbortController();
  const tuning = tune(
    session,
    { ...shape, dim: 20 },
    optionsOf({ signal: stop.signal, onProgress: () => stop.abort() }),
  );
  await expect(tuning).rejects.toMatchObject({ code: 'cancelled' });
});
