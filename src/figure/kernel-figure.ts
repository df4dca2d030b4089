// A figure of one kernel's run that needs no lab: the choice is captured on the page's machine, and what views report
// moves its own cursor.
import { effect, signal, type ReadonlySignal, type Signal } from '@preact/signals-core';
import type { AttnError } from '../errors';
import type { CellRef } from '../frame/cell';
import type { Cursor, Frame } from '../frame/frame-types';
import type { Trace } from '../trace/trace';
import { VIEWS } from '../views';
import type { Granularity } from '../views/strip/strip';
import { boxIn } from './box';
import { createCapture } from './capture';
import { createCaptured, type Captured } from './captured';
import { defaultChoice, sameProblem, type Choice } from './choice';
import type { AnyFigure, FigureEnv } from './env';
import { mountKernel, type KernelFigure, type KernelState } from './kernel';
import type { Direction } from './player';

export interface KernelSpec {
  kind: 'kernel';
  /** Where it differs from the page's first run. */
  choice?: Partial<Choice>;
  /** A trace to show in place of a run. */
  trace?: Trace;
  /** A run that somebody else wants and keeps: the figure shows it, fetches of it what it needs, and leaves it be. */
  run?: Captured;
  /** The stored capture of its kernel, labelled as one, until the run is there. */
  recordedFirst?: boolean;
  /** Ids of views, in the order in which they stand. */
  views: readonly string[];
  cursor?: Cursor;
  row?: number;
  thread?: number;
  granularity?: Granularity;
  speed?: number;
  /** Its name for screen readers. */
  label?: string;
}

export interface KernelFigureState extends KernelState {
  choice: Signal<Choice>;
  frame: ReadonlySignal<Frame | undefined>;
  /** 0..1 while a run is being captured. */
  progress: ReadonlySignal<number | undefined>;
  error: ReadonlySignal<AttnError | undefined>;
}

export interface MountedKernel extends AnyFigure {
  readonly state: KernelFigureState;
  readonly ring: KernelFigure['ring'];
  seek(cursor: Cursor): void;
  /** By another unit than the one that is set. */
  step(direction: Direction, by?: Granularity): boolean;
  /** Changes the problem; another one opens at its beginning. */
  choose(change: Partial<Choice>): void;
  /** Runs what is chosen once more, as after an error. */
  again(): void;
}

export function kernelFigure(host: HTMLElement, spec: KernelSpec, env: FigureEnv): MountedKernel {
  const cursor = signal<Cursor | undefined>(spec.cursor);
  const row = signal<number | undefined>(spec.row);
  const thread = signal(spec.thread ?? 0);
  const choice = signal<Choice>({ ...defaultChoice, ...spec.choice });
  const looks = (): { row: number | undefined; thread: number } => ({ row: row.peek(), thread: thread.peek() });
  const run =
    spec.run ??
    createCaptured(createCapture({ ...env, looks }), {
      here: () => cursor.peek()?.workgroup,
      ...(spec.recordedFirst && env.recorded && { first: env.recorded }),
    });
  /** Whether what is chosen here is run here. */
  const runs = !spec.trace && !spec.run;
  const own: KernelState & { choice: Signal<Choice> } = {
    choice,
    trace: run.trace,
    captures: run.captures,
    pending: run.pending,
    cursor,
    row,
    thread,
    hovered: signal<CellRef | undefined>(undefined),
    pinned: signal<CellRef | undefined>(undefined),
    granularity: signal<Granularity>(spec.granularity ?? 'phase'),
    speed: signal(spec.speed ?? 1),
    playing: signal(false),
  };
  if (spec.trace) run.trace.value = spec.trace;
  const { root, place } = boxIn(host, 'kernel', spec.views, spec.label);
  const choose = (change: Partial<Choice>): void => {
    const [before, after] = [choice.peek(), { ...choice.peek(), ...change }];
    if (!sameProblem(before, after)) {
      own.playing.value = false;
      for (const one of [cursor, own.pinned, own.hovered]) one.value = undefined;
    }
    choice.value = after;
  };
  const figure = mountKernel(root, own, {
    ...env,
    views: VIEWS.filter(({ id }) => spec.views.includes(id)),
    place,
    fetch: run.fetch,
    ...(runs && { mask: (mask) => choose({ mask }) }),
  });
  const stop = effect(() => {
    const chosen = choice.value;
    if (runs) run.want(chosen);
  });
  // The trace stays on screen; its workgroups that were not asked for so far are on the lost device.
  const unfollow = runs ? env.onLost?.(run.again) : undefined;
  const { stage } = figure;
  return {
    root,
    state: { ...own, frame: stage.frame, progress: run.progress, error: run.error },
    ring: figure.ring,
    seek: stage.seek,
    step: stage.go,
    toEdge: stage.toEdge,
    play: (on) => (own.playing.value = on),
    choose,
    again: run.again,
    dispose() {
      stop();
      unfollow?.();
      own.playing.value = false;
      figure.dispose();
      if (!spec.run) run.dispose();
      root.remove();
    },
  };
}
