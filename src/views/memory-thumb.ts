// One matrix in a memory box: a heat-map thumbnail with its captions, the outlines of this step, and cells to point at or walk through by keys.
import type { CellRef } from '../capture/cell';
import type { Frame, Rect } from '../capture/frame-types';
import { setText as say } from './cross-titles';
import { bytes, value } from './format';
import { markText } from './mark';
import { isVector, localPart, roleSign, rowsAreQueries, valueAt, type Matrix } from './memory-matrix';
import { Painter } from './memory-paint';
import type { MemoryWords } from './memory.words';
import type { ViewEnv } from './view';

const div = (className: string, ...children: Node[]): HTMLDivElement => {
  const element = document.createElement('div');
  element.className = className;
  element.append(...children);
  return element;
};

/** Writing an attribute costs even where it says what it said. */
const hide = (element: HTMLElement, hidden: boolean): void => {
  if (element.hidden !== hidden) element.hidden = hidden;
};

const note = (element: HTMLElement, name: string, text: string): void => {
  if (element.dataset[name] !== text) element.dataset[name] = text;
};

/** Why a cell has no value. */
const missing = ({ inside }: Matrix, [row, col]: readonly [number, number], words: MemoryWords): string =>
  row >= inside.rows || col >= inside.cols ? words.padding : words.notWritten;

export class Thumb {
  readonly element: HTMLElement;
  readonly painter: Painter;
  readonly #env: ViewEnv;
  readonly #words: MemoryWords;
  readonly #picture: HTMLElement;
  readonly #marks = new Map<string, HTMLElement>();
  readonly #name = document.createElement('b');
  readonly #holds = document.createElement('span');
  readonly #size = document.createElement('span');
  readonly #bytes = document.createElement('span');
  readonly #read = document.createElement('span');
  readonly #write = document.createElement('span');
  // What has no room on the line wraps out of sight, whole: the size first, then the bytes. The tip has both.
  readonly #caption = div('caption', this.#name, this.#holds, this.#bytes, this.#size);
  readonly #row = document.createElement('span');
  readonly #number = document.createElement('span');
  #matrix: Matrix | undefined;
  #vector = false;
  #told = '';
  #chosen = 0;
  /** Where the arrow keys are, in local coordinates. */
  #at: readonly [number, number] | undefined;

