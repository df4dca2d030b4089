// From state to the frame on screen, and from the visitor's actions to state: which moment, which request, what is
// pointed at.
import { batch, computed, signal, type ReadonlySignal, type Signal } from '@preact/signals-core';
import type { State } from '../../paging';
import type { PageEvents, PageFrame, PageSelection } from '../../views/paging/view';
import type { Run, Runner } from './runner';

/** Which moment is shown, and what of it is looked at. */
export interface PagingCursor {
  /** Undefined = the beginning, before the first event. */
  readonly index: number | undefined;
  /** Undefined = the stage picks one. */
  readonly request: number | undefined;
  readonly pinned: PageSelection;
}

/** The cursor as its owner keeps it: a lab's says more, and is part of its link. */
export interface CursorState<C extends PagingCursor> {
  readonly cursor: ReadonlySignal<C>;
  move(change: Partial<C>): void;
}

export interface PageStage<C extends PagingCursor = PagingCursor> {
  /** Undefined until there is a simulation. */
  readonly frame: ReadonlySignal<PageFrame | undefined>;
  readonly cursor: ReadonlySignal<C>;
  readonly hovered: Signal<PageSelection | undefined>;
  /** What views report. */
  readonly on: PageEvents;
  move(change: Partial<C>): void;
  /** By moments; false at an end. */
  go(by: number): boolean;
  /** To the next (previous) moment at which a request arrives, leaves, starts to run or is preempted. */
  toStatusChange(direction: 1 | -1): void;
  /**
   * Goes to the first or last moment. The end of a running simulation is followed until it is complete or another
   * moment is chosen.
   */
  toEdge(direction: 1 | -1): void;
  /** The simulation is complete: stops following its end. */
  arrive(): void;
  /** The next (previous) request that is not finished. */
  toRequest(direction: 1 | -1): void;
}

/** Columns of the series that change when a request's status does. */
const STATUS_COLUMNS = ['running', 'waiting', 'swapped', 'preemptions', 'finished'] as const;

/** Requests that are not finished, by id. */
export const unfinished = (state: State): number[] =>
  [...state.running, ...state.waiting, ...state.swapped].toSorted((a, b) => a - b);

/** With more arrivals than this before the first step, the lab opens after them. */
const MANY = 16;

/** The moment shown when the link names none: the start, or after many arrivals the moment before the first step. */
function firstShown(run: Run | undefined, length: number): number {
  const steps = run?.simulation.history.series.column('step') ?? [];
  let first = 0;
  while (first < length && steps[first] === 0) first++;
  return first > MANY && first < length ? first : 0;
}

export function createPageStage<C extends PagingCursor>(
  { cursor, move: write }: CursorState<C>,
  runner: Runner,
): PageStage<C> {
  const hovered = signal<PageSelection | undefined>(undefined);
  /**
   * The last moment when the end was asked for, while more was still being simulated: it is followed until another one
   * is chosen.
   */
  const followed = signal<number | undefined>(undefined);
  const following = computed(() => followed.value !== undefined && followed.value === cursor.value.index);
  const index = computed(() => {
    const length = runner.length.value;
    return following.value ? length : Math.min(cursor.value.index ?? firstShown(runner.run.value, length), length);
  });
  const current = computed(() => {
    const run = runner.run.value;
    if (!run) return undefined;
    const { history } = run.simulation;
    const at = Math.min(index.value, history.length);
    const before = history.stateAt(Math.max(0, at - 1));
    return { moment: history.at(at), before, series: history.series, end: history.last.state };
  });
  const chosen = computed((): number | undefined => {
    const state = current.value?.moment.state;
    if (!state) return undefined;
    const wanted = cursor.value.request;
    if (wanted !== undefined && wanted < state.requests.length) return wanted;
    return (
      state.running[0] ?? unfinished(state)[0] ?? (state.requests.length > 0 ? state.requests.length - 1 : undefined)
    );
  });
  const frame = computed((): PageFrame | undefined => {
    const now = current.value;
    if (!now) return undefined;
    const { pinned } = cursor.value;
    const selection = hovered.value ?? pinned;
    return {
      ...now,
      length: runner.length.value,
      selection,
      pinned: Object.keys(pinned).length > 0,
      chosen: chosen.value,
      followed: cursor.value.request === undefined,
    };
  });

  const move = (change: Partial<C>): void => {
    batch(() => {
      if (change.index !== undefined) followed.value = undefined;
      write(change);
    });
  };
  const look = (change: Partial<PagingCursor>): void => move(change as Partial<C>);
  const seek = (to: number): void => look({ index: Math.max(0, Math.min(runner.length.peek(), to)) });
  return {
    frame,
    cursor,
    hovered,
    move,
    on: {
      hover: (selection) => (hovered.value = selection),
      pin: (selection) => {
        // Pinning the same thing again releases it.
        const same = JSON.stringify(cursor.peek().pinned) === JSON.stringify(selection);
        look({ pinned: same ? {} : selection, ...(selection.request !== undefined && { request: selection.request }) });
      },
      request: (request) => look({ request }),
      seek,
    },
    go(by) {
      const from = index.peek();
      seek(from + by);
      return index.peek() !== from;
    },
    toStatusChange(direction) {
      const series = runner.run.peek()?.simulation.history.series;
      if (!series) return;
      const columns = STATUS_COLUMNS.map((name) => series.column(name));
      const turns = (i: number): boolean => columns.some((column) => column[i] !== column[i - 1]);
      const length = runner.length.peek();
      let to = index.peek() + direction;
      while (to > 0 && to < length && !turns(to)) to += direction;
      seek(to);
    },
    toEdge(direction) {
      seek(direction < 0 ? 0 : runner.length.peek());
      followed.value = direction > 0 && runner.working.peek() ? cursor.peek().index : undefined;
    },
    arrive() {
      if (following.peek()) seek(runner.length.peek());
      followed.value = undefined;
    },
    toRequest(direction) {
      const state = current.peek()?.moment.state;
      if (!state) return;
      const all = unfinished(state);
      const at = all.indexOf(chosen.peek() ?? -1);
      const to = all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + direction))];
      if (to !== undefined) look({ request: to });
    },
  };
}
