// What one thread computed, line by line, up to the cursor.
import type { LineFrame, LogEntry } from './frame-types';
import type { CapturedWorkgroup, LineLog, TracePass } from '../trace/trace';

const words = new Uint32Array(1);
const floats = new Float32Array(words.buffer);
const ints = new Int32Array(words.buffer);

function decode(bits: number, type: 'f32' | 'u32' | 'i32' | 'bool'): number | boolean {
  words[0] = bits;
  if (type === 'f32') return floats[0] ?? 0;
  if (type === 'i32') return ints[0] ?? 0;
  return type === 'bool' ? bits !== 0 : bits;
}

const kept = new WeakMap<LineLog, Map<number, LogEntry[]>>();

/** Entries of phase k, kept with the log. */
function entriesOf(pass: TracePass, log: LineLog, k: number): LogEntry[] {
  const phases = kept.get(log) ?? new Map<number, LogEntry[]>();
  kept.set(log, phases);
  const known = phases.get(k);
  if (known) return known;
  const entries: LogEntry[] = [];
  for (let i = log.starts[k] ?? 0; i < (log.starts[k + 1] ?? 0); i++) {
    const variable = pass.variables[log.variable[i] ?? 0];
    if (variable)
      entries.push({ line: variable.line, name: variable.name, value: decode(log.bits[i] ?? 0, variable.type) });
  }
  phases.set(k, entries);
  return entries;
}

/**
 * The chosen thread at phase k; `at` = entry index, or the phase's end when absent. Empty when another thread was
 * captured.
 */
export function logAt(
  pass: TracePass,
  captured: CapturedWorkgroup | undefined,
  k: number,
  thread: number,
  at: number | undefined,
  phaseLine: number,
): LineFrame {
  const log = captured?.lines?.invocation === thread ? captured.lines : undefined;
  const entries = log ? entriesOf(pass, log, k) : [];
  const index = Math.min(at ?? entries.length - 1, entries.length - 1);
  const values = new Map<number, LogEntry>();
  for (let i = 0; i <= index; i++) {
    const entry = entries[i];
    if (entry) values.set(entry.line, entry);
  }
  const line = at === undefined ? phaseLine : (entries[index]?.line ?? phaseLine);
  return { line, index, count: entries.length, entries, values };
}
