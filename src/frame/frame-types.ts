// What a view may read: one frame, a pure function of (trace, cursor). No view holds play state.
import type { Absent } from './absent';
import type { CellRef } from './cell';
import type { TensorId } from '../ops/op';
import type { ArrayInfo, CapturedWorkgroup, Provenance, Trace, TracePass } from '../trace/trace';
import type { Axis, Role } from '../ops/layout';
import type { Sum } from '../ops/rule';
import type { Extra } from './traffic';

/** A point in the replay. `line` is an index into the thread's log of this phase; absent = the end of the phase. */
export interface Cursor {
  pass: number;
  workgroup: number;
  /** Executed phase of that workgroup. */
  phase: number;
  line?: number;
}

/** What the visitor looks at; chosen freely, not part of the replay. */
export interface Selection {
  /** Query row within the plane. */
  row: number;
  /** Local invocation index whose values hang on the source lines. */
  thread: number;
  /** Hovered or focused cell, and whether it is pinned. */
  cell?: CellRef;
  pinned?: boolean;
  /** The column of O that the arithmetic follows while no cell of O is looked at; absent = the one with most to say. */
  channel?: number;
}

/** Rows and columns of a tensor's plane, both ends included. */
export interface Rect {
  r0: number;
  r1: number;
  c0: number;
  c1: number;
}

/** A matrix in HBM as it stands at the cursor. */
export interface TensorFrame {
  id: TensorId;
  rows: number;
  cols: number;
  /** This plane's values, row-major; valid where `written` says so. */
  values: Float32Array;
  /** Inputs are always there. For the rest: rectangles written at or before the cursor, later ones last. */
  written: 'input' | readonly Rect[];
  /** Never allocated by this kernel (flash: S and P). */
  materialised: boolean;
  /** Touched in this phase. */
  reads?: Rect;
  writes?: Rect;
  /** The part last touched at or before the cursor by this workgroup: the live tile. */
  live?: Rect;
}

/** A workgroup array, or a private array of all invocations laid side by side. */
export interface ArrayFrame {
  info: ArrayInfo;
  space: 'workgroup' | 'invocation';
  role: Role;
  rows: number;
  cols: number;
  /**
   * The plane of the tensor in it, where a tile of one is: that of another query head than the frame's, where several
   * share K and V.
   */
  plane?: number;
  /** Absolute row and column of element [0][0] in the role's matrix. */
  row0: number;
  col0: number;
  /** rows * cols values; meaningless where `writer` is 0. */
  values: Float32Array;
  /** 0 where nothing was written so far, else writer index + 1. */
  writer: Uint16Array;
  /** Executed phase of each scalar's last write. */
  at: Uint16Array;
  /** In this phase. */
  reads: boolean;
  writes: boolean;
  bytes: number;
}

/** One key tile as the chosen row has been through it. Numbers are undefined until the kernel has written them. */
export interface SoftmaxTile {
  /** Tile number along the keys, from 0. */
  index: number;
  /** Keys [from, to] of the tile. */
  from: number;
  to: number;
  mOld?: number;
  m?: number;
  alpha?: number;
  lOld?: number;
  l?: number;
  /** Sum of this tile's p as captured, added up in f64 (computed). */
  sumP?: number;
  /**
   * Where O is divided by l in every tile: alpha and beta are what the older O and this tile's P V are multiplied by, p
   * is exp(s - mTile), and l the sum of `kept` and `added` (computed).
   */
  divided?: { mTile: number; kept: number; added: number };
  /** By key of the tile: score, probability weight, masked. */
  s: (number | undefined)[];
  p: (number | undefined)[];
  masked: boolean[];
}

export interface SoftmaxFrame {
  kind: 'online' | 'direct';
  row: number;
  /** Whether the row belongs to the workgroup under the cursor. */
  inWorkgroup: boolean;
  /** Tiles begun at or before the cursor. The last is the current one. */
  tiles: readonly SoftmaxTile[];
  /** Key tiles this row's workgroup goes through in all. */
  tileCount: number;
  /** Whether O, m and l are kept in HBM from tile to tile, O divided by l each time. */
  inHbm: boolean;
  /** O of this row in registers, or in HBM where that is rewritten in every tile, before this tile's update and now; alpha applied in between is `computed`. */
  accBefore?: Float32Array;
  acc?: Float32Array;
  /** The final row of O once it is written to HBM. */
  o?: Float32Array;
}

