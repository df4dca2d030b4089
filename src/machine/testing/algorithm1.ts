/** For tests: FlashAttention's Algorithm 1 in f64, and every cell of O, l and m at every cursor of a trace held against it. */
import { expect } from 'vitest';
import { frameOf } from '../../frame/frame';
import type { Rect, TensorFrame } from '../../frame/frame-types';
import { defaultScale, kvPlane, sees, type Inputs, type Shape } from '../../ops/attention/shape';
import type { Tile } from '../../ops/run';
import type { Trace } from '../../trace/trace';

/** HBM after an executed phase; NaN where nothing was written yet. */
interface Step {
  name: string;
  /** Rounds of the loops around it. */
  rounds: number[];
  O: Float64Array;
  L: Float64Array;
  M: Float64Array;
}

/** Algorithm 1 as the paper has it, phase by phase, for one plane. */
export function algorithm1(shape: Shape, { br, bc }: Tile, inputs: Inputs, plane: number): Step[] {
  const { queries, keys, dim } = shape;
  const [q0, k0] = [plane * queries * dim, kvPlane(plane, shape) * keys * dim];
  const state = {
    O: new Float64Array(queries * dim).fill(Number.NaN),
    L: new Float64Array(queries).fill(Number.NaN),
    M: new Float64Array(queries).fill(Number.NaN),
  };
  const steps: Step[] = [];
  const step = (name: string, ...rounds: number[]): void => {
    steps.push({ name, rounds, O: state.O.slice(), L: state.L.slice(), M: state.M.slice() });
  };
  state.O.fill(0);
  state.L.fill(0);
  state.M.fill(-Infinity);
  step('m, l, O begin');
  for (let j = 0; j * bc < keys; j++) {
    step('load K,V', j);
    const seen = Array.from({ length: queries }, (_, i) => i).filter((i) => sees(shape, i, j * bc));
    const first = Math.floor((seen[0] ?? Math.ceil(queries / br) * br) / br);
    for (let i = first; i * br < queries; i++) {
      step('load Q', j, i - first);
      step('S = QKᵀ', j, i - first);
      const update: (() => void)[] = [];
      for (let row = i * br; row < Math.min(queries, (i + 1) * br); row++) {
        const scores: [number, number][] = [];
        for (let key = j * bc; key < Math.min(keys, (j + 1) * bc); key++) {
          if (!sees(shape, row, key)) continue;
          let s = 0;
          for (let c = 0; c < dim; c++) s += inputs.q[q0 + row * dim + c]! * inputs.k[k0 + key * dim + c]!;
          scores.push([key, s * defaultScale(shape)]);
        }
        if (scores.length === 0) continue;
        const before = state.M[row]!;
        const m = Math.max(before, ...scores.map(([, s]) => s));
        const old = state.L[row]! * Math.exp(before - m);
        const l = scores.reduce((sum, [, s]) => sum + Math.exp(s - m), old);
        state.M[row] = m;
        state.L[row] = l;
        update.push(() => {
          for (let c = 0; c < dim; c++) {
            let o = old * state.O[row * dim + c]!;
            for (const [key, s] of scores) o += Math.exp(s - m) * inputs.v[k0 + key * dim + c]!;
            state.O[row * dim + c] = o / l;
          }
        });
      }
      step('softmax', j, i - first);
      for (const run of update) run();
      step('O += PV', j, i - first);
    }
  }
  step('write LSE');
  return steps;
}

const within = ({ r0, r1, c0, c1 }: Rect, row: number, col: number): boolean =>
  row >= r0 && row <= r1 && col >= c0 && col <= c1;

/** Cells of a tensor as a frame shows them; NaN where it says that nothing is written. */
export function shown({ rows, cols, values, written }: TensorFrame): Float64Array {
  return Float64Array.from({ length: rows * cols }, (_, i) => {
    const [row, col] = [Math.floor(i / cols), i % cols];
    const there = written === 'input' || written.some((rect) => within(rect, row, col));
    return there ? values[i]! : Number.NaN;
  });
}

/** The first cell that lies farther from what it should hold than f32 may be off; undefined where all are right. */
export function wrongCell(got: Float64Array, want: Float64Array): string | undefined {
  for (const [i, x] of want.entries()) {
    const y = got[i]!;
    if (
      x === -Infinity ? y > -1e29 : Number.isNaN(x) ? !Number.isNaN(y) : !(Math.abs(y - x) <= 1e-4 * (1 + Math.abs(x)))
    )
      return `cell ${i}: ${y}, not ${x}`;
  }
  return undefined;
}

const close = (got: number | undefined, want: number): void => {
  if (want === -Infinity ? !(got! <= -1e29) : !(Math.abs(got! - want) <= 1e-4 * (1 + Math.abs(want))))
    expect.fail(`${got}, not ${want}`);
};

