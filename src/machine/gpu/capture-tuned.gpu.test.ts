/**
 * Capture of the tuned kernels: what is stepped is what is timed, bytes are the closed forms, and every tile is that of
 * the f64 oracle.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Shape } from '../../ops/attention/shape';
import type { Tile } from '../../ops/run';
import { kernelById } from '../../kernels/kernels';
import { caseOf, checkFlash, checkInvariants, checkTrace, withCapture } from './testing/capture-checks';
import { openSession, type Session } from './session';
import { THOROUGH } from '../../testing/thorough';

let session: Session;
beforeAll(async () => {
  session = await openSession();
});
afterAll(() => session.close());

describe.each(['flash-fast', 'flash-fast-shared'] as const)('%s', (kernel) => {
  test(
    'd = 64: S, P, m, alpha within 2e-6, l 3e-5, O 1e-5 of the oracle at every tile',
    { timeout: 240_000 },
    async () => {
      const made = caseOf(kernel, { queries: 96, keys: 128, dim: 64, mask: 'causal' });
      await withCapture(session, made, ({ trace }) => {
        checkTrace(made, trace);
        expect(trace.passes[0]!.captured).toHaveLength(Math.ceil(96 / made.run.tile.br));
        for (const captured of trace.passes[0]!.captured)
          checkFlash(made, trace.passes[0]!, captured, { s: 2e-6, l: 3e-5, o: 1e-5 });
      });
    },
  );

  test(
    'shapes, masks and tiles that divide by nothing: closed form, state and invariants',
    { timeout: 240_000 },
    async () => {
      const [first, second, third] = kernelById(kernel).tiles;
      const cases: [Partial<Shape>, Tile][] = [
        [{ heads: 4, kvHeads: 2, queries: 45, keys: 70, dim: 20, mask: 'causal' }, first!],
        [{ queries: 1, keys: 1, dim: 8 }, second!],
        [{ heads: 2, kvHeads: 1, queries: 50, keys: 19, dim: 10, mask: 'causal' }, third!],
        [{ queries: 37, keys: 33, dim: 9 }, first!],
      ];
      for (const [size, tile] of THOROUGH ? cases : cases.slice(0, 2)) {
        const made = caseOf(kernel, size, tile);
        const plane = made.run.shape.heads - 1;
        await withCapture(
          session,
          made,
          ({ trace }) => {
            const [pass] = trace.passes;
            checkTrace(made, trace);
            for (const captured of pass!.captured) {
              checkFlash(made, pass!, captured, { s: 4e-6, l: 3e-5, o: 2e-5 });
              checkInvariants(made, pass!, captured);
            }
          },
          plane,
        );
      }
    },
  );
});
