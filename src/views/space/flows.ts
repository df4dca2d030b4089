// What moves between the memory levels in the frame's phase: from the counted sites and the rectangles they touched,
// nothing else.
import type { Frame, Rect } from '../../frame/frame-types';
import { arraysOf, tensorsOf, type Level, type Matrix } from '../shared/matrix';

/** One end of a way: cells of a matrix (local rows and columns), or the registers at large. */
export type End = { key: string; level: Level; rect: Rect } | { key: undefined; level: 'reg' };

export interface Flow {
  from: End;
  to: End;
  /** Counted in this step. */
  bytes: number;
}

const REGISTERS: End = { key: undefined, level: 'reg' };
const all = (m: Matrix): End => ({
  key: m.key,
  level: m.level,
  rect: { r0: 0, r1: m.rows - 1, c0: 0, c1: m.cols - 1 },
});

/** The cells of `m` that stand for a rectangle of the whole matrix; all of them where none does. */
function landing(m: Matrix, rect: Rect): End {
  const r1 = Math.min(m.rows - 1, rect.r1 - rect.r0);
  const c1 = Math.min(m.cols - 1, rect.c1 - rect.c0);
  return { key: m.key, level: m.level, rect: { r0: 0, r1, c0: 0, c1 } };
}

/**
 * The ways of a phase. A tensor read while a workgroup array of its role is written flies straight there (through a
 * register, as the page says); every other load ends in the registers and every other store begins there, at the
 * private array of that role where there is one.
 */
export function flowsOf(frame: Frame): Flow[] {
  const [sram, reg] = [arraysOf(frame, 'sram'), arraysOf(frame, 'reg')];
  const stepOf = (name: string | undefined, space: 'storage' | 'workgroup') =>
    frame.bytes.buffers.find((b) => b.name === name && b.space === space)?.step ?? { read: 0, written: 0 };
  const held = (role: string): Matrix | undefined => reg.find((m) => m.role === role);
  const flows: Flow[] = [];
  const filled = new Set<string>();
  for (const m of tensorsOf(frame)) {
    const step = stepOf(frame.pass.bindings.find((b) => b.tensor === m.role)?.name, 'storage');
    if (m.reads && step.read > 0) {
      const target = sram.find((a) => a.role === m.role && a.writes);
      if (target) filled.add(target.key);
      const source: End = { key: m.key, level: 'hbm', rect: m.reads };
      flows.push({ from: source, to: target ? landing(target, m.reads) : REGISTERS, bytes: step.read });
    }
    if (m.writes && step.written > 0) {
      const source = held(m.role);
      flows.push({
        from: source ? landing(source, m.writes) : REGISTERS,
        to: { key: m.key, level: 'hbm', rect: m.writes },
        bytes: step.written,
      });
    }
  }
  for (const m of sram) {
    const step = stepOf(m.name, 'workgroup');
    if (m.reads && step.read > 0) flows.push({ from: all(m), to: REGISTERS, bytes: step.read });
    if (m.writes && step.written > 0 && !filled.has(m.key))
      flows.push({ from: REGISTERS, to: all(m), bytes: step.written });
  }
  return flows;
}

/** Flows between the same two levels in the same direction, added up. */
export interface Stream {
  from: Level;
  to: Level;
  bytes: number;
  flows: readonly Flow[];
}

export function streamsOf(flows: readonly Flow[]): Stream[] {
  const streams = new Map<string, { from: Level; to: Level; bytes: number; flows: Flow[] }>();
  for (const flow of flows) {
    const key = `${flow.from.level} ${flow.to.level}`;
    const stream = streams.get(key) ?? { from: flow.from.level, to: flow.to.level, bytes: 0, flows: [] };
    stream.bytes += flow.bytes;
    stream.flows.push(flow);
    streams.set(key, stream);
  }
  return [...streams.values()];
}
