// What every lab gets from the page around it, and what it gives back. A lab reads state and calls actions; it owns
// nothing that a link carries.
import type { Signal } from '@preact/signals-core';
import type { Trace } from '../trace/trace';
import type { Session } from '../machine/gpu/session';
import type { Machine } from '../machine/machine';
import type { ModelClient } from '../model/client';
import type { Language } from '../words';
import type { CaptureChoice } from '../figure/capture';
import type { Choice } from '../figure/choice';
import type { ComparePart } from './compare/link';
import type { LearnPart } from './learn/link';
import type { ModelPart } from './model/link';
import type { PagePart } from './page/link';
import type { AnyLink, Signals } from './shared/link';
import type { StepActions, StepState } from './step/api';
import type { StepEnv } from './step/lab';
import type { StepPart } from './step/link';
import type { KernelFigure } from '../figure/kernel';
import type { Stage } from '../figure/stage';
import type { TimePart } from './time/link';

export type LabId = 'step' | 'compare' | 'page' | 'time' | 'model' | 'learn';

/** What a link says of the labs: each has its own part, see its link.ts. */
export interface LabParts extends StepPart, ComparePart, PagePart, TimePart, ModelPart, LearnPart {}

export interface LabState extends StepState, Signals<LabParts> {
  lab: Signal<LabId>;
}

export interface LabActions extends StepActions {
  /**
   * Captures the run of another choice beside the one on screen. Throws AttnError; where nothing can run, a stored
   * capture stands in.
   */
  captureBeside: CaptureChoice;
  /** Shows a capture that the lab made in the Step lab. It lives in memory by its name, as an imported one does. */
  showTrace(name: string, trace: Trace): void;
}

export interface LabEnv extends StepEnv {
  state: LabState;
  actions: LabActions;
  /** The page's one small model. */
  model: ModelClient;
  /** The open device. Throws what opening it threw. */
  session(): Promise<Session>;
  /** What runs kernels here, with a device or without. Throws what opening the device threw. */
  machine(): Promise<Machine>;
  /** Resolves when the page's own first run, or its stated fallback, is there: nothing is timed beside it. */
  ready: Promise<void>;
  /** Tells the visitor of a part of the link that only the lab could read, and could not. */
  unread(key: string, value: string): void;
  /** The link to this moment. */
  link(): string;
  /** What a fragment says. What it cannot say is at its default. */
  parse(fragment: string): LabParts & { lab: LabId; choice: Choice };
  /** Opens a fragment on this page: one step of undo. `from`: the step of a lesson that it was opened from. */
  open(fragment: string, from?: string): void;
  /** Something made once, that outlives a change of lab, language or theme. */
  keep<T>(name: string, make: () => T): T;
}

export interface MountedLab {
  /** Of the Step lab: the frame on screen. */
  stage?: Stage;
  /** Where a thing is that a ring is to go around; undefined while it is not shown. */
  ring?: KernelFigure['ring'];
  /** Takes a file that was dropped on the lab; without this it is read as a trace. */
  drop?(file: File): void;
  dispose(): void;
}

export type MountLab = (host: HTMLElement, env: LabEnv) => MountedLab;

/** A lab in the ordered list. Mounted anew when lab, language or theme change. */
export interface LabEntry {
  id: LabId;
  name: Record<Language, string>;
  /** At hand, or the way to get it. */
  lab: { mount: MountLab } | { load: () => Promise<MountLab> };
  /** Its part of a link, if it has one. */
  link?: AnyLink;
}
