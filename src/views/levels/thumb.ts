// One matrix in a memory box: a heat-map thumbnail with its captions, the outlines of this step, and cells to point at
// or walk through by keys.
import { signOf } from '../../ops/rules';
import type { CellRef } from '../../frame/cell';
import type { Frame } from '../../frame/frame-types';
import { setText as say } from '../../ui/dom/text';
import { bytes, value } from '../../ui/format';
import { markText } from '../../ui/dom/mark';
import { isVector, rowsAreQueries, valueAt, type Matrix } from '../shared/matrix';
import { outlinesOf, Overlay, type OverlayInk } from './outlines';
import { Painter } from '../shared/level-paint';
import type { MemoryWords } from '../shared/levels.words';
import type { ViewEnv } from '../view';

const div = (className: string, ...children: Node[]): HTMLDivElement => {
  const element = document.createElement('div');
  element.className = className;
  element.append(...children);
  return element;
};

/** Writing an attribute costs even where it says what it said. */
const note = (element: HTMLElement, name: string, text: string): void => {
  if (element.dataset[name] !== text) element.dataset[name] = text;
};

/** Why a cell has no value. */
const missing = ({ inside }: Matrix, [row, col]: readonly [number, number], words: MemoryWords): string =>
  row >= inside.rows || col >= inside.cols ? words.padding : words.notWritten;

/** What an array holds, where its name does not say it. */
const held = ({ role, name }: Matrix): string => (role === 'other' || role === name ? '' : `= ${signOf(role)}`);

const sizeOf = ({ rows, cols }: Matrix): string => `${rows}×${cols}`;

export class Thumb {
  readonly element: HTMLElement;
  readonly painter: Painter;
  readonly #env: ViewEnv;
  readonly #words: MemoryWords;
  readonly #picture: HTMLElement;
  readonly #overlay: Overlay;
  readonly #resized: ResizeObserver;
  readonly #name = document.createElement('b');
  readonly #holds = document.createElement('span');
  readonly #size = document.createElement('span');
  readonly #bytes = document.createElement('span');
  // What has no room on the line wraps out of sight, whole: the size first, then the bytes. The tip has both.
  readonly #line = div('caption', this.#name, this.#holds, this.#bytes, this.#size);
  /** The line over a vector, where its number is painted: has the number's tip. */
  readonly #value = div('value');
  #matrix: Matrix | undefined;
  #vector = false;
  #provenance: Frame['provenance'] | undefined;
  #frame: Frame | undefined;
  #told = '';
  #captioned = '';
  #chosen = 0;
  /** Where the arrow keys are, in local coordinates. */
  #at: readonly [number, number] | undefined;

