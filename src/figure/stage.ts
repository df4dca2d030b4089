// From state to the frame on screen, and from a visitor's gesture to state: the rules by which cursor, row and
// workgroup keep together.
import { batch, computed, signal, type ReadonlySignal, type Signal } from '@preact/signals-core';
import { frameOf, loadLate } from '../frame/frame-now';
import type { Cursor, Frame, Selection } from '../frame/frame-types';
import type { CellRef } from '../frame/cell';
import { sceneOf } from '../frame/scene';
import type { Trace } from '../trace/trace';
import type { Choice } from './choice';
import {
  blockAt,
  edge,
  existing,
  neighbour,
  openingCursor,
  openingRow,
  planeShown,
  step,
  workgroupOfRow,
  type Direction,
} from './player';
import type { Granularity } from '../views/strip/strip';

/** What a picture of a kernel shows, as signals: a lab's are those that its link carries. */
export interface StageState {
  trace: ReadonlySignal<Trace | undefined>;
  /** Grows when a workgroup was added to the trace in place. */
  captures: ReadonlySignal<number>;
  choice: ReadonlySignal<Pick<Choice, 'input' | 'plane'>>;
  /** Undefined = the beginning: the first phase of the first workgroup. */
  cursor: Signal<Cursor | undefined>;
  /** Undefined = a row of the workgroup under the cursor. */
  row: Signal<number | undefined>;
  thread: Signal<number>;
  hovered: Signal<CellRef | undefined>;
  pinned: Signal<CellRef | undefined>;
  granularity: Signal<Granularity>;
}

export interface Stage {
  /** Undefined until there is a trace. */
  frame: ReadonlySignal<Frame | undefined>;
  /** Goes to a cursor; the row moves along into its workgroup. */
  seek(cursor: Cursor): void;
  /** One step; false at the end of the replay. */
  go(direction: Direction, by?: Granularity): boolean;
  toEdge(direction: Direction): void;
  toWorkgroup(direction: Direction): void;
  /** Another pass of the kernel: the workgroup of the row. */
  toPass(pass: number): void;
  /** Looks at a query row, in the workgroup that owns it. */
  toRow(row: number): void;
}

export function createStage(state: StageState): Stage {
  const plane = computed(() => {
    const trace = state.trace.value;
    return trace ? planeShown(trace, state.choice.value) : 0;
  });
  const cursor = computed((): Cursor | undefined => {
    const trace = state.trace.value;
    void state.captures.value;
    if (!trace) return undefined;
    const wanted = state.cursor.value ?? openingCursor(trace, plane.value, state.row.value);
    return existing(trace, plane.value, wanted, state.thread.value);
  });
  const row = computed(() => {
    const trace = state.trace.value;
    const queries = trace?.header.run.shape.queries ?? 1;
    const block = trace && cursor.value && blockAt(trace, plane.value, cursor.value);
    return Math.min(state.row.value ?? (block ? openingRow(block) : 0), queries - 1);
  });
  const late = signal(false);
  void loadLate().then(
    () => (late.value = true),
    // The views wait for the same and tell.
    () => undefined,
  );
  const frame = computed((): Frame | undefined => {
    const trace = state.trace.value;
    void state.captures.value;
    if (!trace || !cursor.value) return undefined;
    const cell = state.hovered.value ?? state.pinned.value;
    const pinned = state.pinned.value !== undefined;
    // A cell that was pinned by the link is explained as soon as it can be.
    if (cell) void late.value;
    const selection: Selection = { row: row.value, thread: state.thread.value, pinned, ...(cell && { cell }) };
    return frameOf(trace, cursor.value, selection, plane.value);
  });

  const seek = (to: Cursor): void => {
    const trace = state.trace.peek();
    if (!trace) return;
    const from = cursor.peek();
    batch(() => {
      state.cursor.value = to;
      if (from && (from.pass !== to.pass || from.workgroup !== to.workgroup)) {
        const block = blockAt(trace, plane.peek(), to);
        const left = blockAt(trace, plane.peek(), from);
        const offset = row.peek() - (left?.r0 ?? 0);
        if (block && (row.peek() < block.r0 || row.peek() > block.r1)) {
          state.row.value = Math.max(block.r0, Math.min(block.r1, block.r0 + Math.max(0, offset)));
        }
      }
    });
  };

  return {
    frame,
    seek,
    go(direction, by = state.granularity.peek()) {
      const trace = state.trace.peek();
      const from = cursor.peek();
      const to = trace && from && step(trace, plane.peek(), from, by, direction, state.thread.peek());
      if (to) seek(to);
      return to !== undefined;
    },
    toEdge(direction) {
      const trace = state.trace.peek();
      const from = cursor.peek();
      if (trace && from) seek(edge(trace, plane.peek(), from, direction));
    },
    toWorkgroup(direction) {
      const trace = state.trace.peek();
      const from = cursor.peek();
      const there = trace && from && neighbour(sceneOf(trace, plane.peek()), from, direction);
      // Another pass has other phases: it opens at its start.
      if (there) seek({ ...there, phase: there.pass === from.pass ? from.phase : 0 });
    },
    toPass(pass) {
      const trace = state.trace.peek();
      const from = cursor.peek();
      if (!trace || !from || pass === from.pass) return;
      const workgroup =
        workgroupOfRow(trace, plane.peek(), pass, row.peek()) ?? sceneOf(trace, plane.peek()).passes[pass]?.order[0];
      if (workgroup === undefined) return;
      // The other pass shares its rows out otherwise: the one that is looked at stays.
      batch(() => {
        state.row.value = row.peek();
        seek({ pass, workgroup, phase: 0 });
      });
    },
    toRow(wanted) {
      const trace = state.trace.peek();
      const from = cursor.peek();
      if (!trace || !from) return;
      const to = Math.max(0, Math.min(trace.header.run.shape.queries - 1, wanted));
      const block = blockAt(trace, plane.peek(), from);
      batch(() => {
        if (block && (to < block.r0 || to > block.r1)) {
          const workgroup = workgroupOfRow(trace, plane.peek(), from.pass, to, block.c0);
          if (workgroup !== undefined) state.cursor.value = { pass: from.pass, workgroup, phase: from.phase };
        }
        state.row.value = to;
      });
    },
  };
}