  constructor(env: ViewEnv, words: MemoryWords) {
    this.#env = env;
    this.#words = words;
    this.painter = new Painter(env.theme);
    this.#holds.className = 'holds';
    this.#size.className = 'size num';
    this.#bytes.className = 'bytes';
    this.#read.className = 'chip read';
    this.#write.className = 'chip write';
    say(this.#read, words.readChip);
    say(this.#write, words.writeChip);
    this.#number.className = 'num';
    this.#picture = div('picture', this.painter.canvas);
    this.#picture.tabIndex = 0;
    this.#picture.role = 'application';
    this.#picture.ariaRoleDescription = words.matrix;
    this.element = div('thumb', div('value', this.#number, this.#row), this.#picture, div('chips', this.#read, this.#write), this.#caption);
    this.#listen();
  }

  draw(matrix: Matrix, frame: Frame, end: Float32Array | undefined): void {
    this.#matrix = matrix;
    this.#chosen = frame.gaze.row;
    this.#vector = isVector(matrix);
    this.element.classList.toggle('vector', this.#vector);
    this.element.classList.toggle('wide', matrix.cols > 16);
    this.element.classList.toggle('reads', matrix.reads !== undefined);
    this.element.classList.toggle('writes', matrix.writes !== undefined);
    note(this.element, 'key', matrix.key);
    note(this.element, 'role', matrix.role);
    this.painter.paint(matrix, this.#vector, end);
    say(this.#name, matrix.name);
    const holds = matrix.role === 'other' || matrix.role === matrix.name ? '' : `= ${roleSign(matrix.role)}`;
    say(this.#holds, holds);
    const size = `${matrix.rows}×${matrix.cols}`;
    say(this.#size, size);
    say(this.#bytes, bytes(matrix.bytes));
    this.#tell(holds ? `${matrix.name} ${holds}` : matrix.name, size, bytes(matrix.bytes));
    hide(this.#read, !matrix.reads);
    hide(this.#write, !matrix.writes);
    this.#outline(matrix, frame);
    this.#label(matrix, frame);
  }

  /** What stands on the caption, told whole in its tip. */
  #tell(...told: [name: string, size: string, bytes: string]): void {
    const key = told.join();
    if (this.#told === key) return;
    this.#told = key;
    this.#caption.dataset['mark'] = markText({ kind: 'computed', note: this.#words.holdsNote(...told) }, this.#env.language);
  }

  #outline(matrix: Matrix, frame: Frame): void {
    const { row, cell } = frame.gaze;
    const one = (r: number, c: number): Rect | undefined => localPart(matrix, { r0: r, r1: r, c0: c, c1: c });
    const queries = rowsAreQueries(matrix.role);
    const { rows, cols, inside } = matrix;
    this.#mark('padding rows', inside.rows < rows ? { r0: inside.rows, r1: rows - 1, c0: 0, c1: cols - 1 } : undefined);
    this.#mark('padding cols', inside.cols < cols ? { r0: 0, r1: rows - 1, c0: inside.cols, c1: cols - 1 } : undefined);
    this.#mark('live', matrix.live);
    this.#mark('reads', matrix.reads);
    this.#mark('writes', matrix.writes);
    this.#mark('row', queries ? localPart(matrix, { r0: row, r1: row, c0: 0, c1: Infinity }) : undefined);
    const inputs = frame.explanation?.inputs.filter((input) => input.tensor === matrix.role) ?? [];
    for (let i = 0; i < Math.max(inputs.length, 2); i++) {
      const input = inputs[i];
      this.#mark(`input i${i}`, input && localPart(matrix, input.rect));
    }
    this.#mark('cell', cell?.role === matrix.role ? one(cell.row, cell.col) : undefined);
  }

  /** Lays the outline `kind` over a local rectangle, at least 3 px wide; no rectangle hides it. */
  #mark(kind: string, rect: Rect | undefined): void {
    let mark = this.#marks.get(kind);
    if (!rect) {
      if (mark) hide(mark, true);
      return;
    }
    if (!mark) {
      mark = div(`mark ${kind}`);
      this.#marks.set(kind, mark);
      this.#picture.append(mark);
    }
    hide(mark, false);
    const where = `${rect.r0} ${rect.r1} ${rect.c0} ${rect.c1} ${this.#matrix?.rows} ${this.#matrix?.cols}`;
    if (mark.dataset['where'] === where) return;
    mark.dataset['where'] = where;
    const { rows = 1, cols = 1 } = this.#matrix ?? {};
    const across = this.#vector ? [rect.r0, rect.r1, rows] : [rect.c0, rect.c1, cols];
    const down = this.#vector ? [rect.c0, rect.c1, cols] : [rect.r0, rect.r1, rows];
    for (const [start, size, [from = 0, to = 0, count = 1]] of [
      ['left', 'width', across],
      ['top', 'height', down],
    ] as const) {
      mark.style.setProperty(start, `${((100 * from) / count).toFixed(2)}%`);
      mark.style.setProperty(size, `${((100 * (to + 1 - from)) / count).toFixed(2)}%`);
    }
  }

  /** The number of a vector's chosen row, and the words for screen readers. */
  #label(matrix: Matrix, frame: Frame): void {
    const words = this.#words;
    const { provenance } = frame;
    if (this.#vector) {
      const local = frame.gaze.row - matrix.row0;
      const inside = local >= 0 && local < matrix.rows;
      const number = valueAt(matrix, local, 0);
      say(this.#row, inside ? words.row(frame.gaze.row) : '');
      const none = local >= matrix.inside.rows ? words.padding : words.unwritten;
      say(this.#number, inside ? (number === undefined ? none : value(number)) : '');
      note(this.#number, 'mark', markText({ kind: 'captured', provenance }, this.#env.language));
    }
    const { cell } = frame.gaze;
    const here = cell?.role === matrix.role ? ([cell.row - matrix.row0, cell.col - matrix.col0] as const) : this.#at;
    const at = here && here[0] >= 0 && here[1] >= 0 && here[0] < matrix.rows && here[1] < matrix.cols ? here : undefined;
    const number = at && valueAt(matrix, ...at);
    const text = words.matrixLabel(
      matrix.name,
      roleSign(matrix.role),
      `${matrix.rows}×${matrix.cols}`,
      matrix.reads !== undefined,
      matrix.writes !== undefined,
      at && words.cellText(matrix.row0 + at[0], matrix.col0 + at[1], number === undefined ? missing(matrix, at, words) : value(number)),
    );
    if (this.#picture.ariaLabel !== text) this.#picture.ariaLabel = text;
  }

  #listen(): void {
    const { on } = this.#env;
    let last = '';
    const point = (event: PointerEvent): CellRef | undefined => {
      const matrix = this.#matrix;
      if (!matrix) return undefined;
      const box = this.#picture.getBoundingClientRect();
      const x = (event.clientX - box.left) / box.width;
      const y = (event.clientY - box.top) / box.height;
      const [row, col] = this.#vector ? [x * matrix.rows, 0] : [y * matrix.rows, x * matrix.cols];
      const clamp = (n: number, count: number): number => Math.max(0, Math.min(count - 1, Math.floor(n)));
      return this.#cell(clamp(row, matrix.rows), clamp(col, matrix.cols));
    };
    const leave = (): void => {
      last = '';
      on.hover(undefined);
    };
    this.#picture.addEventListener('pointermove', (event) => {
      const cell = point(event);
      const key = `${cell?.row},${cell?.col}`;
      if (key === last) return;
      last = key;
      on.hover(cell);
    });
    this.#picture.addEventListener('pointerleave', leave);
    this.#picture.addEventListener('click', (event) => {
      const cell = point(event);
      const { row0 = 0, col0 = 0 } = this.#matrix ?? {};
      if (!cell) return;
      this.#at = [cell.row - row0, cell.col - col0];
      on.pin(cell);
    });
    this.#picture.addEventListener('focus', () => {
      if (this.#picture.matches(':focus-visible')) this.#go(0, 0);
    });
    this.#picture.addEventListener('blur', leave);
    this.#picture.addEventListener('keydown', (event) => this.#key(event));
  }

  /** Arrow keys walk by a cell, Home and End to the row's ends, Enter pins. Nothing of it reaches the transport. */
  #key(event: KeyboardEvent): void {
    const far = event.key === 'Home' ? -1e9 : event.key === 'End' ? 1e9 : 0;
    const steps: Record<string, readonly [number, number]> = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: this.#vector ? [-1, 0] : [0, -1],
      ArrowRight: this.#vector ? [1, 0] : [0, 1],
      Home: this.#vector ? [far, 0] : [0, far],
      End: this.#vector ? [far, 0] : [0, far],
    };
    const step = steps[event.key];
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || (!step && event.key !== 'Enter')) return;
    event.preventDefault();
    event.stopPropagation();
    if (step) this.#go(...step);
    else if (this.#at) this.#env.on.pin(this.#cell(...this.#at));
  }

  #go(down: number, across: number): void {
    const matrix = this.#matrix;
    if (!matrix) return;
    const clamp = (n: number, count: number): number => Math.max(0, Math.min(count - 1, n));
    // The keys begin at the chosen row, where the matrix has it.
    const chosen = rowsAreQueries(matrix.role) ? this.#chosen - matrix.row0 : 0;
    const [row, col] = this.#at ?? [chosen >= 0 && chosen < matrix.rows ? chosen : 0, 0];
    this.#at = [clamp(row + down, matrix.rows), clamp(col + across, matrix.cols)];
    this.#env.on.hover(this.#cell(...this.#at));
  }

  #cell(row: number, col: number): CellRef {
    const { role = 'other', row0 = 0, col0 = 0 } = this.#matrix ?? {};
    return { role, row: row0 + row, col: col0 + col };
  }
}
