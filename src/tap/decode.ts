/**
 * Decodes the tap's raw buffer: counts in flat scalar indices, and the state of every array, filled forward so that any
 * step is one look-up.
 */
import { COUNT_WORDS, HEAD_WORDS, STORE_HEAD_WORDS } from './layout';
import type { Caps, Plan } from './layout';
import type { Tapped } from './tap';
import { roundsOf } from '../wgsl/loops';
import { storesOf } from './stores';
import type { CapturedWorkgroup, Filled, LineLog } from '../trace/trace';

/** What decoding needs to know about a kernel; plain data, so that it can be sent to a worker. */
export type Reading = Pick<Tapped, 'counted' | 'blocks' | 'stores' | 'workgroupSize' | 'loops'> & {
  arrays: readonly Pick<Tapped['arrays'][number], 'id' | 'scope' | 'offset' | 'length'>[];
  phases: number;
  /** The buffer of each site. */
  buffers: readonly string[];
};

/** A buffer as read back from the machine. */
export interface Raw {
  words: Uint32Array;
  plan: Plan;
  caps: Caps;
  /** The first captured workgroup, and how many follow it. */
  first: number;
  captured: number;
  /** The invocation whose lines are logged, if any. */
  thread: number | undefined;
}

/** The part of an instrumented kernel that decoding needs. */
export const readingOf = ({
  counted,
  blocks,
  stores,
  workgroupSize,
  arrays,
  phases,
  loops,
  sites,
}: Tapped): Reading => ({
  counted: counted.map(({ phases: p, scale, first, span }) => ({ phases: p, scale, first, span })),
  blocks,
  stores,
  workgroupSize,
  arrays: arrays.map(({ id, scope, offset, length }) => ({ id, scope, offset, length })),
  phases: phases.length,
  loops,
  buffers: sites.map(({ buffer }) => buffer),
});

/** How much room the workgroup needed, whether or not there was so much. */
export function needsOf({ words, plan }: Pick<Raw, 'words' | 'plan'>, captured: number): Caps {
  const head = plan.heads + captured * HEAD_WORDS;
  const stores = plan.storeHeads === undefined ? 0 : (words[plan.storeHeads + captured * STORE_HEAD_WORDS] ?? 0);
  return { phases: words[head] ?? 0, state: words[head + 1] ?? 0, lines: words[head + 2] ?? 0, stores };
}

/**
 * Turns counted indices into flat scalar indices: [n, lo + 1, hi + 1], see `touchedAt`. `raw` is whole rows of all
 * sites.
 */
export function decodeCounts({ counted }: Pick<Reading, 'counted'>, raw: Uint32Array): Uint32Array {
  const out = new Uint32Array(raw.length);
  const stride = counted.length * COUNT_WORDS;
  counted.forEach(({ scale, first, span }, site) => {
    for (let i = site * COUNT_WORDS; i < raw.length; i += stride) {
      const n = raw[i] ?? 0;
      if (n === 0) continue;
      out[i] = n;
      out[i + 1] = (~(raw[i + 1] ?? 0) >>> 0) * scale + first + 1;
      out[i + 2] = ((raw[i + 2] ?? 1) - 1) * scale + first + span;
    }
  });
  return out;
}

/** Where the block of each executed phase begins, for the phases that were stored. */
interface Executed {
  order: Uint16Array;
  /** First scalar of each phase's block. */
  blocks: number[];
  dropped: number;
}

/** The first phase of which some store did not fit. What came then is not known, so the phases end before it. */
function storesUntil({ words, plan }: Raw, index: number): number {
  const missed = plan.storeHeads === undefined ? 0 : (words[plan.storeHeads + index * STORE_HEAD_WORDS + 1] ?? 0);
  return missed === 0 ? Infinity : ~missed >>> 0;
}

function executedPhases({ blocks }: Reading, raw: Raw, index: number): Executed {
  const { words, plan, caps } = raw;
  const executed = needsOf(raw, index).phases;
  const order: number[] = [];
  const starts: number[] = [];
  let used = 0;
  for (let k = 0; k < Math.min(executed, caps.phases, storesUntil(raw, index)); k++) {
    // Static phase + 1; 0 when there was no room for the phase.
    const phase = (words[plan.order + index * caps.phases + k] ?? 0) - 1;
    if (phase < 0) break;
    order.push(phase);
    starts.push(used);
    used += blocks[phase] ?? 0;
  }
  return { order: Uint16Array.from(order), blocks: starts, dropped: executed - order.length };
}

