/** Capture on this device: what the instrumented kernels record, against the plain run, the closed forms and the f64 oracle. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inputsOfPeers } from '../attention/inputs';
import { attendRow, attendRowOnline } from '../attention/oracle';
import type { Inputs, Mask, Shape } from '../attention/shape';
import { kvPlane, sees } from '../attention/shape';
import type { CapturedWorkgroup, Trace, TracePass } from '../capture/trace';
import type { KernelId, PassSpec, Role, Run, Tile } from '../kernels/card';
import { kernelById } from '../kernels/index';
import type { CaptureSession } from './capture';
import { openCapture } from './capture';
import { matrixAt, phasesNamed, requestedBy, storageBytes } from './capture-reading';
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

const MASKED = Math.fround(-1e30);

interface Case {
  run: Run;
  inputs: Inputs;
  spec: readonly PassSpec[];
}

function caseOf(kernel: KernelId, size: Partial<Shape>, tile?: Tile, seed = 3): Case {
  const shape: Shape = { batch: 1, heads: 1, kvHeads: 1, queries: 64, keys: 64, dim: 32, mask: 'full', ...size };
  const run: Run = { kernel, shape, tile: tile ?? kernelById(kernel).tiles[0] ?? { br: 0, bc: 0 } };
  return { run, inputs: inputsOfPeers(shape, seed), spec: kernelById(kernel).passes(run) };
}

async function withCapture(made: Case, check: (capture: CaptureSession) => void | Promise<void>, plane = 0): Promise<void> {
  const capture = await openCapture(session, made.run, made.inputs, { input: 'test', plane }, { lines: 'later' });
  try {
    await check(capture);
  } finally {
    capture.dispose();
  }
}

/** Holds for every trace of these kernels. */
function checkTrace({ run }: Case, trace: Trace): void {
  if (session.info.software) expect(trace.header.maxPlainTapped).toBe(0);
  else expect(trace.header.maxPlainTapped).toBeLessThan(1e-5);
  expect(trace.header.maxOracle).toBeLessThan(1e-5);
  expect(storageBytes(trace.passes)).toEqual(kernelById(run.kernel).requested(run));
  for (const pass of trace.passes) for (const captured of pass.captured) checkWorkgroup(pass, captured);
}

/** Every value was written by a site of its array, in the phase that the site says; counts by executed phase add up to the totals. */
function checkWorkgroup(pass: TracePass, captured: CapturedWorkgroup): void {
  expect(captured.phasesDropped).toBe(0);
  captured.arrays.forEach((records, array) =>
    records.forEach(({ from, writer, at }) => {
      writer.forEach((w, i) => {
        if (w === 0) return;
        const site = pass.writers[w - 1]!;
        if (site.array !== array || site.phase !== captured.order[at[i]!] || at[i]! > from)
          expect.fail(`array ${array}[${i}] at ${from}: written by ${w}`);
      });
      expect(at).toContain(from);
    }),
  );
  const sites = pass.sites.length;
  const sums = new Uint32Array(pass.phases.length * sites);
  captured.order.forEach((phase, k) => {
    for (let s = 0; s < sites; s++) sums[phase * sites + s]! += captured.counts[(k * sites + s) * 3]!;
  });
  const base = captured.workgroup * pass.phases.length * sites * 3;
  expect(sums).toEqual(sums.map((_, i) => pass.totals[base + i * 3]!));
}

function close(got: number, want: number, bound: number, what: string): void {
  if (!(Math.abs(got - want) <= bound * (1 + Math.abs(want)))) expect.fail(`${what}: ${got}, not ${want}`);
}

/** Where each tiled kernel keeps what, and the phase after which l is that of the tile. */
const KEPT = {
  flash2: { s: 'sS', p: 'sS', m: 'sM', l: 'sL', alpha: 'sAlpha', o: 'acc', first: 0, sum: 'softmax' },
  'flash-fast': { s: 's', p: 's', m: 'm', l: 'l', alpha: 'alpha', o: 'o', first: 0, sum: 'softmax' },
  'flash-fast-shared': { s: 's', p: 'sP', m: 'm', l: 'l', alpha: 'alpha', o: 'o', first: 1, sum: 'O += PV' },
} as const;
const TILED = ['flash2', 'flash-fast', 'flash-fast-shared'] as const;

/** S, P, m, alpha, l and O of every tile of a captured workgroup, and m, l and O before the first. */
function tilesOf({ run, spec }: Case, pass: TracePass, captured: CapturedWorkgroup) {
  const kept = KEPT[run.kernel as keyof typeof KEPT];
  const at = (name: string, k: number, as?: Role) => matrixAt(pass, spec[0]!, captured, name, k, as);
  const outputs = phasesNamed(pass, captured, 'O += PV');
  const scores = phasesNamed(pass, captured, 'S = QKᵀ');
  const sums = phasesNamed(pass, captured, kept.sum);
  const tiles = phasesNamed(pass, captured, 'softmax').map((k, t) => ({
    s: at(kept.s, scores[t]!, 'S'),
    p: at(kept.p, k, 'P'),
    m: at(kept.m, k),
    alpha: at(kept.alpha, k),
    l: at(kept.l, sums[t]!),
    o: at(kept.o, outputs[t]!),
  }));
  const { first } = kept;
  return { before: { m: at(kept.m, first), l: at(kept.l, first), o: at(kept.o, first) }, tiles };
}

