// Bytes requested at the cursor: this step, and everything replayed so far in this plane, by buffer, memory level and
// source line.
import type { BufferBytes, BytesFrame, LineBytes, Traffic } from './frame-types';
import type { PassScene, Scene } from './scene';
import { sumOf } from '../ops/costs';
import { tensorsHeld, type Reached, usedAt } from './reuse';
import { extrasOf, ofKeys, requestedByTensor } from './traffic';
import { touchedAt, type CapturedWorkgroup, type Trace } from '../trace/trace';

const none = (): Traffic => ({ read: 0, written: 0 });

function addTo(into: Traffic, from: Traffic): void {
  into.read += from.read;
  into.written += from.written;
}

/** Sums of earlier passes, by buffer name, in the order of first use. */
function earlierPasses(scene: Scene, pass: number): Map<string, BufferBytes> {
  const buffers = new Map<string, BufferBytes>();
  for (let p = 0; p <= pass; p++) {
    const one = scene.passes[p];
    if (!one) continue;
    const last = one.order.length * one.buffers.length * 2;
    one.buffers.forEach(({ name, space }, b) => {
      const known = buffers.get(name) ?? { name, space, step: none(), sum: none() };
      buffers.set(name, known);
      if (p < pass) addTo(known.sum, { read: one.sums[last + b * 2] ?? 0, written: one.sums[last + b * 2 + 1] ?? 0 });
    });
  }
  return buffers;
}

/** Bytes of phase k of a workgroup; before its capture is there, sums up to its start and no step. */
export function bytesAt(reached: Reached): BytesFrame {
  const { scene, passIndex, position, k, captured, index } = reached;
  const pass = scene.passes[passIndex] as PassScene;
  const buffers = earlierPasses(scene, passIndex);
  const width = pass.buffers.length * 2;
  pass.buffers.forEach(({ name }, b) => {
    const row = buffers.get(name);
    if (!row) return;
    for (const [d, direction] of (['read', 'written'] as const).entries()) {
      row.sum[direction] += pass.sums[position * width + b * 2 + d] ?? 0;
      if (!index) continue;
      const before = index.sums[k * width + b * 2 + d] ?? 0;
      const after = index.sums[(k + 1) * width + b * 2 + d] ?? before;
      row.sum[direction] += after;
      row.step[direction] = after - before;
    }
  });
  const rows = [...buffers.values()];
  return {
    buffers: rows,
    lines: captured ? linesAt(pass, captured, k) : new Map(),
    hbm: levelOf(rows, 'storage'),
    sram: levelOf(rows, 'workgroup'),
    reuse: reuseOf(rows, pass, usedAt(reached)),
    run: runBytes(scene.trace),
  };
}

/** What was read from HBM of the tensors whose tiles workgroup memory holds, and of those tiles there. */
function reuseOf(rows: readonly BufferBytes[], pass: PassScene, sram: number | undefined): BytesFrame['reuse'] {
  if (sram === undefined) return undefined;
  const held = tensorsHeld(pass);
  const names = new Set(pass.pass.bindings.flatMap(({ name, tensor }) => (held.has(tensor) ? [name] : [])));
  const inputs = rows.filter(({ name, space }) => space === 'storage' && names.has(name));
  return { sram, hbm: inputs.reduce((sum, row) => sum + row.sum.read, 0) };
}

function levelOf(rows: readonly BufferBytes[], space: 'storage' | 'workgroup'): { step: Traffic; sum: Traffic } {
  const level = { step: none(), sum: none() };
  for (const row of rows) {
    if (row.space !== space) continue;
    addTo(level.step, row.step);
    addTo(level.sum, row.sum);
  }
  return level;
}

function linesAt(pass: PassScene, captured: CapturedWorkgroup, k: number): Map<number, LineBytes> {
  const lines = new Map<number, LineBytes>();
  for (const site of pass.pass.sites) {
    const touched = touchedAt(captured.counts, pass.pass.sites.length, k, site.id);
    if (!touched) continue;
    const line = lines.get(site.line) ?? { storage: none(), workgroup: none() };
    lines.set(site.line, line);
    if (site.mode !== 'store') line[site.space].read += touched.n * site.bytes;
    if (site.mode !== 'load') line[site.space].written += touched.n * site.bytes;
  }
  return lines;
}

const runs = new WeakMap<Trace, BytesFrame['run']>();

/**
 * The three columns for the whole run: counted, the papers' model, each tensor once; and why more is requested than the
 * model says.
 */
export function runBytes(trace: Trace): BytesFrame['run'] {
  const known = runs.get(trace);
  if (known) return known;
  const { costs } = trace.header;
  const by = requestedByTensor(trace);
  const made = {
    requested: sumOf(by),
    ioModel: sumOf(costs.model),
    compulsory: costs.compulsory,
    extras: extrasOf(by, costs, ofKeys(trace)),
  };
  runs.set(trace, made);
  return made;
}
