// Frames of real captures: shown = captured, nothing of the future, sums that close, arithmetic that meets the captured
// cell, softmax that meets f64.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateInputs } from '../ops/attention/inputs';
import { attendPlane, attendRowOnline } from '../ops/attention/oracle';
import { mulberry32 } from '../ops/random';
import { sees, type Inputs, type Mask } from '../ops/attention/shape';
import { openCapture } from '../machine/gpu/capture';
import { openSession, type Session } from '../machine/gpu/session';
import type { Role } from '../ops/layout';
import type { Run } from '../ops/run';
import { kernelById } from '../kernels/kernels';
import type { CellRef } from './cell';
import { clampCursor, frameOf } from './frame';
import type { Frame, Selection } from './frame-types';
import { sceneOf } from './scene';
import type { Trace } from '../trace/trace';

let session: Session;
beforeAll(async () => {
  session = await openSession();
});
afterAll(() => session.close());

/** Phases of the tiled kernels in order, and the one that adds p up. */
const TILED = {
  flash2: { phases: ['load Q', 'load K,V', 'S = QKᵀ', 'softmax', 'O += PV', 'write O'], sum: 'softmax' },
  'flash-fast': { phases: ['load Q', 'S = QKᵀ', 'softmax', 'O += PV', 'write O'], sum: 'softmax' },
  'flash-fast-shared': {
    phases: ['load Q,K', 'm, l, O begin', 'S = QKᵀ', 'softmax', 'load V, next K', 'O += PV', 'write O'],
    sum: 'O += PV',
  },
} as const;

/**
 * Not a multiple of 8, and small: a kernel that is written out for its dimension takes a software GPU long to compile.
 */
const DIM = 12;

const runOf = (kernel: string, n: number, dim: number, mask: Mask): Run => ({
  kernel,
  shape: { batch: 1, heads: 1, kvHeads: 1, queries: n, keys: n, dim, mask },
  tile: kernel === 'flash-fast' ? { br: 16, bc: 4 } : { br: 16, bc: 16 },
});

interface Captured {
  trace: Trace;
  inputs: Inputs;
}
/** Each run is captured once: nothing here changes a trace. */
const captures = new Map<string, Promise<Captured>>();

async function captureNow(run: Run): Promise<Captured> {
  const inputs = generateInputs(run.shape, 5);
  const made = await openCapture(session, run, inputs, { input: 'seed 5' }, { lines: 'later', plain: 'later' });
  made.dispose();
  return { trace: made.trace, inputs };
}

function capture(run: Run): Promise<Captured> {
  const key = JSON.stringify(run);
  const captured = captures.get(key) ?? captureNow(run);
  captures.set(key, captured);
  return captured;
}

/** Every frame of the plane in playback order, with a selection that may follow. */
function* replay(trace: Trace, selection: (k: number) => Selection = () => ({ row: 0, thread: 0 })): Generator<Frame> {
  const scene = sceneOf(trace, 0);
  let step = 0;
  for (const [pass, { order, pass: one }] of scene.passes.entries()) {
    for (const workgroup of order) {
      const phases = one.captured.find((c) => c.workgroup === workgroup)?.order.length ?? 0;
      for (let phase = 0; phase < phases; phase++) yield frameOf(trace, { pass, workgroup, phase }, selection(step++));
    }
  }
}

const close = (got: number | undefined, want: number | undefined, bound: number): void => {
  expect(got).toBeDefined();
  expect(Math.abs((got ?? NaN) - (want ?? NaN))).toBeLessThanOrEqual(bound * (1 + Math.abs(want ?? 0)));
};

describe.each(['naive', 'flash2', 'flash-fast', 'flash-fast-shared'] as const)('%s', (kernel) => {
  it.each(['full', 'causal'] as const)('sums of the steps close to the run, rows end as f64 says, %s', async (mask) => {
    const run = runOf(kernel, 40, DIM, mask);
    const { trace, inputs } = await capture(run);
    const oracle = attendPlane(run.shape, inputs, 0);
    let read = 0;
    let written = 0;
    let last: Frame | undefined;
    for (const frame of replay(trace)) {
      read += frame.bytes.hbm.step.read;
      written += frame.bytes.hbm.step.written;
      expect(frame.bytes.hbm.sum).toEqual({ read, written });
      last = frame;
    }
    const closed = kernelById(kernel).requested(run);
    expect({ loads: read, stores: written }).toEqual(closed);
    expect(last?.bytes.run.requested).toEqual({ read: closed.loads, written: closed.stores });
    expect(last?.tensors.O?.written).toEqual([{ r0: 0, r1: 39, c0: 0, c1: DIM - 1 }]);
    last?.tensors.O?.values.forEach((x, i) => close(x, oracle.o[i], 4e-6));
  });

  it('explains any cell so that its sum meets the captured value', async () => {
    const { trace } = await capture(runOf(kernel, 40, DIM, 'causal'));
    const next = mulberry32(11);
    const layouts: Role[] = ['S', 'P', 'm', 'l', 'alpha', 'O', 'LSE'];
    const selection = (): Selection => {
      const role = layouts[Math.floor(next() * layouts.length)] as Role;
      const row = Math.floor(next() * 40);
      const col = role === 'S' || role === 'P' ? Math.floor(next() * 40) : role === 'O' ? Math.floor(next() * DIM) : 0;
      const cell: CellRef = { role, row, col };
      return { row, thread: 0, cell };
    };
    const explained = new Map<string, number>();
    for (let round = 0; round < 40; round++) {
      for (const { explanation } of replay(trace, selection)) {
        if (explanation?.value === undefined || explanation.computed === undefined) continue;
        explained.set(explanation.cell.role, (explained.get(explanation.cell.role) ?? 0) + 1);
        expect({ ...explanation, terms: [], inputs: [] }).toMatchObject({ differs: false });
        // Naive: another pass, with another text, may have written the cell.
        if (kernel !== 'naive') expect(explanation.line).toBeGreaterThan(0);
      }
    }
    for (const role of kernel === 'naive' ? ['S', 'P', 'O'] : layouts)
      expect([role, (explained.get(role) ?? 0) > 0]).toEqual([role, true]);
  });
});

