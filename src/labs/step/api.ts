// What the Step lab asks of the page around it: signals to read, actions to call. The app's state and engine satisfy
// both.
import type { Signal } from '@preact/signals-core';
import type { CellRef } from '../../frame/cell';
import type { Trace } from '../../trace/trace';
import type { AttnError } from '../../errors';
import type { Shape } from '../../ops/attention/shape';
import type { InputRole, Sources } from '../../tensors/sources';
import type { compare, Comparison } from '../../bench/compare';
import type { Run } from '../../ops/run';
import type { Limits } from '../../ops/limits';
import type { Sentence } from '../../figure/problem';
import type { Choice } from '../../figure/choice';
import type { Signals } from '../shared/link';
import type { StepPart } from './link';

/** Long work in progress: what, and how far (0..1) where that is known. */
export interface Progress {
  what: 'model' | 'capture' | 'interpret' | 'device';
  part: number | undefined;
}

/** A tensor file that was opened. */
export interface ShelfFile {
  hash: string;
  file: string;
  entries: readonly { name: string; shape: readonly number[]; dtype: string }[];
}

/** The visitor's own Q, K and V: their shape, and what they were before they were f32. */
export interface OwnTensors {
  sources: Sources;
  shape: Shape;
  notes: Readonly<Record<InputRole, { dtype: string; rounding: number }>>;
}

export interface StepState extends Signals<StepPart> {
  choice: Signal<Choice>;
  /** The name of the imported trace on screen, in place of the choice's own run. */
  file: Signal<string | undefined>;
  hovered: Signal<CellRef | undefined>;
  playing: Signal<boolean>;
  trace: Signal<Trace | undefined>;
  /** Grows when a workgroup was added to the trace in place. */
  captures: Signal<number>;
  /** The workgroup under the cursor is being captured. */
  pending: Signal<boolean>;
  progress: Signal<Progress | undefined>;
  sentence: Signal<Sentence | undefined>;
  /** Tensor files that are at hand. */
  shelf: Signal<readonly ShelfFile[]>;
  /** What was last read from them. */
  own: Signal<OwnTensors | undefined>;
  /** Of this device; undefined while there is none. */
  limits: Signal<Limits | undefined>;
  /** False once it is certain that there is no device: nothing can be timed here, and kernels are interpreted. */
  canRun: Signal<boolean>;
  /** Why the chosen run is not the one on screen. */
  refused: Signal<AttnError | undefined>;
}

type CompareOptions = NonNullable<Parameters<typeof compare>[3]>;

export interface StepActions {
  /** Changes the problem, and leaves the file that is shown: one step of undo. */
  choose(change: Partial<Choice>): void;
  /** Stops the work that `progress` shows. */
  cancel(): void;
  /** Races runs of the shape on screen, on the inputs on screen. Throws as bench/compare does. */
  compare(runs: readonly Run[], options: CompareOptions): Promise<Comparison>;
  /** Tells the visitor of an error. */
  report(error: AttnError): void;
  /** How many tokens the model would make of a text. Throws as the model's client does. */
  countTokens(text: string): Promise<number>;
  /** Opens tensor files: what they hold becomes Q, K and V. */
  openTensors(files: readonly File[]): void;
  /** Lets go of every tensor file, also of those that this browser keeps. */
  forgetTensors(): void;
  /** The workgroup under the cursor is not in the trace: get it. */
  fetchWorkgroup(pass: number, workgroup: number, thread: number): void;
}
