// Which requests wait, run, are preempted, swapped out or finished at each moment, and how many tokens each step
// computed of its budget.
import type { Request, Series } from '../../../paging';
import { speak, type Language } from '../../../words';
import { setText } from '../../../ui/dom/text';
import { element } from '../../../ui/dom/element';
import { inkOf } from '../../../ui/paint/ink';
import { markCss, markText, mountMarks } from '../../../ui/dom/mark';
import { poolInk, type PoolInk } from '../shared/ink';
import type { PageFrame, PageView, PageViewEnv } from '../view';
import { paintedLength, rowsIn, statusAt, windowAround, type Window } from '../shared/bins';
import css from './timeline.css?inline';
import { DRAWN, lanesOf, NAMED, OVERVIEW, paintOverview, paintTimeline, TIMELINE_INK } from './paint';
import { stageCss, TimeStage } from '../shared/time-stage';
import { statusWords, timelineWords } from './timeline.words';

/** With at most so many moments for each pixel the whole run is shown at once. */
const DENSE = 2;
const SHOWN = ['waiting', 'running', 'preempted', 'swapped'] as const;

const requestOf = ({ moment: { state } }: PageFrame, id: number | undefined): Request | undefined =>
  id !== undefined && id >= 0 && id < state.requests.length ? state.requests.at(id) : undefined;

function crowdText({ moment: { state } }: PageFrame, language: Language): string {
  return speak(timelineWords, language).crowd(state.running.length, state.waiting.length, state.swapped.length);
}

function tokensText({ moment: { state, operation }, series, moment }: PageFrame, language: Language): string {
  const words = speak(timelineWords, language);
  if (operation?.op !== 'step') return words.noStep(state.config.budget);
  return words.tokens(series.column('batchTokens')[moment.index] ?? 0, state.config.budget);
}

/** The request that is pointed at, with its status at this moment. */
function requestText(frame: PageFrame, language: Language): string {
  const words = speak(timelineWords, language);
  const request = requestOf(frame, frame.selection.request ?? frame.chosen);
  return request ? words.one(request.name, statusWords[request.status][language]) : '';
}

export const pageTimeline: PageView = {
  id: 'timeline',
  title: timelineWords.title,
  css: css + stageCss + markCss,
  describe(frame, language) {
    const words = speak(timelineWords, language);
    return words.describe(frame.moment.index, frame.length, crowdText(frame, language), tokensText(frame, language));
  },
  mount(host, env) {
    const root = element('div', 'view-timeline');
    host.append(root);
    const picture = new Timeline(root, env);
    const unmark = mountMarks(root);
    return {
      draw: (frame) => picture.draw(frame),
      rest: () => picture.rest(),
      dispose() {
        picture.dispose();
        unmark();
        root.remove();
      },
    };
  },
};

class Timeline {
  readonly #env: PageViewEnv;
  readonly #words: ReturnType<typeof speak<typeof timelineWords>>;
  readonly #ink;
  readonly #tone: PoolInk['tone'];
  readonly #stage: TimeStage;
  readonly #overview: TimeStage;
  readonly #mark = element('i', 'row-mark');
  readonly #tokens = element('span', 'tokens');
  readonly #crowd = element('span', 'crowd');
  readonly #one = element('b', 'one');
  readonly #note = element('p', 'note muted');
  readonly #legend = element('ul', 'legend');
  readonly #zoom = element('div', 'segmented');
  readonly #resized: ResizeObserver;
  #width: number;
  #near = true;
  #frame: PageFrame | undefined;
  #rows: readonly number[] = [];
  /** What was painted last: of which series, up to which length, in which window. */
  #painted: { series: Series; length: number; window: string } | undefined;
  #window: Window = { from: 0, to: 1 };