/** Each tile of each row of a captured workgroup of a tiled kernel against the online recurrence in f64 from the same inputs. */
function checkFlash(made: Case, pass: TracePass, captured: CapturedWorkgroup, bound: { s: number; l: number; o: number }): void {
  const { run, inputs } = made;
  const { shape, tile } = run;
  const [gx, gy] = pass.grid;
  const q0 = (captured.workgroup % gx) * tile.br;
  const plane = Math.floor(captured.workgroup / (gx * gy));
  const { tiles } = tilesOf(made, pass, captured);
  for (let r = 0; r < Math.min(tile.br, shape.queries - q0); r++) {
    const steps = attendRowOnline(shape, inputs, plane, q0 + r, tile.bc);
    tiles.forEach(({ s: scores, p, m, l, alpha, o }, t) => {
      const step = steps[t];
      // Past the last tile that the row sees, nothing moves any more.
      const last = step ?? steps.at(-1);
      const where = `row ${q0 + r}, tile ${t}`;
      for (let j = 0; j < tile.bc; j++) {
        const key = t * tile.bc + j;
        const visible = key < shape.keys && sees(shape, q0 + r, key);
        const s = scores[r * tile.bc + j]!;
        if (visible) close(s, step!.s[j]!, bound.s, `S ${where}`);
        else expect(s).toBeLessThanOrEqual(MASKED);
        close(p[r * tile.bc + j]!, visible ? step!.p[j]! : 0, bound.s, `P ${where}`);
      }
      if (!last) return;
      close(m[r]!, last.m, bound.s, `m ${where}`);
      close(alpha[r]!, step ? step.alpha : 1, bound.s, `alpha ${where}`);
      close(l[r]!, last.l, bound.l, `l ${where}`);
      for (let c = 0; c < shape.dim; c++) close(o[r * shape.dim + c]!, last.o[c]!, bound.o, `O ${where}, ${c}`);
    });
  }
}

/** What the online softmax keeps true from tile to tile, from the captured f32 alone, and the direct softmax at its end. */
function checkInvariants(made: Case, pass: TracePass, captured: CapturedWorkgroup): void {
  const { run, inputs } = made;
  const { shape, tile } = run;
  const [gx, gy] = pass.grid;
  const q0 = (captured.workgroup % gx) * tile.br;
  const plane = Math.floor(captured.workgroup / (gx * gy));
  const kv = kvPlane(plane, shape);
  const { before, tiles } = tilesOf(made, pass, captured);
  tiles.forEach(({ s, p, m, l, alpha, o }, t) => {
    for (let r = 0; r < Math.min(tile.br, shape.queries - q0); r++) {
      const row = (values: Float64Array) => values.subarray(r * tile.bc, (r + 1) * tile.bc);
      expect(m[r]).toBe(Math.max(before.m[r]!, ...row(s)));
      close(alpha[r]!, Math.exp(before.m[r]! - m[r]!), 1e-6, 'alpha');
      close(l[r]!, before.l[r]! * alpha[r]! + row(p).reduce((a, b) => a + b, 0), 2e-6, 'l grows by the sum of p');
      for (let c = 0; c < shape.dim; c++) {
        const added = row(p).reduce(
          (sum, weight, j) => sum + weight * (inputs.v[(kv * shape.keys + t * tile.bc + j) * shape.dim + c] ?? 0),
          0,
        );
        close(o[r * shape.dim + c]!, before.o[r * shape.dim + c]! * alpha[r]! + added, 4e-6, 'O is rescaled by alpha');
      }
    }
    Object.assign(before, { m, l, o });
  });
  for (let r = 0; r < Math.min(tile.br, shape.queries - q0); r++) {
    const want = attendRow(shape, inputs, plane, q0 + r);
    close(before.m[r]!, want.m, 4e-6, 'm at the end');
    close(before.l[r]!, want.l, 1e-5, 'l at the end');
    for (let c = 0; c < shape.dim; c++) close(before.o[r * shape.dim + c]! / (before.l[r]! || 1), want.o[c]!, 1e-5, 'O at the end');
  }
}

