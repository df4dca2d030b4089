// Hit rate, prefill saved, recompute tax, preemptions and free blocks over all moments of a run, and why a hit rate of
// 0 is 0.
import type { Series, State } from '../../../paging';
import { speak, type Language } from '../../../words';
import { setText } from '../../../ui/dom/text';
import { element } from '../../../ui/dom/element';
import { inkOf } from '../../../ui/paint/ink';
import { markCss, markText, mountMarks } from '../../../ui/dom/mark';
import type { PageFrame, PageView, PageViewEnv } from '../view';
import { binned, paintedLength } from '../shared/bins';
import { stageCss, TimeStage, type Sheet } from '../shared/time-stage';
import { whyNothingFound } from './why';
import css from './trends.css?inline';
import { trendsWords } from './trends.words';
import { whole } from '../../../ui/whole';

const INK = ['line', 'line-strong', 'ink-2', 'ok', 'sram', 'warn', 'bad', 'input', 'mono', 'panel', 'text-s'] as const;
type Ink = Record<(typeof INK)[number], string>;
type Words = ReturnType<typeof speak<typeof trendsWords>>;

interface Trend {
  readonly id: 'hit-rate' | 'saved' | 'tax' | 'preemptions' | 'free';
  readonly colour: 'ok' | 'sram' | 'warn' | 'bad' | 'input';
  /** Returns a function that reads the value at a moment; NaN when there is none. */
  values(series: Series): (index: number) => number;
  /** The upper end of its axis. */
  top(most: number, state: State): number;
  text(value: number, state: State, words: Words): string;
  /** Formats a number of its axis. */
  tick(value: number): string;
}

const percent = (x: number): string => `${(100 * x).toFixed(1)} %`;
/** 12,345 as 12k: an axis has little room. */
const short = (value: number): string =>
  value >= 1e6
    ? `${Number((value / 1e6).toPrecision(3))}M`
    : value >= 1e4
      ? `${Math.round(value / 1e3)}k`
      : whole(value);
const share = (value: number): string => `${Math.round(100 * value)} %`;
/** The upper end of the axis of a small ratio, so that it can be seen; a multiple of 5 percent. */
const ratioTop = (most: number): number => Math.min(1, Math.max(0.05, Math.ceil(most * 20) / 20));

const ratio =
  (part: 'hitTokens' | 'recomputed', of: 'asked' | 'computed') =>
  (series: Series): ((index: number) => number) => {
    const [above, below] = [series.column(part), series.column(of)];
    return (index) => (above[index] ?? NaN) / (below[index] ?? NaN);
  };

const column =
  (name: 'hitTokens' | 'preemptions' | 'freeBlocks') =>
  (series: Series): ((index: number) => number) => {
    const values = series.column(name);
    return (index) => values[index] ?? NaN;
  };

export const TRENDS: readonly Trend[] = [
  {
    id: 'hit-rate',
    colour: 'ok',
    values: ratio('hitTokens', 'asked'),
    top: ratioTop,
    text: (value, _, words) => (Number.isNaN(value) ? words.none : percent(value)),
    tick: share,
  },
  {
    id: 'saved',
    colour: 'sram',
    values: column('hitTokens'),
    top: (most) => Math.max(1, most),
    text: whole,
    tick: short,
  },
  {
    id: 'tax',
    colour: 'warn',
    values: ratio('recomputed', 'computed'),
    top: ratioTop,
    text: (value) => percent(Number.isNaN(value) ? 0 : value),
    tick: share,
  },
  {
    id: 'preemptions',
    colour: 'bad',
    values: column('preemptions'),
    top: (most) => Math.max(1, most),
    text: whole,
    tick: short,
  },
  {
    id: 'free',
    colour: 'input',
    values: column('freeBlocks'),
    top: (_, { config }) => config.blocks - 1,
    text: (value, { config }, words) => words.of(whole(value), config.blocks - 1),
    tick: short,
  },
];

const textOf = (trend: Trend, { series, moment }: PageFrame, words: Words): string =>
  trend.text(trend.values(series)(moment.index), moment.state, words);

/**
 * What lookups found and missed: those of new requests, and apart from them those of preempted requests that came back.
 */
function whyText(frame: PageFrame, language: Language): string {
  const { askedAgain, hitAgain } = frame.moment.state.counters;
  const again = askedAgain > 0 ? speak(trendsWords, language).again(hitAgain, askedAgain) : '';
  return [whyNew(frame, language), again].filter(Boolean).join(language === 'zh' ? '' : ' ');
}

/** Why nothing was found so far, or what this moment's lookups could not share. */
function whyNew({ moment: { state, events } }: PageFrame, language: Language): string {
  const words = speak(trendsWords, language);
  const why = whyNothingFound(state);
  if (why?.reason === 'short') return words.short(why.prefix, state.config.blockSize, why.suits, why.saved);
  if (why?.reason === 'absent') return (state.config.rules === 'paper' ? words.forgotten : words.absent)(why.prefix);
  if (why) return words[why.reason];
  const lookup = events.findLast((event) => event.kind === 'lookup' && event.partialTokens > 0);
  if (lookup?.kind !== 'lookup') return '';
  return words.lost(state.requests.at(lookup.request).name, lookup.hitTokens, lookup.partialTokens);
}

