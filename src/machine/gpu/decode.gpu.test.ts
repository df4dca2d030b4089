/** Decoding kernels on this device: one query row and few against the f64 oracle, and what their capture holds. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inputsOfPeers } from '../../ops/attention/inputs';
import { attendRowOnline } from '../../ops/attention/oracle';
import { partKeys, partsOf, type Shape } from '../../ops/attention/shape';
import { kernelById } from '../../kernels/kernels';
import { TOLERANCE } from '../../ops/check';
import { runOf } from '../run-of';
import { errorOf, caseOf, checkFlash, checkInvariants, checkTrace, close, withCapture } from './testing/capture-checks';
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

test.each(['decode', 'decode-split', 'paged'] as const)(
  '%s: every shape within the bound',
  { timeout: 120_000 },
  async (kernel: string) => {
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
  },
);

test(
  'decode: the capture is the plain run, its bytes the closed form, every step that of the oracle',
  { timeout: 120_000 },
  async () => {
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
  },
);

test(
  'decode-split: each part holds m, l and O of its own keys, and the merge what all of them make',
  { timeout: 120_000 },
  async () => {
    const made = caseOf('decode-split', { heads: 2, kvHeads: 1, queries: 2, keys: 90, dim: 20, mask: 'causal' });
    await withCapture(session, made, ({ trace }) => {
      checkTrace(made, trace);
      const { shape } = made.run;
      const [o, ml] = (['OPart', 'ML'] as const).map((id) => trace.tensors.find((tensor) => tensor.id === id)!.data);
      const [span, parts] = [partKeys(shape), partsOf(shape)];
      expect([span, parts]).toEqual([32, 3]);
      for (let row = 0; row < shape.heads * shape.queries; row++) {
        const plane = Math.floor(row / shape.queries);
        const steps = attendRowOnline(shape, made.inputs, plane, row % shape.queries, 1);
        for (let part = 0; part < parts; part++) {
          const mine = steps.filter(({ k0 }) => k0 >= part * span && k0 < (part + 1) * span);
          const m = Math.max(...mine.map(({ s }) => s[0]!));
          const p = mine.map(({ s }) => Math.exp(s[0]! - m));
          const at = row * parts + part;
          close(ml![at * 2]!, m, 2e-6, 'm of a part');
          close(
            ml![at * 2 + 1]!,
            p.reduce((a, b) => a + b),
            1e-5,
            'l of a part',
          );
          for (let c = 0; c < shape.dim; c++) {
            const want = p.reduce((sum, x, j) => sum + x * made.inputs.v[mine[j]!.k0 * shape.dim + c]!, 0);
            close(o![at * shape.dim + c]!, want, 1e-5, 'O of a part');
          }
        }
      }
    });
  },
);