/** The softmax of a row at every cursor: its tiles so far, what l and O were before each and are after it. */
export function checkRow(trace: Trace, inputs: Inputs, row: number): void {
  const { run, plane } = trace.header;
  const { shape, tile } = run;
  const steps = algorithm1(shape, tile, inputs, plane);
  const { dim } = shape;
  const mine = Math.floor(row / tile.br);
  /** Phases that bring the row's tile of queries, and which tile of keys is there then. */
  const begun: { phase: number; keys: number }[] = [];
  let queries = 0;
  steps.forEach(({ name, rounds: [j = 0, i = 0] }, phase) => {
    if (name !== 'load Q') return;
    let first = 0;
    while (first < shape.queries && !sees(shape, first, j * tile.bc)) first++;
    queries = Math.floor(first / tile.br) + i;
    if (queries === mine) begun.push({ phase, keys: j });
  });
  const workgroup = trace.passes[0]!.captured.find((one) => one.workgroup === plane)!.workgroup;
  steps.forEach((_, phase) => {
    const { softmax } = frameOf(trace, { pass: 0, workgroup, phase }, { row, thread: 0 });
    const soFar = begun.filter((one) => one.phase <= phase);
    expect([softmax!.inHbm, softmax!.tileCount, softmax!.tiles.map(({ from }) => from)]).toEqual([
      true,
      begun.length,
      soFar.map(({ keys }) => keys * tile.bc),
    ]);
    softmax!.tiles.forEach((one, n) => {
      const at = soFar[n]!.phase;
      // load Q, S, softmax, O += PV
      const [done, before] = [Math.min(phase, at + 3), steps[at]!];
      expect(one.index).toBe(n);
      if (done < at + 2) {
        expect([one.m, one.l, one.alpha]).toEqual([undefined, undefined, undefined]);
        return;
      }
      const after = steps[at + 2]!;
      close(one.mOld, before.M[row]!);
      close(one.m, after.M[row]!);
      close(one.lOld, before.L[row]!);
      close(one.l, after.L[row]!);
      close(one.divided!.kept + one.divided!.added, after.L[row]!);
    });
    const last = soFar.at(-1);
    if (!last) return;
    const updated = phase >= last.phase + 3;
    expect(softmax!.acc !== undefined).toBe(updated);
    for (let c = 0; c < dim; c++) {
      close(softmax!.accBefore![c], steps[last.phase]!.O[row * dim + c]!);
      if (updated) close(softmax!.acc![c], steps[last.phase + 3]!.O[row * dim + c]!);
    }
  });
}

/** Hovered cells: the value is that of the frame, and what its rule comes to is no other. */
export function checkHover(trace: Trace, pick: (below: number) => number): void {
  const { plane, run } = trace.header;
  const { queries, keys, dim } = run.shape;
  const { workgroup, order } = trace.passes[0]!.captured.find((one) => one.workgroup === plane)!;
  for (let n = 0; n < 60; n++) {
    const role = ['O', 'L', 'M', 'S', 'P', 'alpha', 'beta', 'LSE'][pick(8)]!;
    const row = pick(queries);
    const col = role === 'O' ? pick(dim) : role === 'S' || role === 'P' ? pick(keys) : 0;
    const phase = pick(order.length);
    const selection = { row, thread: 0, cell: { role, row, col } };
    const { explanation, tensors, phase: at } = frameOf(trace, { pass: 0, workgroup, phase }, selection);
    const { value, differs, computed, terms } = explanation!;
    const where = `${role} ${row} ${col} after ${phase}, ${at.name}`;
    expect(differs, where).toBe(false);
    if (role === 'O' || role === 'L' || role === 'M')
      expect(value, where).toBe(tensors[role]!.values[row * tensors[role]!.cols + col]);
    // At the end every number of a row that sees any key is told with what made it.
    if (value !== undefined && phase === order.length - 1 && sees(run.shape, row, 0) && !(value <= -1e29)) {
      if ((role === 'S' || role === 'P') && !sees(run.shape, row, col)) continue;
      expect(terms.length, where).toBeGreaterThan(0);
      expect(computed, where).toBeDefined();
    }
  }
}

const GAZE = { row: 0, thread: 0 };

/** Every cell of O, l and m at every cursor of the plane's workgroup, forwards and back, and the rounds of its loops. */
export function checkAlgorithm1(trace: Trace, inputs: Inputs): void {
  const { run, plane } = trace.header;
  const want = algorithm1(run.shape, run.tile, inputs, plane);
  const { workgroup, order, phasesDropped } = trace.passes[0]!.captured.find((one) => one.workgroup === plane)!;
  expect([order.length, phasesDropped]).toEqual([want.length, 0]);
  const cursors = want.map((_, k) => k);
  for (const phase of [...cursors, ...cursors.toReversed()]) {
    const { tensors, phase: at } = frameOf(trace, { pass: 0, workgroup, phase }, GAZE);
    const step = want[phase]!;
    expect([at.name, at.loops.map(({ round }) => round)]).toEqual([step.name, step.rounds]);
    for (const id of ['O', 'L', 'M'] as const) {
      const wrong = wrongCell(shown(tensors[id]!), step[id]);
      if (wrong) expect.fail(`${id} after phase ${phase}, ${step.name} ${step.rounds.join('.')}: ${wrong}`);
    }
    // Nothing was stored: the same array.
    const next = phase + 1 < order.length && frameOf(trace, { pass: 0, workgroup, phase: phase + 1 }, GAZE);
    if (next && want[phase + 1]!.name !== 'O += PV') expect(next.tensors['O']!.values).toBe(tensors['O']!.values);
  }
}
