// The contract of a view of the Page lab: a picture of one moment of a simulated KV cache. It gets frames, reports what
// was pointed at, and has no state of its own.
import type { Moment, Series, State } from '../../paging';
import type { Language } from '../../words';
import type { Theme } from '../../ui/palette';

/** What the visitor looks at: a physical block, a request, or one token of it by its position. */
export interface PageSelection {
  block?: number;
  request?: number;
  position?: number;
  /** A block of the CPU pool. */
  cpu?: number;
}

export interface PageFrame {
  moment: Moment;
  /** The state before this moment's operation: the difference is what changed. */
  before: State;
  series: Series;
  /** The state at the last moment so far: it has the names of requests that arrive later. */
  end: State;
  /** How many moments there are; the last one has the index `length`. */
  length: number;
  /** What is pointed at, else what is pinned, else empty. */
  selection: PageSelection;
  pinned: boolean;
  /** The request whose table, slots and decode step are shown; undefined when there is none. */
  chosen: number | undefined;
  /** It was not chosen by hand: the first running request is followed. */
  followed: boolean;
}

/** What a view reports back. The lab turns it into state; the next frame shows it. */
export interface PageEvents {
  /** Something is pointed at or focused; undefined when the pointer or the focus left. */
  hover(selection: PageSelection | undefined): void;
  /** Something was clicked, or Enter was pressed on it. */
  pin(selection: PageSelection): void;
  /** Another request was chosen. */
  request(id: number): void;
  /** Another moment was chosen. */
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
  /** The hue of a request, 0 .. 360; the same in every view. */
  hueOf(request: number): number;
}

export interface MountedPageView {
  /**
   * Shows a frame. All views together may take a few milliseconds: write into existing elements, and only what changed.
   */
  draw(frame: PageFrame): void;
  /** The frame that was drawn last has rested for a moment: text for screen readers can be written now. */
  rest?(): void;
  dispose(): void;
}

/** A view in the Page lab's list. Mounted again when language, theme or simulation change. */
export interface PageView {
  id: string;
  title: Record<Language, string>;
  /** Style sheet text, adopted by the lab's shadow root; every selector starts with the view's own class `.view-ID`. */
  css: string;
  /** One paragraph for screen readers about what the picture shows now. */
  describe(frame: PageFrame, language: Language): string;
  mount(host: HTMLElement, env: PageViewEnv): MountedPageView;
}