describe.each(['flash2', 'flash-fast', 'flash-fast-shared'] as const)('%s, a row tile by tile', (kernel) => {
  const { phases, sum } = TILED[kernel];
  const rankOf = (name: string): number => (phases as readonly string[]).indexOf(name);

  it.each(['full', 'causal'] as const)(
    'meets the online recurrence in f64 and shows nothing early, %s',
    async (mask) => {
      const run = runOf(kernel, 40, DIM, mask);
      const { trace, inputs } = await capture(run);
      for (const row of [0, 17, 39]) {
        const steps = attendRowOnline(run.shape, inputs, 0, row, run.tile.bc);
        for (const frame of replay(trace, () => ({ row, thread: 0 }))) {
          const softmax = frame.softmax;
          if (!softmax?.inWorkgroup) {
            expect(softmax?.tiles).toEqual([]);
            continue;
          }
          const rank = rankOf(frame.phase.name);
          for (const tile of softmax.tiles) {
            const current = tile.index === frame.phase.tile;
            const hasS = !current || rank >= rankOf('S = QKᵀ');
            const hasP = !current || rank >= rankOf('softmax');
            const hasL = !current || rank >= rankOf(sum);
            expect(tile.s.every((s) => (s !== undefined) === hasS)).toBe(true);
            expect(tile.p.every((p) => (p !== undefined) === hasP)).toBe(true);
            expect([tile.m, tile.alpha].every((x) => (x !== undefined) === hasP)).toBe(true);
            expect(tile.l !== undefined).toBe(hasL);
            const want = steps[tile.index];
            tile.masked.forEach((masked, i) => expect(masked).toBe(!sees(run.shape, row, tile.from + i)));
            if (!hasP || !want) continue;
            close(tile.m, want.m, 2e-6);
            if (hasL) close(tile.l, want.l, 3e-5);
            tile.p.forEach((p, i) => (tile.masked[i] ? expect(p).toBe(0) : close(p, want.p[i], 2e-6)));
            // l grows by the sum of p on top of what alpha leaves of it.
            if (hasL) close(tile.l, (tile.alpha ?? 0) * (tile.lOld ?? 0) + (tile.sumP ?? 0), 1e-5);
            close(tile.alpha, Math.exp((tile.mOld ?? 0) - (tile.m ?? 0)), 1e-5);
          }
          expect(softmax.o !== undefined).toBe(frame.phase.name === 'write O');
        }
      }
    },
  );
});

describe('flash2', () => {
  it('labels sS by the site that wrote it and places tiles where they were read', async () => {
    const { trace } = await capture(runOf('flash2', 40, DIM, 'full'));
    for (const frame of replay(trace)) {
      const sS = frame.arrays.find((a) => a.info.name === 'sS');
      const sK = frame.arrays.find((a) => a.info.name === 'sK');
      const before = ['load Q', 'load K,V'].includes(frame.phase.name);
      if (frame.phase.name === 'S = QKᵀ') expect(sS?.role).toBe('S');
      if (['softmax', 'O += PV', 'write O'].includes(frame.phase.name)) expect(sS?.role).toBe('P');
      if (frame.phase.name !== 'load Q') expect(sK?.col0).toBe(0);
      if (frame.phase.name === 'load K,V') {
        expect(sK?.row0).toBe(frame.phase.tile * 16);
        expect(frame.tensors.K?.reads?.r0).toBe(frame.phase.tile * 16);
      }
      if (!before) expect(sS?.col0).toBe(frame.phase.tile * 16);
    }
  });
});

it('clamps any cursor to one that the trace has', async () => {
  const { trace } = await capture(runOf('flash2', 40, DIM, 'full'));
  for (const wild of [NaN, -5, 1e9, 0.5]) {
    const at = clampCursor(trace, { pass: wild, workgroup: wild, phase: wild, line: wild });
    expect(frameOf(trace, at, { row: 0, thread: 0 }).cursor).toEqual(at);
    expect(trace.passes[at.pass]?.captured.some((c) => c.workgroup === at.workgroup)).toBe(true);
  }
});