  constructor(root: HTMLElement, env: PageViewEnv) {
    this.#env = env;
    this.#words = speak(timelineWords, env.language);
    this.#ink = inkOf(root, ...TIMELINE_INK);
    this.#tone = poolInk(root, env).tone;
    this.#stage = new TimeStage((index) => env.on.seek(index));
    this.#overview = new TimeStage((index) => env.on.seek(index));
    this.#overview.root.classList.add('overview');
    const simulated = markText({ kind: 'computed', note: this.#words.simulated }, env.language);
    const facts = element('p', 'facts');
    for (const node of [this.#tokens, this.#crowd]) node.dataset['mark'] = simulated;
    facts.append(this.#tokens, this.#crowd, this.#one);
    this.#stage.root.append(this.#mark);
    this.#zoomButtons();
    this.#keys();
    root.append(facts, this.#zoom, this.#overview.root, this.#stage.root, this.#legend, this.#note);
    this.#listen();
    this.#width = root.clientWidth;
    this.#resized = new ResizeObserver(() => {
      const width = root.clientWidth;
      if (width === this.#width) return;
      this.#width = width;
      if (this.#frame) this.draw(this.#frame);
    });
    this.#resized.observe(root);
  }

  draw(frame: PageFrame, exact = false): void {
    this.#frame = frame;
    if (this.#width === 0) return;
    const { series, moment } = frame;
    const painted = this.#painted?.series === series ? this.#painted.length : -1;
    const length = exact ? frame.length : paintedLength(painted, frame.length, moment.index);
    const left = this.#width < 480 ? 72 : 104;
    const room = Math.floor((this.#width - left) * DENSE);
    const fits = length + 1 <= room;
    const whole = { from: 0, to: length + 1 };
    const window = fits || !this.#near ? whole : windowAround(moment.index, length + 1, Math.floor(room / 4));
    const key = `${window.from} ${window.to}`;
    if (this.#painted?.series !== series || this.#painted.length !== length || this.#painted.window !== key) {
      this.#rows = rowsIn(series, window);
      this.#painted = { series, length, window: key };
    }
    this.#window = window;
    this.#show(this.#zoom, !fits);
    this.#show(this.#overview.root, !fits);
    this.#paint(frame, left, length);
    if (!fits) {
      this.#overview.size(left, this.#width, OVERVIEW);
      this.#overview.show(whole, moment.index, key, (sheet) => paintOverview(sheet, series, window, this.#ink));
    }
    this.#tell(frame);
  }

  #paint(frame: PageFrame, left: number, length: number): void {
    const { series, moment, chosen } = frame;
    const lanes = lanesOf(this.#rows.length);
    const [named, drawn] = [lanes.row >= NAMED, lanes.row >= DRAWN];
    this.#stage.size(left, this.#width, lanes.height);
    const { budget } = moment.state.config;
    this.#stage.show(this.#window, moment.index, `${length} ${budget} ${named ? chosen : ''}`, (sheet) =>
      paintTimeline(sheet, {
        ink: this.#ink,
        series,
        rows: this.#rows,
        lanes,
        budget,
        chosen,
        // A request that arrives later has a name only in the last state.
        nameOf: (id) =>
          requestOf(frame, id)?.name ?? (id < frame.end.requests.length ? frame.end.requests.at(id).name : ''),
        colourOf: (id) => this.#tone(id).strong,
        words: {
          budget: this.#words.budget(budget),
          tokens: this.#words.tokenLane,
          moment: this.#words.moments,
          requests: this.#words.requests(this.#rows.length),
        },
      }),
    );
    if (this.#note.hidden !== drawn) {
      this.#note.hidden = drawn;
      this.#legend.classList.toggle('lanes', drawn);
    }
    const place = this.#rows.indexOf(frame.selection.request ?? chosen ?? -1);
    this.#show(this.#mark, place >= 0);
    if (place < 0) return;
    this.#mark.style.setProperty('left', `${named ? 0 : left}px`);
    this.#mark.style.setProperty('transform', `translateY(${(place * lanes.row).toFixed(1)}px)`);
    this.#mark.style.setProperty('height', `${Math.max(3, lanes.row).toFixed(1)}px`);
  }

  #tell(frame: PageFrame): void {
    setText(this.#tokens, tokensText(frame, this.#env.language));
    setText(this.#crowd, crowdText(frame, this.#env.language));
    setText(this.#one, requestText(frame, this.#env.language));
  }

  /** Writes the text for screen readers once a moment rests, and paints a run that has grown to its end. */
  rest(): void {
    const frame = this.#frame;
    if (!frame) return;
    if (this.#painted && this.#painted.length !== frame.length) this.draw(frame, true);
    const { root } = this.#stage;
    root.ariaValueMax = String(frame.length);
    root.ariaValueNow = String(frame.moment.index);
    root.ariaValueText = this.#words.spoken(frame.moment.index, frame.length, requestText(frame, this.#env.language));
  }

  dispose(): void {
    this.#resized.disconnect();
  }

  #show(node: HTMLElement, shown: boolean): void {
    if (node.hidden === shown) node.hidden = !shown;
  }

  /** The request whose lane is at a point; when a pixel stands for several, one that exists at that moment. */
  #requestAt(event: PointerEvent): number | undefined {
    const { root } = this.#stage;
    const lanes = lanesOf(this.#rows.length);
    const y = event.clientY - root.getBoundingClientRect().top;
    if (y < 0 || y >= lanes.rows) return undefined;
    const place = Math.floor(y / lanes.row);
    const last = lanes.row >= 1 ? place : Math.floor((y + 1) / lanes.row);
    const series = this.#frame?.series;
    const moment = this.#stage.momentAt(event.clientX);
    const there = (id: number): boolean => {
      const status = series && statusAt(series.spans(id), moment);
      return status !== undefined && status !== 'finished';
    };
    return this.#rows.slice(place, last + 1).find(there) ?? this.#rows[place];
  }

  #listen(): void {
    const { root } = this.#stage;
    const { on } = this.#env;
    root.tabIndex = 0;
    root.role = 'slider';
    root.ariaLabel = this.#words.label;
    root.ariaDescription = this.#words.hint;
    root.ariaValueMin = '0';
    root.ariaValueMax = '0';
    root.ariaValueNow = '0';
    // The request is found before seeking, which may move the lanes; it is chosen after seeking, when the state knows
    // it.
    let pressed: number | undefined;
    root.addEventListener('pointerdown', (event) => (pressed = this.#requestAt(event)), { capture: true });
    root.addEventListener('pointerdown', (event) => {
      if (pressed !== undefined && event.button === 0 && this.#come(pressed)) on.request(pressed);
    });
    root.addEventListener('pointermove', (event) => {
      const request = this.#requestAt(event);
      if (request !== this.#frame?.selection.request && event.buttons === 0)
        on.hover(request === undefined || !this.#come(request) ? undefined : { request });
    });
    root.addEventListener('pointerleave', () => on.hover(undefined));
    root.addEventListener('keydown', (event) => this.#key(event));
  }

  /** Whether the state on screen has this request. */
  #come(request: number): boolean {
    return this.#frame !== undefined && request < this.#frame.moment.state.requests.length;
  }

  #key(event: KeyboardEvent): void {
    const frame = this.#frame;
    if (!frame || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const { index } = frame.moment;
    const far = Math.max(1, Math.round((this.#window.to - this.#window.from) / 10));
    const to = {
      ArrowLeft: index - 1,
      ArrowRight: index + 1,
      PageUp: index + far,
      PageDown: index - far,
      Home: 0,
      End: frame.length,
    }[event.key];
    if (to !== undefined) this.#env.on.seek(Math.max(0, Math.min(frame.length, to)));
    else if (event.key === 'ArrowUp' || event.key === 'ArrowDown')
      this.#choose(frame, event.key === 'ArrowUp' ? -1 : 1);
    else return;
    event.preventDefault();
  }

  #choose(frame: PageFrame, by: number): void {
    const known = this.#rows.filter((id) => this.#come(id));
    const at = known.indexOf(frame.chosen ?? -1);
    const next = known[at < 0 ? 0 : Math.max(0, Math.min(known.length - 1, at + by))];
    if (next === undefined || next === frame.chosen) return;
    // After a step the pointer may be over another lane, so it no longer says which request is looked at.
    this.#env.on.hover(undefined);
    this.#env.on.request(next);
  }

  #zoomButtons(): void {
    this.#zoom.role = 'group';
    this.#zoom.ariaLabel = this.#words.zoom;
    const button = (near: boolean, text: string): HTMLButtonElement => {
      const made = element('button', near ? 'near' : 'whole', text);
      made.type = 'button';
      made.ariaPressed = String(near === this.#near);
      made.addEventListener('click', () => {
        this.#near = near;
        for (const one of this.#zoom.children) one.ariaPressed = String(one === made);
        if (this.#frame) this.draw(this.#frame);
      });
      return made;
    };
    this.#zoom.append(button(true, this.#words.near), button(false, this.#words.whole));
  }

  #keys(): void {
    for (const status of SHOWN) {
      const item = element('li', '');
      item.append(element('i', `key ${status}`), statusWords[status][this.#env.language]);
      this.#legend.append(item);
    }
    this.#note.textContent = this.#words.many;
  }
}
