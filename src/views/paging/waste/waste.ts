// Waste: the use of the pool's slots, compared with contiguous memory for the same requests, and with the paper's own
// columns as printed.
import {
  CONTIGUOUS_POLICIES,
  type Contiguous,
  contiguousWaste,
  pagedWaste,
  PAPER_COLUMNS,
  type PaperColumn,
  type State,
  type Waste,
} from '../../../paging';
import { speak, type Language } from '../../../words';
import { setText } from '../../../ui/dom/text';
import { element } from '../../../ui/dom/element';
import { markCss, markText, mountMarks } from '../../../ui/dom/mark';
import type { PageFrame, PageView, PageViewEnv } from '../view';
import { Bar, barInk, PARTS, type BarInk, type Part, type Share } from './bar';
import css from './waste.css?inline';
import { paperNames, policyWords, wasteWords } from './waste.words';
import { whole } from '../../../ui/whole';

type Words = ReturnType<typeof speak<typeof wasteWords>>;
type Unit = 'percent' | 'slots';

const NOTHING: Share = { token: 0, reserved: 0, internal: 0, external: 0, free: 0, cached: 0 };

/** A row of the comparison: its waste, and how many requests it serves. */
interface Served {
  readonly name: string;
  readonly waste: Waste;
  readonly running: number;
  readonly finished: number;
  readonly refused: number;
}

/** Paged memory first, then contiguous memory in the order of its policies. */
function servedIn(
  { state, contiguous }: Pick<PageFrame['moment'], 'state' | 'contiguous'>,
  language: Language,
): Served[] {
  const words = speak(wasteWords, language);
  const paged: Served = {
    name: words.paged,
    waste: pagedWaste(state),
    running: state.running.length,
    finished: state.counters.finished,
    refused: 0,
  };
  return [paged, ...contiguous.map((memory) => servedContiguous(memory, language))];
}

const servedContiguous = (memory: Contiguous, language: Language): Served => ({
  name: policyWords[memory.policy][language],
  waste: contiguousWaste(memory),
  running: memory.runs.length,
  finished: memory.finished,
  refused: memory.refused,
});

const percent = (part: number, all: number): string => `${((100 * part) / all).toFixed(1)} %`;

export const pageWaste: PageView = {
  id: 'waste',
  title: wasteWords.title,
  css: css + markCss,
  describe({ moment, series }, language) {
    const words = speak(wasteWords, language);
    const [comma, stop] = language === 'zh' ? ['，', '；'] : [', ', '; '];
    const mean = series.meanWaste(moment.index);
    const [average] = mean?.wastes ?? [];
    const so = mean && average ? words.meanSaid(percent(average.token, average.slots), mean.steps) : '';
    const rows = servedIn(moment, language).map(({ name, waste }) =>
      words.bar(name, PARTS.map((part) => `${words[part]} ${percent(waste[part], waste.slots)}`).join(comma)),
    );
    return words.describe((moment.state.config.blocks - 1) * moment.state.config.blockSize, rows.join(stop)) + so;
  },
  mount(host, env) {
    const root = element('div', 'view-waste');
    host.append(root);
    const picture = new WasteBars(root, env);
    const unmark = mountMarks(root);
    return {
      draw: (frame) => picture.draw(frame),
      dispose() {
        picture.dispose();
        unmark();
        root.remove();
      },
    };
  },
};

/** One bar with its name, the requests it serves, and its numbers. */
interface Row {
  readonly body: HTMLElement;
  readonly bar: Bar;
  readonly name: HTMLElement;
  readonly crowd: HTMLElement;
  readonly cells: readonly HTMLElement[];
}

function makeRow(ink: BarInk): Row {
  const body = element('tbody', '');
  const head = element('th', '');
  head.colSpan = PARTS.length;
  head.scope = 'rowgroup';
  const [name, crowd] = [element('span', 'name'), element('span', 'crowd')];
  const bar = new Bar(ink);
  const line = element('div', 'line');
  line.append(name, crowd);
  head.append(line, bar.canvas);
  const cells = PARTS.map((part) => element('td', `num ${part}`));
  const [first, second] = [element('tr', ''), element('tr', '')];
  first.append(head);
  second.append(...cells);
  body.append(first, second);
  return { body, bar, name, crowd, cells };
}

