/** The interpreter against this device: the same order, counts and lines to the byte, the same values within 1e-5. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generateInputs } from '../../ops/attention/inputs';
import type { Shape } from '../../ops/attention/shape';
import type { ArrayInfo, CapturedWorkgroup, Trace } from '../../trace/trace';
import { openCapture } from '../gpu/capture';
import { floatOf } from '../testing/reading';
import type { Session } from '../gpu/session';
import { openSession } from '../gpu/session';
import type { Run, Tile } from '../../ops/run';
import { ATTENTION } from '../../kernels/testing/attention';
import { Interpretation } from './capture';

let session: Session;
beforeAll(async () => {
  session = await openSession();
});
afterAll(() => session.close());

const TOLERANCE = 1e-5;

const shapes: readonly (Pick<Shape, 'queries' | 'keys' | 'dim' | 'mask'> & {
  heads: number;
  kvHeads: number;
  plane: number;
})[] = [
  { queries: 21, keys: 45, dim: 9, mask: 'full', heads: 2, kvHeads: 1, plane: 1 },
  { queries: 19, keys: 11, dim: 8, mask: 'causal', heads: 1, kvHeads: 1, plane: 0 },
];

/** Relative to 1 + |want|; not a number counts as infinitely far. */
function farthest(got: ArrayLike<number>, want: ArrayLike<number>): number {
  expect(got.length).toBe(want.length);
  let most = 0;
  for (let i = 0; i < want.length; i++) {
    const distance = Math.abs(got[i]! - want[i]!) / (1 + Math.abs(want[i]!));
    if (!(distance <= most)) most = Number.isNaN(distance) ? Infinity : distance;
  }
  return most;
}

const numbers = (bits: Uint32Array, scalar: string): ArrayLike<number> =>
  scalar === 'f32' ? Array.from(bits, floatOf) : bits;

function sameWorkgroup(got: CapturedWorkgroup, want: CapturedWorkgroup, arrays: readonly ArrayInfo[]): void {
  expect(got.workgroup).toBe(want.workgroup);
  expect(got.order).toEqual(want.order);
  expect(got.counts).toEqual(want.counts);
  expect(got.phasesDropped).toBe(0);
  expect(got.rounds).toEqual(want.rounds);
  const log = ({ stores = [] }: CapturedWorkgroup) => stores.map(({ bits: _bits, ...rest }) => rest);
  expect(log(got)).toEqual(log(want));
  got.stores?.forEach(({ bits }, i) =>
    expect(farthest(numbers(bits, 'f32'), numbers(want.stores![i]!.bits, 'f32'))).toBeLessThan(TOLERANCE),
  );
  for (const { id, scalar } of arrays) {
    expect(got.arrays[id]!.map(({ from }) => from)).toEqual(want.arrays[id]!.map(({ from }) => from));
    got.arrays[id]!.forEach(({ bits, writer, at }, i) => {
      const other = want.arrays[id]![i]!;
      expect(writer).toEqual(other.writer);
      expect(at).toEqual(other.at);
      expect(farthest(numbers(bits, scalar), numbers(other.bits, scalar))).toBeLessThan(TOLERANCE);
    });
  }
}

function sameTrace(got: Trace, want: Trace): void {
  for (const tensor of want.tensors)
    expect(farthest(got.tensors.find(({ id }) => id === tensor.id)!.data, tensor.data)).toBeLessThan(TOLERANCE);
  expect(got.passes.length).toBe(want.passes.length);
  want.passes.forEach(({ captured, totals, ...pass }, p) => {
    const { captured: mine, totals: counted, ...other } = got.passes[p]!;
    expect(other).toEqual(pass);
    expect(counted).toEqual(totals);
    expect(mine.length).toBe(captured.length);
    captured.forEach((theirs, i) => sameWorkgroup(mine[i]!, theirs, pass.arrays));
  });
}

/** The smallest tile: how large it is changes nothing of what is compared. */
const smallest = (tiles: readonly Tile[]): Tile | undefined => tiles.toSorted((a, b) => a.br * a.bc - b.br * b.bc)[0];

/**
 * Kernels whose instrumented text takes a software device ten seconds to compile, each time: one shape, of both odd
 * sizes.
 */
const SLOW: readonly string[] = ['flash-fast-shared'];

for (const { id, interpreted, tiles } of ATTENTION) {
  if (!interpreted) continue;
  for (const { heads, kvHeads, plane, ...shape } of SLOW.includes(id) ? shapes.slice(0, 1) : shapes) {
    test(`${id}, ${shape.queries} x ${shape.keys}, d ${shape.dim}, ${shape.mask}: the device's trace and the interpreter's are the same`, async () => {
      const run: Run = {
        kernel: id,
        shape: { batch: 1, heads, kvHeads, ...shape },
        tile: tiles.find(({ br }) => br === 8) ?? smallest(tiles) ?? { br: 0, bc: 0 },
      };
      const inputs = generateInputs(run.shape, 5);
      const meta = { input: 'test', plane, row: shape.queries - 1, thread: 3 };
      const device = await openCapture(session, run, inputs, meta);
      const interpretation = new Interpretation(run, inputs, meta);
      const trace = interpretation.capture();
      const bare = {
        ...device.trace,
        passes: device.trace.passes.map((pass) => ({
          ...pass,
          captured: pass.captured.map(({ lines: _lines, ...rest }) => rest),
        })),
      };
      sameTrace(trace, bare);
      expect(interpretation.compare()).toBe(0);
      for (const [p, pass] of device.trace.passes.entries()) {
        const want = pass.captured.at(-1)!;
        const { lines } = interpretation.workgroup(p, want.workgroup, 3);
        expect(lines!.starts).toEqual(want.lines!.starts);
        expect(lines!.variable).toEqual(want.lines!.variable);
        const values = (of: CapturedWorkgroup['lines']) =>
          Array.from(of!.bits, (bits, i) => (pass.variables[of!.variable[i]!]!.type === 'f32' ? floatOf(bits) : bits));
        expect(farthest(values(lines), values(want.lines))).toBeLessThan(TOLERANCE);
      }
      device.dispose();
    });
  }
}
