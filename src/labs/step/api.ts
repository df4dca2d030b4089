// What the Step lab asks of the page around it: signals to read, actions to call. The app's state and engine satisfy both.
import type { Signal } from '@preact/signals-core';
import type { CellRef } from '../../capture/cell';
import type { Cursor } from '../../capture/frame-types';
import type { Trace } from '../../capture/trace';
import type { Limits } from '../../kernels/card';
import type { Choice } from './choice';
import type { Granularity } from './player';

/** The panes that a small screen shows one at a time, in order. */
export const panes = ['cross', 'memory', 'softmax', 'source', 'buffers', 'timing'] as const;
export type Pane = (typeof panes)[number];

/** Long work in progress: what, and how far (0..1) where that is known. */
export interface Progress {
  what: 'model' | 'capture' | 'device';
  part: number | undefined;
}

/** One head's attention as a small picture: size x size weights, row-major, 0..1 of the row's largest. */
export interface Thumbnail {
  layer: number;
  head: number;
  size: number;
  values: Float32Array;
}

/** What the model made of the sentence (computed). */
export interface Sentence {
  text: string;
  tokens: readonly string[];
  layers: number;
  heads: number;
  /** The head in use. */
  layer: number;
  head: number;
  thumbnails: readonly Thumbnail[];
}

export interface StepState {
  choice: Signal<Choice>;
  cursor: Signal<Cursor | undefined>;
  row: Signal<number | undefined>;
  thread: Signal<number>;
  pinned: Signal<CellRef | undefined>;
  hovered: Signal<CellRef | undefined>;
  granularity: Signal<Granularity>;
  speed: Signal<number>;
  pane: Signal<Pane>;
  playing: Signal<boolean>;
  trace: Signal<Trace | undefined>;
  /** The workgroup under the cursor is being captured. */
  pending: Signal<boolean>;
  progress: Signal<Progress | undefined>;
  sentence: Signal<Sentence | undefined>;
  /** Of this device; undefined while there is none. */
  limits: Signal<Limits | undefined>;
}

export interface StepActions {
  /** Changes the problem: one step of undo. */
  choose(change: Partial<Choice>): void;
  /** Stops the work that `progress` shows. */
  cancel(): void;
  /** The workgroup under the cursor is not in the trace: get it. */
  fetchWorkgroup(pass: number, workgroup: number, thread: number): void;
}
