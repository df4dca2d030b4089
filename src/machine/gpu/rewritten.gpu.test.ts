/**
 * Cells of HBM that flash1 rewrites, captured on this device: O, l and m at every cursor are those of Algorithm 1 in f64,
 * and the log of stores is that of the interpreter.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inputsOfPeers } from '../../ops/attention/inputs';
import type { Shape } from '../../ops/attention/shape';
import { Interpretation } from '../interpreter/capture';
import { checkAlgorithm1 } from '../testing/algorithm1';
import { openCapture } from './capture';
import { openSession, type Session } from './session';

let session: Session;
const uncaptured: string[] = [];
beforeAll(async () => {
  session = await openSession((error) => uncaptured.push(error.message));
});
afterAll(() => {
  session.close();
  expect(uncaptured).toEqual([]);
});

const base: Shape = { batch: 1, heads: 2, kvHeads: 1, queries: 21, keys: 27, dim: 12, mask: 'causal' };
const cases: readonly { shape: Shape; br: number; bc: number; plane: number }[] = [
  { shape: base, br: 8, bc: 8, plane: 1 },
  { shape: { ...base, queries: 27, keys: 13, dim: 7 }, br: 8, bc: 16, plane: 0 },
  { shape: { ...base, mask: 'full', batch: 2, queries: 3, keys: 40 }, br: 16, bc: 8, plane: 3 },
];

test.each(cases)(
  '$shape.queries x $shape.keys, $shape.mask',
  { timeout: 240_000 },
  async ({ shape, br, bc, plane }) => {
    const inputs = inputsOfPeers(shape, 6);
    const run = { kernel: 'flash1', shape, tile: { br, bc } };
    const { trace, workgroup, dispose } = await openCapture(session, run, inputs, { input: '', plane });
    try {
      checkAlgorithm1(trace, inputs);
      const other = new Interpretation(run, inputs, { input: '', plane }).capture();
      const [pass, twin] = [trace.passes[0]!, other.passes[0]!];
      expect([pass.phases, pass.loops]).toEqual([twin.phases, twin.loops]);
      const places = ({ captured }: typeof pass) =>
        captured.map(({ rounds, stores }) => [rounds, stores!.map(({ bits: _bits, ...rest }) => rest)]);
      expect(places(pass)).toEqual(places(twin));
      // Another plane, by itself.
      const elsewhere = await workgroup(0, plane === 0 ? 1 : plane - 1, 0);
      expect(elsewhere.stores!.map(({ buffer }) => buffer)).toEqual(['O', 'L', 'M']);
    } finally {
      dispose();
    }
  },
);
