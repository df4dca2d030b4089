// From the lab's state to the frame on screen, and from a gesture to state: which moment, which request, what is
// pointed at.
import { batch, computed, signal, type ReadonlySignal, type Signal } from '@preact/signals-core';
import type { State } from '../../paging';
import type { PageEvents, PageFrame, PageGaze } from '../../views/paging/view';
import { formatCursor, parseCursor, defaultCursor, type PageCursor } from './cursor';
import type { Run, Runner } from './runner';

export interface PageStage {
  /** Undefined until there is a simulation. */
  readonly frame: ReadonlySignal<PageFrame | undefined>;
  readonly cursor: ReadonlySignal<PageCursor>;
  readonly hovered: Signal<PageGaze | undefined>;
  /** What views report. */
  readonly on: PageEvents;
  move(change: Partial<PageCursor>): void;
  /** By moments; false at an end. */
  go(by: number): boolean;
  /** To the next (last) moment at which a request came, went, ran or gave way. */
  toStatusChange(direction: 1 | -1): void;
  /** The end of a simulation under way is followed until it is over, or until somebody goes elsewhere. */
  toEdge(direction: 1 | -1): void;
  /** Nothing more is simulated: what was followed stands where it is. */
  arrive(): void;
  /** The next (last) request that has a place in the pool or waits for one. */
  toRequest(direction: 1 | -1): void;
}

/** Columns of the series that change when a request's status does. */
const STATUS_COLUMNS = ['running', 'waiting', 'swapped', 'preemptions', 'finished'] as const;

/** Requests that are not over, in the order of their ids. */
export const unfinished = (state: State): number[] => [...state.running, ...state.waiting, ...state.swapped].toSorted((a, b) => a - b);

/** So many requests that come one after the other are no story. */
const MANY = 16;

/** Where one begins who asked for no moment: at the start, but behind a crowd that comes before anything is served. */
function firstShown(run: Run | undefined, length: number): number {
  const steps = run?.simulation.history.series.column('step') ?? [];
  let first = 0;
  while (first < length && steps[first] === 0) first++;
  return first > MANY && first < length ? first : 0;
}

export function createPageStage(moment: Signal<string>, runner: Runner): PageStage {
  const hovered = signal<PageGaze | undefined>(undefined);
  const cursor = computed(() => parseCursor(moment.value) ?? defaultCursor);
  /**
   * Where the end was when it was asked for, if more was on its way: it is gone along with until somebody goes
   * elsewhere.
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
    return state.running[0] ?? unfinished(state)[0] ?? (state.requests.length > 0 ? state.requests.length - 1 : undefined);
  });
  const frame = computed((): PageFrame | undefined => {
    const now = current.value;
    if (!now) return undefined;
    const { pinned } = cursor.value;
    const gaze = hovered.value ?? pinned;
    return {
      ...now,
      length: runner.length.value,
      gaze,
      pinned: Object.keys(pinned).length > 0,
      chosen: chosen.value,
      followed: cursor.value.request === undefined,
    };
  });

  const move = (change: Partial<PageCursor>): void => {
    batch(() => {
      if (change.index !== undefined) followed.value = undefined;
      moment.value = formatCursor({ ...cursor.peek(), ...change });
    });
  };
  const seek = (to: number): void => move({ index: Math.max(0, Math.min(runner.length.peek(), to)) });
  return {
    frame,
    cursor,
    hovered,
    move,
    on: {
      hover: (gaze) => (hovered.value = gaze),
      pin: (gaze) => {
        // The same again lets go.
        const same = JSON.stringify(cursor.peek().pinned) === JSON.stringify(gaze);
        move({ pinned: same ? {} : gaze, ...(gaze.request !== undefined && { request: gaze.request }) });
      },
      request: (request) => move({ request }),
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
      if (to !== undefined) move({ request: to });
    },
  };
}
