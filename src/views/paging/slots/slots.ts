// The arrays of the last batch as an attention kernel gets them: the padded block table with its companions, and the
// same as CSR.
import { speak, type Language, type Widened } from '../../../words';
import { element } from '../../../ui/dom/element';
import { markCss, markText, mountMarks } from '../../../ui/dom/mark';
import { Board } from '../shared/board';
import { requestAt } from '../shared/facts';
import { poolInk, type PoolInk } from '../shared/ink';
import css from './slots.css?inline';
import { slotWords } from './slots.words';
import { arraysOf, inputsOf } from './model';
import { type ArrayCell, type ArrayPicture, paintArray } from './paint';
import type { MountedPageView, PageFrame, PageView, PageViewEnv } from '../view';
import { setText } from '../../../ui/dom/text';

export const pageSlots: PageView = {
  id: 'slots',
  title: slotWords.title,
  css: markCss + css,
  describe,
  mount: (host, env) => new Slots(host, env),
};

/** From this width on the two forms are shown side by side. */
const TWO_COLUMNS_FROM = 600;
const HEAD = 24;

/** An array with its position in the picture. */
interface Placed {
  readonly array: ArrayPicture;
  readonly head: string;
  readonly x: number;
  readonly top: number;
  readonly bottom: number;
  readonly width: number;
}

class Slots implements MountedPageView {
  readonly #env: PageViewEnv;
  readonly #words: Widened<typeof slotWords>;
  readonly #root = element('div', 'view-slots');
  readonly #caption = element('p', 'caption muted');
  readonly #last = element('p', 'last num');
  readonly #board: Board;
  readonly #ink: PoolInk;
  readonly #unmark: () => void;
  #frame: PageFrame | undefined;
  #key: readonly unknown[] = [];
  /** The numbers that are painted, by array, and where the arrays are. */
  readonly #painted = new Map<string, string>();
  #moved = '';

  constructor(host: HTMLElement, env: PageViewEnv) {
    this.#env = env;
    const words = (this.#words = speak(slotWords, env.language));
    host.append(this.#root);
    this.#ink = poolInk(this.#root, env);
    const mark = markText({ kind: 'computed', note: words.note }, env.language);
    this.#caption.dataset['mark'] = mark;
    this.#caption.tabIndex = 0;
    this.#caption.setAttribute('aria-description', mark);
    this.#root.append(this.#caption);
    this.#board = new Board(this.#root, {
      label: words.label,
      on: env.on,
      focus: this.#ink.focus,
      say: (cell) => this.#say(cell as ArrayCell),
      resized: () => this.#frame && this.draw(this.#frame),
    });
    this.#root.append(this.#last);
    this.#unmark = mountMarks(this.#root);
  }