/** One record for each phase that wrote the array: all its scalars after that phase. */
function fillForward(
  reading: Reading,
  raw: Raw,
  index: number,
  executed: Executed,
  array: Reading['arrays'][number],
): Filled[] {
  const { words, plan, caps } = raw;
  const { stores, workgroupSize } = reading;
  const length = array.scope === 'invocation' ? array.length * workgroupSize : array.length;
  const writing = new Set(stores.flatMap((store) => (store.array === array.id ? [...store.writers.keys()] : [])));
  const records: Filled[] = [];
  executed.order.forEach((phase, k) => {
    if (!writing.has(phase)) return;
    const start = plan.state + 2 * (index * caps.state + (executed.blocks[k] ?? 0) + array.offset);
    // The buffer's writer ids are those of statements; with the phase they become indices into the trace's writers.
    const writers = Uint16Array.from([0, ...stores.map((store) => (store.writers.get(phase) ?? -1) + 1)]);
    let record: Filled | undefined;
    for (let i = 0; i < length; i++) {
      const writer = words[start + 2 * i + 1];
      if (!writer) continue;
      record ??= after(records.at(-1), k, length);
      record.bits[i] = words[start + 2 * i]!;
      record.writer[i] = writers[writer]!;
      record.at[i] = k;
    }
    if (record) records.push(record);
  });
  return records;
}

function after(last: Filled | undefined, from: number, length: number): Filled {
  if (!last)
    return { from, bits: new Uint32Array(length), writer: new Uint16Array(length), at: new Uint16Array(length) };
  return { from, bits: last.bits.slice(), writer: last.writer.slice(), at: last.at.slice() };
}

function lineLog(raw: Raw, thread: number, index: number, phases: number): LineLog {
  const { words, plan, caps } = raw;
  const needed = needsOf(raw, index).lines;
  const first = plan.log + 2 * index * caps.lines;
  let count = Math.min(needed, caps.lines);
  // A vector that did not fit leaves room at the end; entries hold the variable + 1.
  while (count > 0 && words[first + 2 * (count - 1)] === 0) count--;
  const starts = new Uint32Array(phases + 1);
  for (let k = 0; k < phases; k++) {
    const start = words[plan.starts + index * caps.phases + k] ?? 0;
    // A thread that returned early has no start for later phases: they are empty.
    const gone = k > 0 && start === 0 && (starts[k - 1] ?? 0) > 0;
    starts[k] = gone ? count : Math.min(start, count);
  }
  starts[phases] = count;
  const variable = new Uint16Array(count);
  const bits = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    variable[i] = words[first + 2 * i]! - 1;
    bits[i] = words[first + 2 * i + 1]!;
  }
  return { invocation: thread, starts, variable, bits, dropped: needed - count };
}

/** All captured workgroups of a buffer. */
export function decodeWorkgroups(reading: Reading, raw: Raw): CapturedWorkgroup[] {
  const { words, plan, caps, first, captured, thread } = raw;
  const row = reading.counted.length * COUNT_WORDS;
  return Array.from({ length: captured }, (_, index) => {
    const executed = executedPhases(reading, raw, index);
    const phases = executed.order.length;
    const from = plan.counts + index * caps.phases * row;
    const logged = plan.stores + index * caps.stores;
    const used = Math.min(needsOf(raw, index).stores, caps.stores);
    const stores = storesOf(words.subarray(logged, logged + used), reading.buffers, phases);
    return {
      workgroup: first + index,
      order: executed.order,
      counts: decodeCounts(reading, words.subarray(from, from + phases * row)),
      arrays: reading.arrays.map((array) => fillForward(reading, raw, index, executed, array)),
      ...(thread !== undefined && { lines: lineLog(raw, thread, index, phases) }),
      ...(stores.length > 0 && { stores }),
      ...(reading.loops.counted.length > 0 && { rounds: roundsOf(executed.order, reading.loops) }),
      phasesDropped: executed.dropped,
    };
  });
}
