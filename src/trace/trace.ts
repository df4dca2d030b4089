// The trace: everything a view may draw, as one self-contained value. Written by a machine, the GPU or the interpreter,
// or read from a file.
import type { Warning } from '../ops/attention/check';
import type { Extent, TensorId, TensorInfo } from '../ops/op';
import type { Run } from '../ops/run';
import type { Costs } from '../ops/costs';
import type { ArrayLayout } from '../ops/layout';
import type { LoopInfo, PhaseInfo } from '../wgsl/phases';

export const TRACE_VERSION = 2;

/** Where a trace comes from; the page shows it beside every number. */
export type Provenance = 'this-device' | 'recorded' | 'interpreter' | 'imported';

/** Whether it was made here, so that more of it can be captured. */
export const isOwn = (provenance: Provenance): boolean => provenance === 'this-device' || provenance === 'interpreter';

export interface TraceHeader {
  version: number;
  /** Id of the op that the kernel computes. */
  op: string;
  run: Run;
  provenance: Provenance;
  /** Adapter vendor, architecture, description as the browser gives them. */
  adapter: { vendor: string; architecture: string; description: string; software: boolean };
  limits: Record<string, number>;
  /**
   * max |plain - tapped| over O and LSE on the device that wrote the trace. Absent until the untouched text has run
   * too.
   */
  maxPlainTapped?: number;
  /** max |O - oracle| on that device, over all rows or evenly spread ones. */
  maxOracle: number;
  /** The same of a plain f32 reference; absent in older files. */
  maxF32?: number;
  /** What f32 could not hold of this run, or no longer tells apart. */
  warnings?: readonly Warning[];
  /** The plane (batch * heads + head) that `captured` workgroups are offered for by default. */
  plane: number;
  /** Token labels of the rows, when the input is a sentence. Length = keys. */
  tokens?: readonly string[];
  /** What the run costs by formula. */
  costs: Costs;
  /** Free words about the input, for the file's reader. */
  input: string;
}

/** A tensor of the run as it stands at the end. */
export interface Tensor extends Extent, TensorInfo {
  id: TensorId;
  data: Float32Array;
}

/** A place in the source that loads or stores memory. */
export interface Site {
  id: number;
  line: number;
  column: number;
  buffer: string;
  space: 'storage' | 'workgroup';
  mode: 'load' | 'store' | 'both';
  type: string;
  /** Bytes an execution moves (for 'both': each way). */
  bytes: number;
  /** Scalars an index step covers (4 for array<vec4f>): flat scalar index = index * lanes. */
  lanes: number;
  /** Static phase id that the site's statement lies in. */
  phase: number;
}

/**
 * An array or scalar whose stores are mirrored. `offset` and `length` in scalars; invocation scope repeats `length` per
 * invocation.
 */
export interface ArrayInfo {
  id: number;
  name: string;
  scope: 'workgroup' | 'invocation';
  offset: number;
  length: number;
  type: string;
  scalar: 'f32' | 'u32' | 'i32' | 'bool' | 'f16';
}

/** A place in the source that writes a mirrored array: what `Filled.writer` points at (writer = index + 1). */
export interface Writer {
  line: number;
  array: number;
  phase: number;
}

export interface VariableInfo {
  id: number;
  name: string;
  type: 'f32' | 'u32' | 'i32' | 'bool';
  line: number;
}

/** The last write of every scalar of one array at or before a phase. One record for each phase that wrote the array. */
export interface Filled {
  /** Executed phase index this record begins to hold at. */
  from: number;
  bits: Uint32Array;
  /** Writer index + 1; 0 = never written so far. */
  writer: Uint16Array;
  /** Executed phase of the last write. */
  at: Uint16Array;
}

/** Everything one invocation assigned: `variable[i]` got `bits[i]`; phase k covers starts[k] .. starts[k + 1]. */
export interface LineLog {
  invocation: number;
  starts: Uint32Array;
  variable: Uint16Array;
  bits: Uint32Array;
  /** Entries that did not fit. */
  dropped: number;
}