export const pageTrends: PageView = {
  id: 'trends',
  title: trendsWords.title,
  css: css + stageCss + markCss,
  describe(frame, language) {
    const words = speak(trendsWords, language);
    const values = TRENDS.map((trend) => words.chart(words[trend.id], textOf(trend, frame, words)));
    return words
      .describe(frame.moment.index, values.join(language === 'zh' ? '；' : '; '), whyText(frame, language))
      .trim();
  },
  mount(host, env) {
    const root = element('div', 'view-trends');
    host.append(root);
    const picture = new Trends(root, env);
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

const HEIGHT = 74;
const PAD = 8;
const LEFT = 52;

class Trends {
  readonly #env: PageViewEnv;
  readonly #words: Words;
  readonly #ink: Ink;
  readonly #charts: readonly { trend: Trend; stage: TimeStage; value: HTMLElement }[];
  readonly #why = element('p', 'why');
  readonly #resized: ResizeObserver;
  #width: number;
  #frame: PageFrame | undefined;
  #painted: { series: Series; length: number } | undefined;
  #reasoned = '';

  constructor(root: HTMLElement, env: PageViewEnv) {
    this.#env = env;
    this.#words = speak(trendsWords, env.language);
    this.#ink = inkOf(root, ...INK);
    const grid = element('div', 'charts');
    this.#charts = TRENDS.map((trend) => {
      const cell = element('section', `trend ${trend.id}`);
      const head = element('p', 'head');
      const value = element('b', 'num');
      const note = `${this.#words[`${trend.id}Note`]}${env.language === 'zh' ? '' : ' '}${this.#words.simulated}`;
      const mark = markText({ kind: 'computed', note }, env.language);
      head.dataset['mark'] = mark;
      head.tabIndex = 0;
      head.role = 'group';
      head.ariaDescription = mark;
      head.append(element('i', `key ${trend.colour}`), element('span', '', this.#words[trend.id]), value);
      const stage = new TimeStage((index) => env.on.seek(index));
      cell.append(head, stage.root);
      grid.append(cell);
      return { trend, stage, value };
    });
    root.append(grid, this.#why);
    this.#width = this.#room();
    this.#resized = new ResizeObserver(() => {
      const width = this.#room();
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
    this.#painted = { series, length };
    for (const { trend, stage, value } of this.#charts) {
      setText(value, textOf(trend, frame, this.#words));
      stage.size(LEFT, this.#width, HEIGHT);
      stage.show({ from: 0, to: length + 1 }, moment.index, '', (sheet) => this.#paint(sheet, trend, frame));
    }
    this.#reason(frame);
  }

  /** Made again when something was looked up or arrived. */
  #reason(frame: PageFrame): void {
    const { state, events } = frame.moment;
    const lookups = events.some(({ kind }) => kind === 'lookup') ? frame.moment.index : '';
    const now = `${state.counters.asked} ${state.counters.askedAgain} ${state.requests.length} ${lookups}`;
    if (now === this.#reasoned) return;
    this.#reasoned = now;
    setText(this.#why, whyText(frame, this.#env.language));
  }

  rest(): void {
    if (this.#frame && this.#painted?.length !== this.#frame.length) this.draw(this.#frame, true);
  }

  dispose(): void {
    this.#resized.disconnect();
  }

  #room(): number {
    return Math.floor(this.#charts[0]?.stage.root.clientWidth ?? 0);
  }

  #paint(sheet: Sheet, trend: Trend, { series, moment }: PageFrame): void {
    const { pen, left, width, height, window } = sheet;
    const valueAt = trend.values(series);
    const bins = Math.min(window.to - window.from, Math.floor(width - left));
    const { low, high } = binned(valueAt, window, bins);
    const top = trend.top(
      high.reduce((a, b) => (b > a ? b : a), 0),
      moment.state,
    );
    const y = (value: number): number => height - PAD - (value / top) * (height - 2 * PAD);
    const bar = (width - left) / bins;
    this.#axis(sheet, trend, top, y);
    const colour = this.#ink[trend.colour];
    pen.fillStyle = colour;
    let last = NaN;
    for (let bin = 0; bin < bins; bin++) {
      const [least, most] = [low[bin] as number, high[bin] as number];
      if (Number.isNaN(most)) continue;
      const x = left + bin * bar;
      pen.globalAlpha = 0.2;
      pen.fillRect(x, y(most), bar, y(0) - y(most));
      pen.globalAlpha = 1;
      // A line two pixels high, joined to the previous value.
      const [above, below] = Number.isNaN(last) ? [most, least] : [Math.max(most, last), Math.min(least, last)];
      pen.fillRect(x, y(above) - 1, 2, y(below) - y(above) + 2);
      pen.fillRect(x, y(most) - 1, Math.max(1, bar), 2);
      last = valueAt(
        Math.min(window.to - 1, window.from + Math.floor(((bin + 1) * (window.to - window.from)) / bins) - 1),
      );
    }
  }

  #axis({ pen, left, width }: Sheet, trend: Trend, top: number, y: (value: number) => number): void {
    const ink = this.#ink;
    pen.font = `${ink['text-s']} ${ink.mono}`;
    pen.textAlign = 'right';
    pen.textBaseline = 'middle';
    for (const value of [0, top]) {
      pen.fillStyle = ink.line;
      pen.fillRect(left, Math.round(y(value)), width - left, 1);
      pen.fillStyle = ink['ink-2'];
      pen.fillText(trend.tick(value), left - 6, y(value));
    }
  }
}
