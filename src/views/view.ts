// What a view is: a picture in one file. It gets a trace and frames, tells what was pointed at, and holds no state of
// its own.
import type { Mask } from '../ops/attention/shape';
import type { CellRef } from '../frame/cell';
import type { Frame } from '../frame/frame-types';
import type { Trace } from '../trace/trace';
import type { Language } from '../words';
import type { RingRef, RingTarget } from './shared/ring';

/** What a view reports back. The lab turns it into state; the next frame shows it. */
export interface ViewEvents {
  /** Pointed at or focused a cell; undefined when it left. */
  hover(cell: CellRef | undefined): void;
  /** Clicked or pressed Enter on a cell. */
  pin(cell: CellRef): void;
  /** Chose a query row. */
  row(row: number): void;
  /** Chose a workgroup of the current pass. */
  workgroup(workgroup: number): void;
  /** Chose an executed phase of the current workgroup. */
  phase(phase: number): void;
  /** Chose an entry of the thread's log in the current phase. */
  line(index: number): void;
  /** Chose a thread (local invocation index). */
  thread(thread: number): void;
  /** Chose another mask for the problem. Absent where the problem cannot be changed. */
  mask?(mask: Mask): void;
}

export interface ViewEnv {
  trace: Trace;
  language: Language;
  theme: 'dark' | 'light';
  /** Whether pictures may move. */
  motion: boolean;
  on: ViewEvents;
  /**
   * Does what may follow a step a moment later, in a task of its own, so that steps that follow each other stay smooth;
   * of what is asked for until then, the last alone. A view that is given none does it at once.
   */
  later?: (act: () => void) => void;
}

export interface MountedView {
  /**
   * Shows a frame. A step may cost a few milliseconds in all views together: write into what stands, and only what
   * changed.
   */
  draw(frame: Frame): void;
  /**
   * The frame that was drawn last has stood for a moment: what is only for screen readers and keys can follow it now.
   */
  rest?(): void;
  /** Where a thing is that a ring is to go around; undefined where this view does not show it. */
  ring?(ref: RingRef): RingTarget | undefined;
  dispose(): void;
}

/** A view in the ordered list. Remounted when trace, language or theme change; `draw` is called for each frame. */
export interface View {
  id: string;
  title: Record<Language, string>;
  /** Style sheet text, adopted by the lab's shadow root; every selector starts with the view's own class `.view-ID`. */
  css: string;
  /** One paragraph for screen readers: what the picture shows now. */
  describe(frame: Frame, language: Language): string;
  mount(host: HTMLElement, env: ViewEnv): MountedView;
}
