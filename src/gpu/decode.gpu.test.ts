/** Decoding kernels on this device: one query row and few against the f64 oracle, and what their capture holds. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inputsOfPeers } from '../attention/inputs';
import type { Shape } from '../attention/shape';
import type { KernelId } from '../kernels/card';
import { kernelById } from '../kernels/index';
import { TOLERANCE, errorOf, runOf } from './attention';
import { caseOf, checkFlash, checkInvariants, checkTrace, withCapture } from './capture-checks';
import { prepare } from './run';
import { openSession, type Session } from './session';

let session: Session;
beforeAll(async () => {
  session = await openSession();
});
afterAll(() => session.close());

const base: Shape = { batch: 2, heads: 4, kvHeads: 4, queries: 1, keys: 100, dim: 64, mask: 'causal' };

/** One row, few rows, more rows than keys; MHA, GQA, MQA; keys around the ends of a step. */
const shapes: readonly Shape[] = [
  base,
  { ...base, kvHeads: 2, keys: 33, dim: 20 },
  { ...base, kvHeads: 1, keys: 31, queries: 3, dim: 33 },
  { ...base, kvHeads: 1, keys: 1, dim: 8, mask: 'full' },
  { ...base, keys: 5, queries: 9, dim: 12 },
];

test.each(['decode'] as const)('%s: every shape within the bound', { timeout: 120_000 }, async (kernel: KernelId) => {
  for (const [i, shape] of shapes.entries()) {
    const { tiles } = kernelById(kernel);
    const tile = tiles[i % Math.max(1, tiles.length)];
    const inputs = inputsOfPeers(shape, i);
    const prepared = await prepare(session, runOf(session, { kernel, shape, ...(tile && { tile }) }), inputs);
    prepared.submit();
    const result = { o: await prepared.read('O'), lse: await prepared.read('LSE') };
    prepared.dispose();
    expect(errorOf({ shape }, inputs, result), JSON.stringify({ shape, tile })).toBeLessThanOrEqual(TOLERANCE);
  }
});

test('decode: the capture is the plain run, its bytes the closed form, every step that of the oracle', { timeout: 120_000 }, async () => {
  const made = caseOf('decode', { heads: 4, kvHeads: 2, queries: 3, keys: 70, dim: 20, mask: 'causal' });
  await withCapture(
    session,
    made,
    ({ trace }) => {
      checkTrace(made, trace);
      const [pass] = trace.passes;
      expect(pass!.captured).toHaveLength(3);
      for (const captured of pass!.captured) {
        checkFlash(made, pass!, captured, { s: 2e-6, l: 3e-5, o: 1e-5 });
        checkInvariants(made, pass!, captured);
      }
    },
    3,
  );
});
