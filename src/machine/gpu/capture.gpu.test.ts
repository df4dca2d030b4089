/**
 * Capture on this device: what the instrumented kernels record, against the plain run, the closed forms and the f64
 * oracle.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attendRow } from '../../ops/attention/oracle';
import type { Mask } from '../../ops/attention/shape';
import { sees } from '../../ops/attention/shape';
import type { Trace } from '../../trace/trace';
import { kernelById } from '../../kernels/kernels';
import { openCapture } from './capture';
import {
  caseOf,
  checkFlash,
  checkInvariants,
  checkTrace,
  checkWorkgroup,
  close,
  MASKED,
  withCapture,
  type Case,
} from './testing/capture-checks';
import { matrixAt, requestedBy, storageBytes } from '../testing/reading';
import type { Session } from './session';
import { openSession } from './session';

let session: Session;
const uncaptured: string[] = [];
beforeAll(async () => {
  session = await openSession((error) => uncaptured.push(error.message));
});
afterAll(() => {
  session.close();
  expect(uncaptured).toEqual([]);
});

describe('flash2', () => {
  test('64 x 32 in 16 x 16 tiles: requests exactly what the closed form says, state as in the f64 oracle', async () => {
    const made = caseOf('flash2', {}, { br: 16, bc: 16 });
    await withCapture(session, made, ({ trace }) => {
      const [pass] = trace.passes;
      expect(storageBytes(trace.passes)).toEqual({ loads: 73_728, stores: 8448 });
      expect(requestedBy(pass!)).toMatchObject({ 'O store': 8192, 'LSE store': 256 });
      expect(pass!.captured).toHaveLength(4);
      checkTrace(made, trace);
      for (const captured of pass!.captured) checkInvariants(made, pass!, captured);
    });
  });

  test('N = 256, d = 64: S, P, m, alpha within 2e-6, l 3e-5, O 1e-5 of the oracle at every tile', async () => {
    const made = caseOf('flash2', { queries: 256, keys: 256, dim: 64 });
    await withCapture(session, made, ({ trace }) => {
      checkTrace(made, trace);
      expect(trace.passes[0]!.captured).toHaveLength(8);
      for (const captured of trace.passes[0]!.captured)
        checkFlash(made, trace.passes[0]!, captured, { s: 2e-6, l: 3e-5, o: 1e-5 });
    });
  });

  test('any shape, mask and tile: closed form, state and invariants', async () => {
    const sizes = fc.record({
      heads: fc.constantFrom({ heads: 1, kvHeads: 1 }, { heads: 2, kvHeads: 1 }, { heads: 4, kvHeads: 2 }),
      queries: fc.integer({ min: 1, max: 80 }),
      keys: fc.integer({ min: 1, max: 80 }),
      dim: fc.integer({ min: 8, max: 40 }),
      mask: fc.constantFrom<Mask>('full', 'causal'),
      tile: fc.constantFrom(...kernelById('flash2').tiles),
    });
    const examples: [typeof sizes extends fc.Arbitrary<infer T> ? T : never][] = [
      [{ heads: { heads: 4, kvHeads: 2 }, queries: 45, keys: 70, dim: 20, mask: 'causal', tile: { br: 32, bc: 16 } }],
      [{ heads: { heads: 1, kvHeads: 1 }, queries: 1, keys: 1, dim: 8, mask: 'full', tile: { br: 8, bc: 8 } }],
      [{ heads: { heads: 2, kvHeads: 1 }, queries: 50, keys: 19, dim: 10, mask: 'causal', tile: { br: 16, bc: 8 } }],
    ];
    await fc.assert(
      fc.asyncProperty(sizes, async ({ heads: { heads, kvHeads }, tile, ...size }) => {
        const made = caseOf('flash2', { ...size, heads, kvHeads }, tile);
        await withCapture(
          session,
          made,
          ({ trace }) => {
            const [pass] = trace.passes;
            checkTrace(made, trace);
            expect(pass!.captured.map(({ workgroup }) => Math.floor(workgroup / pass!.grid[0]))).toEqual(
              pass!.captured.map(() => heads - 1),
            );
            for (const captured of pass!.captured) {
              checkFlash(made, pass!, captured, { s: 4e-6, l: 3e-5, o: 2e-5 });
              checkInvariants(made, pass!, captured);
            }
          },
          heads - 1,
        );
      }),
      { numRuns: 4, examples, seed: 7, endOnFailure: true },
    );
  });

  test('a workgroup captured by itself is what the whole capture holds of it; two captures of it agree', async () => {
    const made = caseOf('flash2', { mask: 'causal', queries: 70, keys: 70 });
    const again = await openCapture(session, made.run, made.inputs, { input: 'test', thread: 5 });
    await withCapture(session, made, async ({ trace, workgroup }) => {
      expect(trace.passes[0]!.captured[2]!.lines).toBeUndefined();
      const alone = await workgroup(0, 1, 5);
      expect(alone).toEqual(again.trace.passes[0]!.captured[1]);
      expect({ ...alone, lines: undefined }).toEqual({ ...trace.passes[0]!.captured[1], lines: undefined });
      expect(alone.lines!.variable.length).toBeGreaterThan(100);
      expect(await workgroup(0, 1, 5)).toBe(alone);
      expect(await again.workgroup(0, 2, 5)).toBe(again.trace.passes[0]!.captured[2]);
    });
    again.dispose();
  });

  test('N = 1024: counts of all, state of one workgroup, and of any other on demand', async () => {
    const made = caseOf('flash2', { queries: 1024, keys: 1024, dim: 16 });
    await withCapture(session, made, async ({ trace, workgroup }) => {
      const [pass] = trace.passes;
      checkTrace(made, trace);
      expect(pass!.captured.map((captured) => captured.workgroup)).toEqual([0]);
      const soon = await workgroup(0, 17, 3);
      expect(soon.lines).toBeUndefined();
      const other = await workgroup(0, 17, 3);
      expect({ ...other, lines: undefined }).toEqual({ ...soon, lines: undefined });
      expect(other.lines).toMatchObject({ invocation: 3, dropped: 0 });
      expect(other.order).toHaveLength(2 + 4 * 64);
      checkWorkgroup(pass!, other);
      checkFlash(made, pass!, other, { s: 4e-6, l: 3e-5, o: 2e-5 });
    });
  });

  test('a capture whose place a newer run or an import takes mid-way ends as cancelled, wherever it waits', async () => {
    const made = caseOf('flash2', { queries: 48, keys: 48, dim: 16 });
    for (let waits = 0; waits < 24; waits++) {
      const capture = await openCapture(
        session,
        made.run,
        made.inputs,
        { input: 'test' },
        { lines: 'later', plain: 'later' },
      );
      const one = capture.workgroup(0, waits % 2, 3);
      const again = capture.workgroup(0, 1, waits);
      const compared = capture.compare();
      const ends = Promise.allSettled([one, again, compared]);
      // Each turn lets the work get a little further.
      for (let turn = 0; turn < waits; turn++) await session.device.queue.onSubmittedWorkDone();
      capture.dispose();
      for (const end of await ends)
        if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 'cancelled' });
      await expect(capture.workgroup(0, 2, 60)).rejects.toMatchObject({ code: 'cancelled' });
    }
  });

  test('a capture that nobody wants any more is given up', async () => {
    const made = caseOf('flash2', {}, { br: 16, bc: 16 });
    const controller = new AbortController();
    const capturing = openCapture(
      session,
      made.run,
      made.inputs,
      { input: 'test' },
      { signal: controller.signal, lines: 'later', onProgress: () => controller.abort() },
    );
    await expect(capturing).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('naive', () => {
  const GROUPED = [
    { heads: 1, kvHeads: 1, mask: 'causal' },
    { heads: 2, kvHeads: 1, mask: 'full' },
    { heads: 4, kvHeads: 2, mask: 'causal' },
  ] as const;

  test.each(GROUPED)(
    '$heads heads over $kvHeads, $mask, any size: closed form, registers and HBM as in the f64 oracle',
    async (grouped) => {
      const sizes = fc.record({
        batch: fc.integer({ min: 1, max: 2 }),
        queries: fc.integer({ min: 1, max: 70 }),
        keys: fc.integer({ min: 1, max: 70 }),
        dim: fc.integer({ min: 8, max: 40 }),
      });
      await fc.assert(
        fc.asyncProperty(sizes, async (size) => {
          const made = caseOf('naive', { ...size, ...grouped });
          await withCapture(session, made, ({ trace }) => {
            checkTrace(made, trace);
            checkNaive(made, trace);
          });
        }),
        { numRuns: 1, seed: 11 * grouped.heads, endOnFailure: true },
      );
    },
  );
});

/** The registers of each pass, and the tensors between the passes, row by row against the definition. */
function checkNaive({ run, inputs, spec }: Case, trace: Trace): void {
  const { shape } = run;
  const [scores, softmax, output] = trace.passes;
  const tensor = (id: string) => trace.tensors.find((t) => t.id === id)!;
  const value = (pass: number, name: string, row: number, col: number): number => {
    const { grid, captured, phases } = trace.passes[pass]!;
    const { rows, cols } = spec[pass]!.layouts[name]!;
    const workgroup = captured.find((c) => c.workgroup === Math.floor(row / rows) + grid[0] * Math.floor(col / cols))!;
    return matrixAt(trace.passes[pass]!, spec[pass]!, workgroup, name, phases.length)[
      (row % rows) * cols + (col % cols)
    ]!;
  };
  for (const pass of [scores!, softmax!, output!]) expect(pass.captured).toHaveLength(pass.grid[0] * pass.grid[1]);
  for (let i = 0; i < shape.queries; i += 7) {
    const want = attendRow(shape, inputs, 0, i);
    close(value(1, 'm', i, 0), want.m, 4e-6, 'm');
    close(value(1, 'l', i, 0), want.l, 1e-5, 'l');
    for (let j = 0; j < shape.keys; j += 3) {
      const seen = sees(shape, i, j);
      const s = value(0, 's', i, j);
      expect(tensor('S').data[i * shape.keys + j]).toBe(s);
      if (seen) close(s, want.s[j]!, 4e-6, 'S');
      else expect(s).toBe(MASKED);
      close(tensor('P').data[i * shape.keys + j]!, want.p[j]!, 4e-6, 'P');
    }
    for (let c = 0; c < shape.dim; c += 3) {
      const o = value(2, 'o', i, c);
      expect(tensor('O').data[i * shape.dim + c]).toBe(o);
      close(o, want.o[c]!, 1e-5, 'O');
    }
  }
}
