// Block tables: the physical block of each logical block of the chosen request, who shares it, and the slot of a token
// in numbers.
import { speak, type Language, type Widened } from '../../../words';
import { element } from '../../../ui/dom/element';
import { markCss, mountMarks } from '../../../ui/dom/mark';
import { Board } from '../shared/board';
import { factsOf, selectedBlocks, requestAt } from '../shared/facts';
import { poolInk, type PoolInk } from '../shared/ink';
import { markRules } from '../shared/descriptions';
import css from './tables.css?inline';
import { tableWords } from './tables.words';
import { RequestChips } from './chips';
import { lookedUp, slotFormula, type TablesModel, tablesOf } from './model';
import { leastWidth, paintTables, tablesLayout } from './paint';
import type { MountedPageView, PageFrame, PageView, PageViewEnv } from '../view';
import { setText } from '../../../ui/dom/text';

export const pageTables: PageView = {
  id: 'tables',
  title: tableWords.title,
  css: markCss + css,
  describe,
  mount: (host, env) => new Tables(host, env),
};

const MOST_SHARERS = 2;

class Tables implements MountedPageView {
  readonly #env: PageViewEnv;
  readonly #words: Widened<typeof tableWords>;
  readonly #root = element('div', 'view-tables');
  readonly #chips: RequestChips;
  readonly #board: Board;
  readonly #empty = element('p', 'empty muted');
  readonly #formula = element('p', 'formula num');
  readonly #about = element('p', 'about');
  readonly #ink: PoolInk;
  readonly #unmark: () => void;
  #frame: PageFrame | undefined;
  #key = '';

  constructor(host: HTMLElement, env: PageViewEnv) {
    this.#env = env;
    const words = (this.#words = speak(tableWords, env.language));
    host.append(this.#root);
    this.#ink = poolInk(this.#root, env);
    this.#chips = new RequestChips(this.#root, words, this.#ink, env.on);
    const lookup = element('div', 'lookup');
    lookup.append(this.#about, this.#formula);
    this.#root.append(lookup, this.#empty);
    this.#board = new Board(this.#root, {
      label: words.label,
      on: env.on,
      focus: this.#ink.focus,
      say: (cell) => this.#say(cell.selection()),
      resized: () => this.#frame && this.draw(this.#frame),
    });
    this.#unmark = mountMarks(this.#root);
  }

  draw(frame: PageFrame): void {
    this.#frame = frame;
    const { state } = frame.moment;
    const words = this.#words;
    this.#chips.draw(state, frame.chosen, frame.followed);
    const request = requestAt(state, frame.chosen);
    const status = request && request.table.length === 0 ? words.waits(request.name, words.status(request.status)) : '';
    setText(this.#empty, request ? status : words.none);
    const room = Math.max(1, Math.floor((this.#board.width - 2) / leastWidth(state.config.blocks)));
    this.#picture(tablesOf(frame, room, MOST_SHARERS));
    this.#lookUp(frame);
    this.#ringed(frame);
  }

  dispose(): void {
    this.#unmark();
    this.#board.dispose();
    this.#root.remove();
  }

  #picture(model: TablesModel): void {
    const { state, facts, chosen, sharers, physical } = model;

    const words = this.#words;
    const rowKey = ({ request, entries }: NonNullable<typeof chosen>): string =>
      `${request.id}:${entries.map(({ logical, block, before }) => `${logical}>${block}${before === block ? '' : `<${before}`}`).join()}`;
    const key = [
      chosen && rowKey(chosen),
      ...sharers.map(({ row }) => rowKey(row)),
      physical.map((id) => `${id}:${facts.owners(id, 4).join('+')}${state.blocks.at(id).refCount}`).join(),
      facts.copies.map(({ from, to }) => `${from}>${to}`).join(),
      this.#board.width,
      devicePixelRatio,
    ].join(';');
    if (key === this.#key) return;
    this.#key = key;
    const layout = tablesLayout(model, this.#board.width);
    this.#board.fit(layout.height);
    const nameOf = (id: number): string => {
      const { name, parent } = state.requests.at(id);
      return parent === undefined ? name : words.forkOf(name, requestAt(state, parent)?.name ?? String(parent));
    };
    const { logical, sharer, others } = words;
    this.#board.direct((pen) => {
      pen.clearRect(0, 0, this.#board.width, this.#board.height);
      this.#board.cells = paintTables(pen, model, layout, this.#ink, {
        logical,
        sharer,
        others,
        nameOf,
        physical: words.physical,
        copy: words.copy,
      });
    });
  }

  #ringed(frame: PageFrame): void {
    const { blocks } = selectedBlocks(frame);
    const [block] = blocks.length === 1 ? blocks : [];
    this.#board.ring(block === undefined ? undefined : ({ selection }) => selection().block === block);
  }

  /** Where K and V of one token are, step by step. */
  #lookUp(frame: PageFrame): void {
    const { language, tokenText } = this.#env;
    const words = this.#words;
    const { state } = frame.moment;
    const looked = lookedUp(frame);
    setText(
      this.#formula,
      looked
        ? (slotFormula(looked.request.table, looked.position, state.config.blockSize) ?? words.formula)
        : words.formula,
    );
    if (!looked) return setText(this.#about, words.note);
    const { request, position } = looked;
    const computed = position < request.computed && request.table.length > 0;
    const about = computed ? words.slot(position, tokenText(request.tokens.at(position) ?? 0)) : words.noSlot(position);
    setText(this.#about, `${request.name} · ${about}`);
    markRules(this.#about, state.config.rules, language);
  }

  #say({ request: id, position = 0, block = 0 }: PageFrame['selection']): string {
    const words = this.#words;
    const state = this.#frame?.moment.state;
    const request = state && requestAt(state, id);
    if (!state || !request) return String(block);
    const { blockSize } = state.config;
    const logical = Math.floor(position / blockSize);
    const physical = request.table[logical] ?? 0;
    if (physical === 0) return words.slid(request.name, logical);
    return words.entry(
      request.name,
      logical,
      physical,
      logical * blockSize,
      Math.min(request.tokens.length, (logical + 1) * blockSize) - 1,
    );
  }
}

function describe(frame: PageFrame, language: Language): string {
  const words = speak(tableWords, language);
  const { state } = frame.moment;
  const request = requestAt(state, frame.chosen);
  if (!request) return words.none;
  if (request.table.length === 0) return words.waits(request.name, words.status(request.status));
  const list = request.table.slice(0, 40).map((physical, logical) => words.arrow(logical, physical));
  const facts = factsOf(frame.moment);
  const others = new Set(request.table.flatMap((block) => (block === 0 ? [] : facts.owners(block, 8))));
  others.delete(request.id);
  const shared = [...others].map((id) => state.requests.at(id).name);
  return (
    words.describe(request.name, list.join(words.comma)) +
    (shared.length > 0 ? words.sharedWith(shared.join(words.comma)) : '')
  );
}