  draw(frame: PageFrame): void {
    this.#frame = frame;
    const { state } = frame.moment;
    const words = this.#words;
    setText(this.#caption, captionOf(frame, this.#env.language));
    this.#arrays(frame);
    const row = state.batch.findIndex(({ request }) => request === frame.chosen);
    const request = row < 0 ? undefined : requestAt(state, frame.chosen);
    const { sequenceLengths, lastPageLength, blockSize } = inputsOf(state);
    setText(
      this.#last,
      request ? words.lastPage(request.name, sequenceLengths[row] ?? 0, blockSize, lastPageLength[row] ?? 0) : '',
    );
    this.#looked(frame);
  }

  dispose(): void {
    this.#unmark();
    this.#board.dispose();
    this.#root.remove();
  }

  #arrays({ moment: { state }, chosen }: PageFrame): void {
    const board = this.#board;
    const { width } = board;
    const key = [state.batch, chosen, width, devicePixelRatio];
    if (key.every((part, i) => part === this.#key[i])) return;
    this.#key = key;
    const words = this.#words;
    const { padded, csr } = arraysOf(state, chosen, (name) => words[name]);
    const twoColumns = width >= TWO_COLUMNS_FROM;
    const column = twoColumns ? Math.floor((width - 24) * 0.54) : width - 2;
    const rest = twoColumns ? width - column - 26 : column;
    const none = state.batch.length === 0;
    const left = none ? [] : this.#placed(padded, words.padded, 1, 0, column);
    const below = twoColumns ? 0 : (left.at(-1)?.bottom ?? 0) + 8;
    const right = none ? [] : this.#placed(csr, words.csr, twoColumns ? column + 25 : 1, below, rest);
    const placed = [...left, ...right];
    if (board.fit(Math.max(1, ...placed.map(({ bottom }) => bottom)))) this.#painted.clear();
    // Nothing is painted where nothing changed; when an array moved, all are painted again.
    const moved = placed.map(({ top, bottom }) => `${top}-${bottom}`).join();
    if (moved !== this.#moved) {
      this.#moved = moved;
      this.#painted.clear();
      board.part(0, 0, width, board.height, () => {});
    }
    board.cells = placed.flatMap((place) => this.#paint(place));
    board.show();
  }

  /** Arrays one below the other, under their heading. */
  #placed(arrays: readonly ArrayPicture[], heading: string, x: number, y: number, width: number): Placed[] {
    const words = this.#words;
    let top = y;
    return arrays.map((array, i) => {
      const head = i === 0 ? heading : '';
      const start = top;
      top += (head ? HEAD : 0) + paintArray(undefined, array, 0, 0, width, this.#ink, words).height;
      return { array, head, x, top: start, bottom: top, width };
    });
  }

  #paint({ array, head, x, top, bottom, width }: Placed): ArrayCell[] {
    const words = this.#words;
    const values = array.rows
      .map(({ label, entries }) => label + entries.map(({ value, request }) => `${value}:${request}`).join())
      .join(';');
    const ink = this.#ink;
    const from = top + (head ? HEAD : 0);
    if (this.#painted.get(array.name) === values) return paintArray(undefined, array, x, from, width, ink, words).cells;
    this.#painted.set(array.name, values);
    let cells: ArrayCell[] = [];
    this.#board.part(x, top, width + 1, bottom - top, (pen) => {
      if (head) {
        pen.font = `650 14px ${ink.font}`;
        pen.fillStyle = ink.input;
        pen.textAlign = 'left';
        pen.fillText(head, x, top + 14);
      }
      ({ cells } = paintArray(pen, array, x, from, width, ink, words));
    });
    return cells;
  }

  /** Rings around what belongs to the token or block that is pointed at. */
  #looked({ selection, moment: { state } }: PageFrame): void {
    const { blockSize } = state.config;
    const logical = selection.position === undefined ? undefined : Math.floor(selection.position / blockSize);
    const of = ({ array, entry }: ArrayCell): boolean => {
      if (entry.request < 0) return false;
      const same = entry.selection.request === selection.request;
      if (array === 'slot_mapping') return same && entry.selection.position === selection.position;
      if (array === 'block_table' || array === 'indices')
        return selection.block === undefined
          ? same && entry.selection.position === (logical ?? -1) * blockSize
          : entry.selection.block === selection.block;
      return same && selection.request !== undefined;
    };
    const nobody = selection.block === undefined && selection.request === undefined;
    this.#board.ring(nobody ? undefined : (cell) => of(cell as ArrayCell));
  }

  #say({ array, index, entry }: ArrayCell): string {
    const words = this.#words;
    const name = entry.request < 0 ? undefined : this.#frame?.moment.state.requests.at(entry.request).name;
    return (
      words.cell(array, index, entry.value) +
      (name === undefined ? (array === 'block_table' ? words.padding : '') : words.of(name))
    );
  }
}

function captionOf({ moment: { state } }: PageFrame, language: Language): string {
  const words = speak(slotWords, language);
  if (state.batch.length === 0) return words.empty;
  const queries = inputsOf(state).slotMapping.length;
  return words.caption(state.step, state.batch.length, queries, state.config.blockSize);
}

function describe(frame: PageFrame, language: Language): string {
  const words = speak(slotWords, language);
  const { state } = frame.moment;
  if (state.batch.length === 0) return words.empty;
  const { sequenceLengths, queryStarts, slotMapping, indptr, indices, lastPageLength } = inputsOf(state);
  const few = (values: Int32Array): string => values.subarray(0, 24).join(' ') + (values.length > 24 ? ' …' : '');
  const arrays = {
    seq_lens: sequenceLengths,
    query_start_loc: queryStarts,
    slot_mapping: slotMapping,
    indptr,
    indices,
    last_page_len: lastPageLength,
  };
  const list = Object.entries(arrays).map(([name, values]) => `${name} ${few(values)}`);
  return words.describe(captionOf(frame, language), `${list.join('; ')}.`);
}
