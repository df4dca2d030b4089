/**
 * For tests: what a captured workgroup of a kernel must hold, against the closed forms, the f64 oracle and the
 * invariants of the online softmax.
 */
import { expect } from 'vitest';
import type { Answer } from '../../../ops/attention/check';
import { inputsOfPeers } from '../../../ops/attention/inputs';
import { attendPlane, attendRow, attendRowOnline, NOTHING_SEEN } from '../../../ops/attention/oracle';
import type { Inputs, Shape } from '../../../ops/attention/shape';
import { kvPlane, sees } from '../../../ops/attention/shape';
import type { CapturedWorkgroup, Trace, TracePass } from '../../../trace/trace';
import type { Role } from '../../../ops/layout';
import type { Run, Tile } from '../../../ops/run';
import type { PassSpec } from '../../../kernels/card';
import { kernelById } from '../../../kernels/kernels';
import { openCapture } from '../capture';
import type { CaptureSession } from '../../machine';
import { matrixAt, phasesNamed, storageBytes } from '../../testing/reading';
import type { Session } from '../session';

export const MASKED = Math.fround(-1e30);

/**
 * The largest error against the f64 oracle, relative to 1 + |want|, over O and LSE of every plane.
 * A number that is no number counts as infinitely wrong.
 */
export function errorOf({ shape, scale }: Pick<Run, 'shape' | 'scale'>, inputs: Inputs, { o, lse }: Answer): number {
  let worst = 0;
  const compare = (got: Float32Array, offset: number, want: Float64Array) => {
    want.forEach((x, i) => {
      const error = Math.abs(got[offset + i]! - x) / (1 + Math.abs(x));
      if (!(error <= worst)) worst = Number.isNaN(error) ? Infinity : error;
    });
  };
  for (let plane = 0; plane < shape.batch * shape.heads; plane++) {
    const want = attendPlane(shape, inputs, plane, scale);
    compare(o, plane * want.o.length, want.o);
    compare(lse, plane * want.lse.length, want.lse);
  }
  return worst;
}

export interface Case {
  run: Run;
  inputs: Inputs;
  spec: readonly PassSpec[];
}

export function caseOf(kernel: string, size: Partial<Shape>, tile?: Tile, seed = 3): Case {
  const shape: Shape = { batch: 1, heads: 1, kvHeads: 1, queries: 64, keys: 64, dim: 32, mask: 'full', ...size };
  const run: Run = { kernel, shape, tile: tile ?? kernelById(kernel).tiles[0] ?? { br: 0, bc: 0 } };
  return { run, inputs: inputsOfPeers(shape, seed), spec: kernelById(kernel).passes(run) };
}

/** Holds for every trace of these kernels. */
export function checkTrace({ run }: Case, trace: Trace): void {
  if (trace.header.adapter.software) expect(trace.header.maxPlainTapped).toBe(0);
  else expect(trace.header.maxPlainTapped).toBeLessThan(1e-5);
  expect(trace.header.maxOracle).toBeLessThan(1e-5);
  expect(storageBytes(trace.passes)).toEqual(kernelById(run.kernel).requested(run));
  for (const pass of trace.passes) for (const captured of pass.captured) checkWorkgroup(pass, captured);
}

/**
 * Every value was written by a site of its array, in the phase that the site says; counts by executed phase add up to
 * the totals.
 */
export function checkWorkgroup(pass: TracePass, captured: CapturedWorkgroup): void {
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

export function close(got: number, want: number, bound: number, what: string): void {
  if (!(Math.abs(got - want) <= bound * (1 + Math.abs(want)))) expect.fail(`${what}: ${got}, not ${want}`);
}

/** Where each tiled kernel keeps what, and the phase after which l is that of the tile. */
const KEPT = {
  flash2: { s: 'sS', p: 'sS', m: 'sM', l: 'sL', alpha: 'sAlpha', o: 'acc', first: 0, sum: 'softmax' },
  'flash-fast': { s: 's', p: 's', m: 'm', l: 'l', alpha: 'alpha', o: 'o', first: 0, sum: 'softmax' },
  'flash-fast-shared': { s: 's', p: 'sP', m: 'm', l: 'l', alpha: 'alpha', o: 'o', first: 1, sum: 'O += PV' },
  paged: { s: 'sS', p: 'sP', m: 'm', l: 'l', alpha: 'alpha', o: 'o', first: 0, sum: 'O += PV' },
  decode: { s: 'sS', p: 'sP', m: 'm', l: 'l', alpha: 'alpha', o: 'o', first: 0, sum: 'O += PV' },
} as const;

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

/**
 * Each tile of each row of a captured workgroup of a tiled kernel against the online recurrence in f64 from the same
 * inputs.
 */
export function checkFlash(
  made: Case,
  pass: TracePass,
  captured: CapturedWorkgroup,
  bound: { s: number; l: number; o: number },
): void {
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

/**
 * What the online softmax keeps true from tile to tile, from the captured f32 alone, and the direct softmax at its end.
 */
export function checkInvariants(made: Case, pass: TracePass, captured: CapturedWorkgroup): void {
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
    if (want.m <= NOTHING_SEEN) expect(before.m[r]).toBeLessThanOrEqual(MASKED);
    else close(before.m[r]!, want.m, 4e-6, 'm at the end');
    close(before.l[r]!, want.l, 1e-5, 'l at the end');
    for (let c = 0; c < shape.dim; c++)
      close(before.o[r * shape.dim + c]! / (before.l[r]! || 1), want.o[c]!, 1e-5, 'O at the end');
  }
}

export async function withCapture(
  session: Session,
  made: Case,
  check: (capture: CaptureSession) => void | Promise<void>,
  plane = 0,
): Promise<void> {
  const capture = await openCapture(session, made.run, made.inputs, { input: 'test', plane }, { lines: 'later' });
  try {
    await check(capture);
  } finally {
    capture.dispose();
  }
}