/**
 * Every store to a buffer in HBM of which the workgroup wrote some cell more than once: what a cell held after a phase
 * is the newest store at or before it. A buffer without such a log holds at the end what was written once.
 */
export interface StoreLog {
  /** The variable. */
  buffer: string;
  /** Executed phase k stored entries starts[k] .. starts[k + 1], each cell once, ascending. */
  starts: Uint32Array;
  /** Flat scalar index in the whole buffer. */
  cells: Uint32Array;
  bits: Uint32Array;
  /** Id of the site that stored it. */
  sites: Uint16Array;
}

export interface CapturedWorkgroup {
  /** Linear id in the full grid: x + gx * (y + gy * z). */
  workgroup: number;
  /** Static phase id of each executed phase. */
  order: Uint16Array;
  /** [executed phase][site][n, lo + 1 or 0, hi + 1 or 0] in flat scalar indices; see `countAt`. */
  counts: Uint32Array;
  /** By array id, ascending `from`. */
  arrays: readonly (readonly Filled[])[];
  lines?: LineLog;
  /** Of the buffers whose cells it rewrote; absent where there is none. */
  stores?: readonly StoreLog[];
  /**
   * [executed phase][loop of the pass]: how many rounds of the loop were over, 0 where the phase does not begin in it.
   * Absent in older files, and where the pass has no loops.
   */
  rounds?: Uint16Array;
  /** Executed phases beyond what was stored; 0 when everything is here. */
  phasesDropped: number;
}

/** A storage buffer of a pass: the variable, and what is known of the tensor in it. */
export interface BoundTensor extends Extent, TensorInfo {
  name: string;
  tensor: TensorId;
  access: 'read' | 'read_write';
}

export interface TracePass {
  name: string;
  /** The exact plain text: what was timed, what the source pane shows. */
  text: string;
  hash: string;
  grid: readonly [number, number, number];
  workgroupSize: number;
  bindings: readonly BoundTensor[];
  sites: readonly Site[];
  writers: readonly Writer[];
  arrays: readonly ArrayInfo[];
  variables: readonly VariableInfo[];
  phases: readonly PhaseInfo[];
  /** Loops that phases begin in, see `PhaseInfo.loops`; absent where there is none, and in older files. */
  loops?: readonly LoopInfo[];
  /** How the kernel's arrays map to matrices, by the name of the variable. */
  layouts: Readonly<Record<string, ArrayLayout>>;
  /** All workgroups: [workgroup][static phase][site][n, lo + 1 or 0, hi + 1 or 0]. */
  totals: Uint32Array;
  /** Some workgroups in full. */
  captured: readonly CapturedWorkgroup[];
}

export interface Trace {
  header: TraceHeader;
  tensors: readonly Tensor[];
  passes: readonly TracePass[];
}

/** Executions of a site and the flat scalar indices it touched, both ends included; undefined when it did not run. */
export interface Touched {
  n: number;
  lo: number;
  hi: number;
}

/** Reads one [n, lo + 1, hi + 1] record. `row` = executed phase, or workgroup * phases + static phase for totals. */
export function touchedAt(counts: Uint32Array, sites: number, row: number, site: number): Touched | undefined {
  const i = (row * sites + site) * 3;
  const n = counts[i] ?? 0;
  return n === 0 ? undefined : { n, lo: (counts[i + 1] ?? 1) - 1, hi: (counts[i + 2] ?? 1) - 1 };
}

/** The state of an array at executed phase k: the last record that began at or before it. */
export function filledAt(records: readonly Filled[], k: number): Filled | undefined {
  let lo = 0;
  let hi = records.length;
  while (lo < hi) {
    const mid = (lo + hi) >> 1;
    if ((records[mid]?.from ?? Infinity) <= k) lo = mid + 1;
    else hi = mid;
  }
  return records[lo - 1];
}