class WasteBars {
  readonly #env: PageViewEnv;
  readonly #words: Words;
  readonly #pool = element('span', 'crowd');
  readonly #poolBar: HTMLElement;
  readonly #rows: readonly Row[];
  readonly #means: readonly Row[];
  readonly #steps = element('p', 'muted');
  readonly #paper: readonly { row: Row; column: PaperColumn }[];
  readonly #resized: ResizeObserver;
  #unit: Unit = 'percent';
  #width: number;
  #frame: PageFrame | undefined;
  #drawn: { state: State; contiguous: readonly Contiguous[] } | undefined;

  constructor(root: HTMLElement, env: PageViewEnv) {
    this.#env = env;
    this.#words = speak(wasteWords, env.language);
    const ink = barInk(root);
    const rows = (): Row[] =>
      ['paged', ...CONTIGUOUS_POLICIES].map((id) => {
        const row = makeRow(ink);
        row.body.classList.add(id);
        return row;
      });
    this.#rows = rows();
    this.#means = rows();
    this.#paper = PAPER_COLUMNS.toReversed().map((column) => ({ row: makeRow(ink), column }));
    this.#poolBar = element('i', 'pool-bar');
    const [ours, mean, paper] = [element('div', 'ours'), this.#meanPart(), this.#paperPart()];
    ours.append(this.#poolPart(), this.#insidePart());
    const body = element('div', 'body');
    body.append(ours, mean, paper);
    root.append(body);
    this.#width = ours.clientWidth;
    this.#resized = new ResizeObserver(() => {
      if (ours.clientWidth === this.#width) return;
      this.#width = ours.clientWidth;
      if (this.#frame) this.#redraw(this.#frame);
    });
    this.#resized.observe(ours);
    this.#drawPaper();
  }

  draw(frame: PageFrame): void {
    this.#frame = frame;
    const { state, contiguous } = frame.moment;
    if (this.#width === 0 || (this.#drawn?.state === state && this.#drawn.contiguous === contiguous)) return;
    this.#drawn = { state, contiguous };
    const { blocks, blockSize } = state.config;
    setText(this.#pool, this.#words.poolSlots((blocks - 1) * blockSize));
    for (const [i, served] of servedIn(frame.moment, this.#env.language).entries()) {
      const row = this.#rows[i];
      if (row) this.#drawRow(row, served);
    }
    this.#drawMeans(frame);
  }

  /** Means over the steps so far; the paper's figure shows means as well. */
  #drawMeans({ moment, series }: PageFrame): void {
    const mean = series.meanWaste(moment.index);
    const { language } = this.#env;
    const names = [this.#words.paged, ...CONTIGUOUS_POLICIES.map((policy) => policyWords[policy][language])];
    setText(this.#steps, mean ? this.#words.meanNote(mean.steps) : this.#words.noSteps);
    for (const [i, { bar, name, cells }] of this.#means.entries()) {
      const waste = mean?.wastes[i];
      setText(name, names[i] ?? '');
      bar.show(waste ?? NOTHING, waste?.slots ?? 1, this.#width);
      for (const [k, part] of PARTS.entries()) {
        const cell = cells[k];
        if (cell) setText(cell, waste ? this.#amount(waste[part], waste.slots, 1) : '–');
      }
    }
  }

  #amount(slots: number, all: number, digits: number): string {
    if (this.#unit === 'percent') return percent(slots, all);
    return digits === 0 ? whole(slots) : whole(Number(slots.toFixed(digits)));
  }

  #redraw(frame: PageFrame): void {
    this.#drawn = undefined;
    this.draw(frame);
    this.#drawPaper();
  }

  #drawRow({ bar, name, crowd, cells }: Row, { name: says, waste, running, finished, refused }: Served): void {
    setText(name, says);
    setText(crowd, this.#words.crowd(running, finished, refused));
    bar.show(waste, waste.slots, this.#width);
    for (const [i, part] of PARTS.entries()) {
      const cell = cells[i];
      if (cell) setText(cell, this.#amount(waste[part], waste.slots, 0));
    }
  }

  /** The paper does not give all parts; what it does not give is not drawn. */
  #drawPaper(): void {
    for (const { row, column } of this.#paper) {
      const given = (part: Part): number | undefined => (part === 'free' ? undefined : column[part]);
      const share = Object.fromEntries(
        [...PARTS, 'cached' as const].map((part) => [part, part === 'cached' ? 0 : (given(part) ?? 0)]),
      ) as Share;
      row.bar.show(share, 100, this.#width);
      setText(row.name, paperNames[column.id]);
      for (const [i, part] of PARTS.entries()) {
        const cell = row.cells[i];
        const value = given(part);
        if (cell) setText(cell, value === undefined ? '–' : `${value.toFixed(1)} %`);
        if (cell && value === undefined) cell.title = this.#words.notGiven;
      }
    }
  }

  dispose(): void {
    this.#resized.disconnect();
  }

  #poolPart(): HTMLElement {
    const part = element('section', 'pool');
    const line = element('div', 'line');
    line.tabIndex = 0;
    line.role = 'group';
    this.#mark(line, this.#words.poolNote);
    line.append(element('span', 'name', this.#words.pool), this.#pool);
    part.append(line, this.#poolBar);
    return part;
  }

  #insidePart(): HTMLElement {
    const part = element('section', 'inside');
    const line = element('div', 'line');
    line.append(element('h3', '', this.#words.inside), this.#units());
    const table = element('table', '');
    table.append(
      this.#head((name) => this.#words[`${name}Note`]),
      ...this.#rows.map(({ body }) => body),
    );
    part.append(line, table, element('p', 'muted', this.#words.insideNote));
    return part;
  }

  #meanPart(): HTMLElement {
    const part = element('section', 'mean');
    const title = element('h3', '', this.#words.mean);
    title.tabIndex = 0;
    title.role = 'group';
    this.#mark(title, this.#words.meanWhat);
    const table = element('table', '');
    table.append(this.#head(undefined), ...this.#means.map(({ body }) => body));
    part.append(title, this.#steps, table);
    return part;
  }

  #paperPart(): HTMLElement {
    const part = element('section', 'paper');
    const table = element('table', '');
    table.append(this.#head(undefined), ...this.#paper.map(({ row }) => row.body));
    table.dataset['mark'] = this.#words.paperMark;
    part.append(element('h3', '', this.#words.paperTitle), element('p', 'muted', this.#words.paperNote), table);
    return part;
  }

  /** The column heads are the legend. */
  #head(note: ((part: Part) => string) | undefined): HTMLElement {
    const head = element('thead', '');
    const row = element('tr', '');
    for (const part of PARTS) {
      const cell = element('th', '');
      cell.scope = 'col';
      const label = element('span', 'label');
      label.append(element('i', `key ${part}`), this.#words[part]);
      if (note) {
        label.tabIndex = 0;
        label.role = 'group';
        this.#mark(label, note(part));
      }
      cell.append(label);
      row.append(cell);
    }
    head.append(row);
    return head;
  }

  #mark(node: HTMLElement, note: string): void {
    const space = this.#env.language === 'zh' ? '' : ' ';
    const mark = markText({ kind: 'computed', note: `${note}${space}${this.#words.simulated}` }, this.#env.language);
    node.dataset['mark'] = mark;
    node.ariaDescription = mark;
  }

  #units(): HTMLElement {
    const group = element('div', 'segmented');
    group.role = 'group';
    group.ariaLabel = this.#words.unit;
    for (const unit of ['percent', 'slots'] as const) {
      const button = element('button', unit, this.#words[unit]);
      button.type = 'button';
      button.ariaPressed = String(unit === this.#unit);
      button.addEventListener('click', () => {
        this.#unit = unit;
        for (const one of group.children) one.ariaPressed = String(one === button);
        if (this.#frame) this.#redraw(this.#frame);
      });
      group.append(button);
    }
    return group;
  }
}
