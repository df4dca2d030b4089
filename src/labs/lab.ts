// What every lab gets from the page around it, and what it gives back. A lab reads state and calls actions; it owns nothing that a link carries.
import type { Signal } from '@preact/signals-core';
import type { Trace } from '../trace/trace';
import type { Session } from '../machine/gpu/session';
import type { Language } from '../words';
import type { CaptureBeside } from './compare/other';
import type { CompareSettings } from './compare/settings';
import type { Versus } from './compare/versus';
import type { StepActions, StepState } from './step/api';
import type { StepEnv } from './step/lab';
import type { Pictures } from './step/pictures';
import type { Stage } from './step/stage';
import type { TimeSettings } from './time/settings';

export type LabId = 'step' | 'compare' | 'page' | 'time';

export interface LabState extends StepState {
  lab: Signal<LabId>;
  /** What the second run of the Compare lab differs in, and how both are shown. */
  versus: Signal<Versus>;
  compare: Signal<CompareSettings>;
  /** What the Page lab simulates, as a link carries it: the lab reads it itself. */
  page: Signal<string>;
  /** Where one stands in it: moment, request, pane. */
  moment: Signal<string>;
  /** What the Time lab is to measure. */
  time: Signal<TimeSettings>;
}

export interface LabActions extends StepActions {
  /** Captures the run of another choice beside the one on screen. Throws AttnError; where nothing can run, a stored capture stands in. */
  captureBeside: CaptureBeside;
  /** Shows a capture that the lab made in the Step lab. It lives in memory by its name, as an imported one does. */
  showTrace(name: string, trace: Trace): void;
}

export interface LabEnv extends StepEnv {
  state: LabState;
  actions: LabActions;
  /** The open device. Throws what opening it threw. */
  session(): Promise<Session>;
  /** Resolves when the page's own first run, or its stated fallback, is there: nothing is timed beside it. */
  ready: Promise<void>;
  /** Tells the visitor of a part of the link that only the lab could read, and could not. */
  unread(key: string, value: string): void;
  /** The link to this moment. */
  link(): string;
  /** Something made once, that outlives a change of lab, language or theme. */
  keep<T>(name: string, make: () => T): T;
}

export interface MountedLab {
  /** Of the Step lab: the frame on screen. */
  stage?: Stage;
  /** Where a thing is that a ring is to go around; undefined while it is not shown. */
  ring?: Pictures['ring'];
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
}