/** Bytes requested, split by direction. */
export interface Traffic {
  read: number;
  written: number;
}

export interface BufferBytes {
  name: string;
  space: 'storage' | 'workgroup';
  step: Traffic;
  sum: Traffic;
}

export interface LineBytes {
  storage: Traffic;
  workgroup: Traffic;
}

export interface BytesFrame {
  buffers: readonly BufferBytes[];
  /** This step, by source line. */
  lines: ReadonlyMap<number, LineBytes>;
  hbm: { step: Traffic; sum: Traffic };
  sram: { step: Traffic; sum: Traffic };
  /**
   * Bytes of Q, K and V read from HBM so far, and of their tiles in workgroup memory for rows and keys that exist;
   * absent where it holds none.
   */
  reuse: { sram: number; hbm: number } | undefined;
  /** Whole run so far and whole run, all workgroups of all passes: the three columns of the traffic table. */
  run: {
    requested: Traffic;
    /**
     * The papers' model of this kind of kernel, without the tiles that the mask hides whole; see kernels/io-model.ts.
     */
    ioModel: Traffic;
    /** Each tensor once. */
    compulsory: Traffic;
    /** What is requested beyond the model, by cause. */
    extras: readonly Extra[];
  };
}

/** One assignment of the chosen thread. */
export interface LogEntry {
  line: number;
  name: string;
  value: number | boolean;
}

export interface LineFrame {
  /** Current source line: the log entry's, or the phase's first line. */
  line: number;
  /** Index and count of entries of this phase; count 0 when this thread was not captured. */
  index: number;
  count: number;
  entries: readonly LogEntry[];
  /** Latest value of each variable by line, at the cursor. */
  values: ReadonlyMap<number, LogEntry>;
}

/** The arithmetic behind a focused cell, by the rule of its op: `computed` is the page's own. */
export interface Explanation extends Sum {
  cell: CellRef;
  /** What its row and its column count. */
  axes?: readonly [Axis, Axis];
  /** Of a query and a key that it does not see. */
  masked: boolean;
  /** An input: no kernel of the run writes it. */
  given: boolean;
  /** As captured, or undefined when not written yet at the cursor. */
  value: number | undefined;
  /** Source line that wrote it, in the text of the pass under the cursor, or of an earlier one. */
  line?: number;
  /** The earlier pass whose text the line is of. */
  linePass?: number;
  /** Why there is no value. */
  absent?: Absent;
  /** True when |computed - value| > 1e-5 (1 + |value|): both are shown. */
  differs: boolean;
}

/** A loop around a phase. */
export interface LoopFrame {
  line: number;
  /** The variable that it counts in; empty where it declares none. */
  name: string;
  /** Its round, from 0, and how many there are, in this round of the loops around it. */
  round: number;
  rounds: number;
}

export interface Frame {
  trace: Trace;
  cursor: Cursor;
  selection: Selection;
  pass: TracePass;
  /** Undefined while this workgroup's capture is on its way. */
  workgroup: CapturedWorkgroup | undefined;
  provenance: Provenance;
  plane: number;
  /** Executed phases of this workgroup. */
  phases: readonly { k: number; id: number; name: string; line: number; tile: number; loops: readonly LoopFrame[] }[];
  phase: {
    k: number;
    id: number;
    name: string;
    line: number;
    endLine: number;
    /** Which time round, from 0. */ tile: number;
    tiles: number;
    /** Outermost first; empty where it begins in none, and in older recordings. */
    loops: readonly LoopFrame[];
  };
  /** Query rows and output columns of this workgroup, from what it touched. */
  block: Rect;
  tensors: Readonly<Record<TensorId, TensorFrame>>;
  arrays: readonly ArrayFrame[];
  softmax: SoftmaxFrame | undefined;
  bytes: BytesFrame;
  line: LineFrame;
  explanation: Explanation | undefined;
}