describe('flash2', () => {
  test('64 x 32 in 16 x 16 tiles: requests exactly what the closed form says, state as in the f64 oracle', async () => {
    const made = caseOf('flash2', {}, { br: 16, bc: 16 });
    await withCapture(made, ({ trace }) => {
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
    await withCapture(made, ({ trace }) => {
      checkTrace(made, trace);
      expect(trace.passes[0]!.captured).toHaveLength(8);
      for (const captured of trace.passes[0]!.captured) checkFlash(made, trace.passes[0]!, captured, { s: 2e-6, l: 3e-5, o: 1e-5 });
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
    await withCapture(made, async ({ trace, workgroup }) => {
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
    const made = caseOf('flash2', { queries: 1024, keys: 1024, dim: 64 });
    await withCapture(made, async ({ trace, workgroup }) => {
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
      const capture = await openCapture(session, made.run, made.inputs, { input: 'test' }, { lines: 'later', plain: 'later' });
      const one = capture.workgroup(0, waits % 2, 3);
      const again = capture.workgroup(0, 1, waits);
      const compared = capture.compare();
      const ends = Promise.allSettled([one, again, compared]);
      // Each turn lets the work get a little further.
      for (let turn = 0; turn < waits; turn++) await session.device.queue.onSubmittedWorkDone();
      capture.dispose();
      for (const end of await ends) if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 'cancelled' });
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

describe.each(TILED.slice(1))('%s', (kernel) => {
  test('d = 64: S, P, m, alpha within 2e-6, l 3e-5, O 1e-5 of the oracle at every tile', async () => {
    const made = caseOf(kernel, { queries: 96, keys: 128, dim: 64, mask: 'causal' });
    await withCapture(made, ({ trace }) => {
      checkTrace(made, trace);
      expect(trace.passes[0]!.captured).toHaveLength(Math.ceil(96 / made.run.tile.br));
      for (const captured of trace.passes[0]!.captured) checkFlash(made, trace.passes[0]!, captured, { s: 2e-6, l: 3e-5, o: 1e-5 });
    });
  });

  test('shapes, masks and tiles that divide by nothing: closed form, state and invariants', async () => {
    const [first, second, third] = kernelById(kernel).tiles;
    const cases: [Partial<Shape>, Tile][] = [
      [{ heads: 4, kvHeads: 2, queries: 45, keys: 70, dim: 20, mask: 'causal' }, first!],
      [{ queries: 1, keys: 1, dim: 8 }, second!],
      [{ heads: 2, kvHeads: 1, queries: 50, keys: 19, dim: 10, mask: 'causal' }, third!],
      [{ queries: 37, keys: 33, dim: 9 }, first!],
    ];
    for (const [size, tile] of cases) {
      const made = caseOf(kernel, size, tile);
      const plane = made.run.shape.heads - 1;
      await withCapture(
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
  });
});

describe('naive', () => {
  const sizes = fc.record({
    heads: fc.constantFrom({ heads: 1, kvHeads: 1 }, { heads: 2, kvHeads: 1 }, { heads: 4, kvHeads: 2 }),
    batch: fc.integer({ min: 1, max: 2 }),
    queries: fc.integer({ min: 1, max: 70 }),
    keys: fc.integer({ min: 1, max: 70 }),
    dim: fc.integer({ min: 8, max: 40 }),
    mask: fc.constantFrom<Mask>('full', 'causal'),
  });

  test('any shape and mask: closed form; S, m, l, O in registers as in the f64 oracle; S and P in HBM', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, async ({ heads: { heads, kvHeads }, ...size }) => {
        const made = caseOf('naive', { ...size, heads, kvHeads });
        await withCapture(made, ({ trace }) => {
          checkTrace(made, trace);
          checkNaive(made, trace);
        });
      }),
      { numRuns: 6, seed: 11, endOnFailure: true },
    );
  });
});

/** The registers of each pass, and the tensors between the passes, row by row against the definition. */
function checkNaive({ run, inputs, spec }: Case, trace: Trace): void {
  const { shape } = run;
  const [scores, softmax, output] = trace.passes;
  const tensor = (id: string) => trace.tensors.find((t) => t.id === id)!;
  const value = (pass: number, name: string, row: number, col: number): number => {
    const { grid, captured, phases } = trace.passes[pass]!;
    const { rows, cols } = spec[pass]!.roles[name]!;
    const workgroup = captured.find((c) => c.workgroup === Math.floor(row / rows) + grid[0] * Math.floor(col / cols))!;
    return matrixAt(trace.passes[pass]!, spec[pass]!, workgroup, name, phases.length)[(row % rows) * cols + (col % cols)]!;
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
      else expect(s).toBeLessThanOrEqual(MASKED);
      close(tensor('P').data[i * shape.keys + j]!, want.p[j]!, 4e-6, 'P');
    }
    for (let c = 0; c < shape.dim; c += 3) {
      const o = value(2, 'o', i, c);
      expect(tensor('O').data[i * shape.dim + c]).toBe(o);
      close(o, want.o[c]!, 1e-5, 'O');
    }
  }
}