  constructor(env: ViewEnv, words: MemoryWords, ink: OverlayInk) {
    this.#env = env;
    this.#words = words;
    this.painter = new Painter(env.theme);
    this.#overlay = new Overlay(ink);
    this.#holds.className = 'holds';
    this.#size.className = 'size num';
    this.#bytes.className = 'bytes';
    this.#picture = div('picture', this.painter.canvas, this.#overlay.canvas);
    this.#picture.tabIndex = 0;
    this.#picture.role = 'application';
    this.#picture.ariaRoleDescription = words.matrix;
    this.element = div('thumb', this.#value, this.#picture, div('under', this.#line));
    this.#resized = new ResizeObserver((entries) => {
      const box = entries.at(-1)?.contentRect;
      if (!box) return;
      this.#overlay.size(box.width, box.height, this.#vector);
    });
    this.#resized.observe(this.#picture);
    this.#listen();
  }

  draw(matrix: Matrix, frame: Frame, end: Float32Array | undefined): void {
    this.#matrix = matrix;
    this.#frame = frame;
    this.#chosen = frame.selection.row;
    this.#caption(matrix);
    this.painter.paint(matrix, this.#vector, end);
    const number = this.#vector ? this.#numberOf(matrix, frame) : undefined;
    this.#overlay.show({
      outlines: outlinesOf(matrix, frame, this.#vector),
      chips: this.#chips(matrix),
      value: number,
    });
    if (frame.selection.cell && document.hasFocus() && this.#picture.matches(':focus')) this.rest();
  }

  /** What it is, in classes and words: asking the page what stands there costs more than remembering it. */
  #caption(matrix: Matrix): void {
    const { key, role, name, rows, cols, bytes: size } = matrix;
    const now = `${key} ${role} ${name} ${rows} ${cols} ${size}`;
    if (now === this.#captioned) return;
    this.#captioned = now;
    this.#vector = isVector(matrix);
    this.element.classList.toggle('vector', this.#vector);
    this.element.classList.toggle('wide', cols > 16);
    note(this.element, 'key', key);
    note(this.element, 'role', role);
    say(this.#name, name);
    say(this.#holds, held(matrix));
    say(this.#size, sizeOf(matrix));
    say(this.#bytes, bytes(size));
  }

  /** Names the picture for screen readers and tips as it stands. */
  rest(): void {
    if (!this.#matrix || !this.#frame) return;
    this.#label(this.#matrix, this.#frame);
    this.#tell(this.#matrix);
  }

  dispose(): void {
    this.#resized.disconnect();
  }

  #chips({ reads, writes }: Matrix): { kind: 'reads' | 'writes'; letter: string }[] {
    const { readChip, writeChip } = this.#words;
    return [
      ...(reads ? [{ kind: 'reads' as const, letter: readChip }] : []),
      ...(writes ? [{ kind: 'writes' as const, letter: writeChip }] : []),
    ];
  }

  /** What stands on the caption, told whole in its tip. */
  #tell(matrix: Matrix): void {
    const told = [`${matrix.name} ${held(matrix)}`.trim(), sizeOf(matrix), bytes(matrix.bytes)] as const;
    const key = told.join();
    if (this.#told === key) return;
    this.#told = key;
    this.#line.dataset['mark'] = markText(
      { kind: 'computed', note: this.#words.holdsNote(...told) },
      this.#env.language,
    );
  }

  /** The number of a vector's chosen row, where it has that row. */
  #numberOf(matrix: Matrix, { selection }: Frame): { number: string; row: string } | undefined {
    const words = this.#words;
    const local = selection.row - matrix.row0;
    if (local < 0 || local >= matrix.rows) return undefined;
    const number = valueAt(matrix, local, 0);
    const none = local >= matrix.inside.rows ? words.padding : words.unwritten;
    return { number: number === undefined ? none : value(number), row: words.row(selection.row) };
  }

  #label(matrix: Matrix, frame: Frame): void {
    const words = this.#words;
    const { cell } = frame.selection;
    const pointed = cell?.role === matrix.role ? ([cell.row - matrix.row0, cell.col - matrix.col0] as const) : this.#at;
    const here = pointed ?? (this.#vector ? ([frame.selection.row - matrix.row0, 0] as const) : undefined);
    const at =
      here && here[0] >= 0 && here[1] >= 0 && here[0] < matrix.rows && here[1] < matrix.cols ? here : undefined;
    const number = at && valueAt(matrix, ...at);
    const text = words.matrixLabel(
      matrix.name,
      signOf(matrix.role),
      sizeOf(matrix),
      matrix.reads !== undefined,
      matrix.writes !== undefined,
      at &&
        words.cellText(
          matrix.row0 + at[0],
          matrix.col0 + at[1],
          number === undefined ? missing(matrix, at, words) : value(number),
        ),
    );
    if (this.#picture.ariaLabel !== text) this.#picture.ariaLabel = text;
    if (this.#vector && this.#provenance !== frame.provenance)
      note(this.#value, 'mark', markText({ kind: 'captured', provenance: frame.provenance }, this.#env.language));
    this.#provenance = frame.provenance;
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
    const chosen = rowsAreQueries(matrix) ? this.#chosen - matrix.row0 : 0;
    const [row, col] = this.#at ?? [chosen >= 0 && chosen < matrix.rows ? chosen : 0, 0];
    this.#at = [clamp(row + down, matrix.rows), clamp(col + across, matrix.cols)];
    this.#env.on.hover(this.#cell(...this.#at));
  }

  #cell(row: number, col: number): CellRef {
    const { role = 'other', row0 = 0, col0 = 0 } = this.#matrix ?? {};
    return { role, row: row0 + row, col: col0 + col };
  }
}
