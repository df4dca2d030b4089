/**
 * How often a byte from HBM is read on chip: against what every thread loads, one by one, and against the counters
 * where tiles are whole.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keysSeen } from '../ops/attention/cost';
import { generateInputs } from '../ops/attention/inputs';
import type { Shape } from '../ops/attention/shape';
import { Interpretation } from '../machine/interpreter/capture';
import { INTERPRETER_LIMITS } from '../machine/interpreter/limits';
import type { Run } from '../ops/run';
import { kernelById } from '../kernels/kernels';
import { frameOf } from './frame';

const end = (run: Run, plane = 0) => {
  const trace = new Interpretation(run, generateInputs(run.shape, 3), { input: 'test', plane }).capture();
  const [pass] = trace.passes;
  const workgroup = plane * pass!.grid[0] + pass!.grid[0] - 1;
  const frame = frameOf(trace, { pass: 0, workgroup, phase: 1e6 }, { row: 0, thread: 0 }, plane);
  const held = frame.bytes.buffers.filter(({ name }) => ['sQ', 'sK', 'sV'].includes(name));
  return { trace, frame, reuse: frame.bytes.reuse, counted: held.reduce((sum, { sum: { read } }) => sum + read, 0) };
};

/**
 * Elements that threads load of the tiles of one workgroup's block and tile, for rows and keys that exist: thread by
 * thread, as the texts say.
 */
function loaded({ kernel, tile, shape: { dim } }: Run, rows: number, keys: number): number {
  const { header, workgroupSize } = kernelById(kernel).passes({ kernel, tile, shape: { ...UNIT, dim } })[0]!;
  const side = Number(header['SIDE']);
  let elements = 0;
  for (let thread = 0; thread < workgroupSize; thread++) {
    const [x, y] = [thread % side, Math.floor(thread / side)];
    const [mine, own] =
      kernel === 'flash2'
        ? [[0, 1, 2, 3].map((r) => 4 * y + r), [x, x + side]]
        : [[0, 1, 2, 3].map((r) => y + r * Number(header['ROWS_APART'])), [0, 1, 2, 3].map((i) => x + i * side)];
    const [real, seen] = [mine.filter((r) => r < rows).length, own.filter((k) => k < keys).length];
    // S: its rows of Q where it has a key, its keys of K where it has a row.
    elements += dim * ((seen > 0 ? real : 0) + (real > 0 ? seen : 0));
    // O += PV: for its columns of O, every key's V.
    const chunks = dim / (dim % 4 === 0 ? 4 : 1);
    for (let c = x; c < chunks; c += side) if (real > 0) elements += keys * (dim / chunks);
  }
  return elements;
}

const UNIT: Shape = { batch: 1, heads: 1, kvHeads: 1, queries: 1, keys: 1, dim: 8, mask: 'full' };

const anyRun = fc
  .record({
    kernel: fc.constantFrom('flash2' as const, 'flash-fast-shared' as const),
    tile: fc.nat(99),
    queries: fc.integer({ min: 1, max: 36 }),
    keys: fc.integer({ min: 1, max: 36 }),
    dim: fc.constantFrom(3, 8, 12),
    mask: fc.constantFrom('full' as const, 'causal' as const),
  })
  .map(({ kernel, tile, ...rest }): Run => {
    const { tiles } = kernelById(kernel);
    return { kernel, tile: tiles[tile % tiles.length]!, shape: { ...rest, batch: 1, heads: 2, kvHeads: 1 } };
  })
  .filter((run) => !kernelById(run.kernel).limit(run, INTERPRETER_LIMITS));

test('any shape: what is read on chip for rows and keys that exist, thread by thread; never more than was counted', () => {
  fc.assert(
    fc.property(anyRun, fc.nat(1), (run, plane) => {
      const { reuse, counted, frame } = end(run, plane);
      const { shape, tile } = run;
      let want = 0;
      for (let q0 = 0; q0 < shape.queries; q0 += tile.br) {
        const rows = Math.min(tile.br, shape.queries - q0);
        for (let k0 = 0; k0 < keysSeen(shape, q0 + rows - 1); k0 += tile.bc)
          want += 4 * loaded(run, rows, Math.min(tile.bc, shape.keys - k0));
      }
      expect(reuse?.sram).toBe(want);
      expect(want).toBeLessThanOrEqual(counted);
      expect(reuse?.hbm).toBe(frame.bytes.hbm.sum.read);
    }),
    { numRuns: 8 },
  );
});

test('whole tiles have no padding: what is used is what was counted', () => {
  for (const kernel of ['flash2', 'flash-fast-shared'] as const) {
    const run: Run = { kernel, tile: { br: 16, bc: 16 }, shape: { ...UNIT, queries: 32, keys: 32, dim: 16 } };
    const { reuse, counted } = end(run);
    expect(reuse?.sram).toBe(counted);
  }
});

test('one query and one key: each byte of Q, K and V is read once, whatever the tile is wide', () => {
  for (const kernel of ['flash2', 'flash-fast-shared'] as const) {
    const { reuse, counted } = end({ kernel, tile: { br: 32, bc: 16 }, shape: { ...UNIT, dim: 32 } });
    expect(reuse).toEqual({ sram: 4 * 3 * 32, hbm: 4 * 3 * 32 });
    expect(counted).toBeGreaterThan(100 * reuse!.sram);
  }
});

test('at every step no more than the counters say, and never less than before; kernels that hold no tile there have no ratio', () => {
  const run: Run = {
    kernel: 'flash-fast-shared',
    tile: { br: 16, bc: 16 },
    shape: { ...UNIT, queries: 20, keys: 37, mask: 'causal' },
  };
  const { trace } = end(run);
  let last = 0;
  for (const workgroup of [0, 1]) {
    for (let phase = 0; phase < trace.passes[0]!.captured[workgroup]!.order.length; phase++) {
      const { reuse } = frameOf(trace, { pass: 0, workgroup, phase }, { row: 0, thread: 0 }).bytes;
      expect(reuse!.sram).toBeGreaterThanOrEqual(last);
      last = reuse!.sram;
    }
  }
  for (const kernel of ['naive', 'flash-fast', 'decode', 'paged'] as const)
    expect(end({ kernel, tile: kernelById(kernel).tiles[0] ?? { br: 0, bc: 0 }, shape: UNIT }).reuse).toBeUndefined();
});
