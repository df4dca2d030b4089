// What a view of the Page lab is: a picture of one moment of a simulated KV cache. It gets frames, tells what was
// pointed at, and holds no state of its own.
import type { Moment, Series, State } from '../../paging';
import type { Language } from '../../words';
import type { Theme } from '../../ui/palette';

/** What somebody looks at: a physical block, a request, or one token of it by its position. */
export interface PageGaze {
  block?: number;
  request?: number;
  position?: number;
  /** A block of the CPU pool. */
  cpu?: number;
}

export interface PageFrame {
  moment: Moment;
  /** The state before the operation of this moment: what changed is what differs. */
  before: State;
  series: Series;
  /** The state at the last moment so far: who comes later has a name there. */
  end: State;
  /** Moments so far; the last has the index `length`. */
  length: number;
  /** Pointed at, else pinned, else empty. */
  gaze: PageGaze;
  pinned: boolean;
  /** The request whose table, slots and decode step are shown; undefined while there is none. */
  chosen: number | undefined;
  /** Nobody chose it: it is the first that runs, and another as soon as another is. */
  followed: boolean;
}

/** What a view reports back. The lab turns it into state; the next frame shows it. */
export interface PageEvents {
  /** Pointed at or focused; undefined when it left. */
  hover(gaze: PageGaze | undefined): void;
  /** Clicked or pressed Enter. */
  pin(gaze: PageGaze): void;
  /** Chose the request to look at. */
  request(id: number): void;
  /** Chose another moment. */
  seek(index: number): void;
}

export interface PageViewEnv {
  language: Language;
  theme: Theme;
  /** Whether pictures may move. */
  motion: boolean;
  on: PageEvents;
  /** A token in one short visible word. */
  tokenText(token: number): string;
  /** The hue of a request, 0 .. 360: the same in every view. */
  hueOf(request: number): number;
}

export interface MountedPageView {
  /** Shows a frame: all views together in a few milliseconds, so write into what stands, and only what changed. */
  draw(frame: PageFrame): void;
  /** The frame that was drawn last has stood for a moment: words for screen readers can follow it now. */
  rest?(): void;
  dispose(): void;
}

/** A view in the Page lab's ordered list. Remounted when language, theme or simulation change. */
export interface PageView {
  id: string;
  title: Record<Language, string>;
  /** Style sheet text, adopted by the lab's shadow root; every selector starts with the view's own class `.view-ID`. */
  css: string;
  /** One paragraph for screen readers: what the picture shows now. */
  describe(frame: PageFrame, language: Language): string;
  mount(host: HTMLElement, env: PageViewEnv): MountedPageView;
}
