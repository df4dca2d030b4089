// A living picture of a kernel's run: its stage, its views, its playback and its keys, over signals that whoever mounts
// it owns.
import { computed, effect, type ReadonlySignal, type Signal } from '@preact/signals-core';
import { loadLate } from '../frame/frame-now';
import type { Frame } from '../frame/frame-types';
import type { Mask } from '../ops/attention/shape';
import type { Keyboard } from '../ui/dom/keyboard';
import type { Theme } from '../ui/palette';
import type { RingRef, RingTarget } from '../views/shared/ring';
import type { MountedView, View, ViewEvents } from '../views/view';
import type { Language } from '../words';
import { STEP_MS } from './clock';
import { listenForKeys } from './keys';
import { mountPictures, type PictureEntry, type Pictures, type PicturesEnv } from './pictures';
import { followPlaying } from './playing';
import { createStage, type Stage, type StageState } from './stage';

export interface KernelState extends StageState {
  playing: Signal<boolean>;
  speed: Signal<number>;
  /** The workgroup under the cursor is being captured. */
  pending: ReadonlySignal<boolean>;
}

/** What views are mounted with, whichever figure they are of. */
export interface ViewsEnv extends Pick<PicturesEnv<Frame, View, MountedView>, 'place' | 'shown' | 'adopt' | 'drawn'> {
  /** `of`: the op whose runs alone a view draws. */
  views: readonly (PictureEntry<View> & { of?: string })[];
  language: Language;
  theme: Theme;
  /** Whether pictures may move; asked for each time that a view is mounted. */
  motion(): boolean;
}

export interface KernelEnv extends ViewsEnv {
  keyboard: Keyboard;
  /** A workgroup that the cursor needs, or its log of that thread, is not in the trace: get it. */
  fetch(pass: number, workgroup: number, thread: number): void;
  /** Chooses another mask for the problem, where it can be changed. */
  mask?: (mask: Mask) => void;
  /** Opens the key map, where there is one. */
  help?: () => void;
}

export interface KernelFigure {
  stage: Stage;
  /** What a view reports, as state. */
  on: ViewEvents;
  /** Where a thing is, by the view that shows it. */
  ring(ref: RingRef): RingTarget | undefined;
  dispose(): void;
}

/** Mounts a figure: keys that are pressed in `root` are its own. */
export function mountKernel(root: HTMLElement, state: KernelState, env: KernelEnv): KernelFigure {
  const stage = createStage(state);
  const on = eventsOf(state, stage, env.mask);
  const pictures = mountViews(stage.frame, on, env);
  const ends = [pictures.stop, followMissing(state, stage, env), play(state, stage), keys(root, state, stage, env)];
  return {
    stage,
    on,
    ring: (ref) => pictures.ask((mounted) => mounted.ring?.(ref)),
    dispose() {
      for (const end of ends) end();
    },
  };
}

/** Draws frames of kernels, whoever says which. */
export function mountViews(
  frame: ReadonlySignal<Frame | undefined>,
  on: ViewEvents,
  env: ViewsEnv,
): Pictures<MountedView> {
  const { views, place, shown, adopt, drawn, language, theme, motion } = env;
  // A run of another op than the views are of waits for other views, which whoever mounts them brings.
  const fitting = computed(() => {
    const op = frame.value?.trace.header.op;
    return views.every(({ of }) => of === undefined || of === op) ? frame.value : undefined;
  });
  return mountPictures<Frame, View, MountedView>({
    views,
    place,
    shown,
    adopt,
    drawn,
    language,
    frame: fitting,
    of: computed(() => fitting.value?.trace),
    mount: (view, host, later) => {
      const { trace } = frame.peek()!;
      return view.mount(host, { trace, language, theme, motion: motion(), on, later });
    },
    ready: loadLate(),
  });
}

function eventsOf(state: KernelState, stage: Stage, mask: KernelEnv['mask']): ViewEvents {
  const seekIn = (change: { workgroup?: number; phase?: number; line?: number }): void => {
    const at = stage.frame.peek()?.cursor;
    if (at) stage.seek({ pass: at.pass, workgroup: at.workgroup, phase: at.phase, ...change });
  };
  return {
    hover: (cell) => (state.hovered.value = cell),
    pin: (cell) => (state.pinned.value = cell),
    row: (row) => stage.toRow(row),
    workgroup: (workgroup) => seekIn({ workgroup }),
    phase: (phase) => seekIn({ phase }),
    line: (line) => seekIn({ line }),
    thread: (thread) => (state.thread.value = thread),
    ...(mask && { mask }),
  };
}

/** Asks for what the cursor needs and the trace lacks: the workgroup, or its log of the chosen thread. */
function followMissing(state: KernelState, stage: Stage, { fetch }: KernelEnv): () => void {
  return effect(() => {
    const frame = stage.frame.value;
    if (!frame) return;
    const thread = state.thread.value;
    if (frame.workgroup?.lines?.invocation === thread) return;
    fetch(frame.cursor.pass, frame.cursor.workgroup, thread);
  });
}

const play = ({ playing, speed, granularity, pending }: KernelState, stage: Stage): (() => void) =>
  followPlaying({
    playing,
    speed,
    stands: () => STEP_MS[granularity.peek()],
    // Only what the next step needs is waited for: by line that is the thread's log, else the workgroup.
    waiting: () => (granularity.peek() === 'line' && pending.peek()) || stage.frame.peek()?.workgroup === undefined,
    go: () => stage.go(1),
  });

function keys(root: HTMLElement, state: KernelState, stage: Stage, { keyboard, help }: KernelEnv): () => void {
  return listenForKeys(keyboard, root, {
    togglePlay: () => (state.playing.value = !state.playing.peek()),
    go: (direction, by) => void stage.go(direction, by),
    toEdge: (direction) => stage.toEdge(direction),
    row: (by) => {
      const row = stage.frame.peek()?.selection.row;
      if (row !== undefined) stage.toRow(row + by);
    },
    workgroup: (direction) => stage.toWorkgroup(direction),
    unpin: () => (state.pinned.value = undefined),
    ...(help && { help }),
  });
}
