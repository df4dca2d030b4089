// A canvas whose parts can be pointed at and reached by keys; the views of the pool share it. Parts are painted on a
// canvas outside the document (the plate), so that their text does not make the browser compute styles, and are then
// copied. What changes often is drawn on a second canvas above.
import { sizeCanvas } from '../../../ui/paint/ink';
import type { PageEvents, PageSelection } from '../view';

/** A cell of the picture, in CSS pixels. Later cells lie over earlier ones. */
export interface Cell {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  /** What is looked at when this cell is pointed at. */
  readonly selection: () => PageSelection;
  /** When it is a slot: its number in the pool. */
  readonly slot?: number;
  /** When it is a block of the CPU pool: its number. */
  readonly cpu?: number;
}

export interface BoardOptions {
  /** The label for screen readers. */
  label: string;
  on: PageEvents;
  /** One cell in words; called when it gets the focus. */
  say(cell: Cell): string;
  /** The width changed: everything must be painted again. */
  resized(): void;
  /** The colour of the focus ring. */
  focus: string;
}

/** The canvas context that parts are painted with, in CSS pixels of the whole picture. */
export type Pen = OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D;

/** With more parts than this they are copied as one. */
const MOST_PARTS = 24;

const DIRECTIONS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The next cell in a direction: the nearest one ahead; sideways distance counts more. */
export function neighbourOf(cells: readonly Cell[], from: number, [dx, dy]: readonly [number, number]): number {
  const here = cells[from];
  if (!here) return cells.length > 0 ? 0 : -1;
  const centre = (cell: Cell): readonly [number, number] => [cell.x + cell.w / 2, cell.y + cell.h / 2];
  const [x, y] = centre(here);
  let best = from;
  let least = Infinity;
  for (const [i, cell] of cells.entries()) {
    const [cx, cy] = centre(cell);
    const ahead = (cx - x) * dx + (cy - y) * dy;
    const aside = Math.abs((cx - x) * dy) + Math.abs((cy - y) * dx);
    if (ahead < 1 || aside > 4 * ahead + 1) continue;
    const cost = ahead + 3 * aside;
    if (cost < least) [best, least] = [i, cost];
  }
  return best;
}

export class Board {
  readonly root = document.createElement('div');
  readonly canvas = document.createElement('canvas');
  /** The cells, in reading order. */
  cells: readonly Cell[] = [];
  height = 0;
  readonly #context = this.canvas.getContext('2d');
  readonly #above = document.createElement('canvas');
  readonly #aboveContext = this.#above.getContext('2d');
  readonly #plate = new OffscreenCanvas(1, 1);
  readonly #pen = this.#plate.getContext('2d');
  /** Parts of the plate that are not copied to the page yet: left, top, width and height in device pixels. */
  #fresh: (readonly [number, number, number, number])[] = [];
  /** Part of the picture was painted without the plate, so the plate must not be copied over it. */
  #mixed = false;
  readonly #speech = document.createElement('span');
  readonly #options: BoardOptions;
  readonly #observer: ResizeObserver;
  #width: number;
  #density = 0;
  #drawn = 0;
  #at = 0;
  #focused = false;
  #pointed = -1;
  #over: ((pen: CanvasRenderingContext2D) => void) | undefined;
  #overKey = '';

  constructor(host: HTMLElement, options: BoardOptions) {
    this.#options = options;
    const { root, canvas } = this;
    root.className = 'board';
    root.tabIndex = 0;
    root.role = 'application';
    root.ariaLabel = options.label;
    canvas.ariaHidden = 'true';
    this.#above.className = 'above';
    this.#above.ariaHidden = 'true';
    this.#speech.className = 'sr-only';
    this.#speech.ariaLive = 'polite';
    root.append(canvas, this.#above, this.#speech);
    host.append(root);
    this.#width = Math.floor(root.clientWidth);
    this.#observer = new ResizeObserver(() => this.#resize());
    this.#observer.observe(root);
    this.#listen();
  }

  get width(): number {
    return this.#width;
  }

  /**
   * Sets the height; returns true when everything must be painted again. The height never shrinks while the width
   * stays, so that nothing below moves. `exactly`: it may shrink, and everything is painted again.
   */
  fit(least: number, exactly = false): boolean {
    const density = devicePixelRatio || 1;
    const height = this.#width === this.#drawn && !exactly ? Math.max(least, this.height) : least;
    if (!exactly && height === this.height && density === this.#density && this.#width === this.#drawn) return false;
    this.height = height;
    this.#density = density;
    this.#drawn = this.#width;
    for (const canvas of [this.canvas, this.#above]) sizeCanvas(canvas, this.#width, height);
    this.#plate.width = this.canvas.width;
    this.#plate.height = this.canvas.height;
    this.#fresh = [];
    this.#mixed = false;
    this.#overKey = '';
    return true;
  }

  /** Paints a part of the picture again; `show` makes it visible. `paint` must stay inside the part. */
  part(x: number, y: number, w: number, h: number, paint: (pen: Pen) => void): void {
    const density = this.#density;
    const pen = this.#pen;
    const [left, top] = [Math.floor(x * density), Math.floor(y * density)];
    const [wide, high] = [Math.ceil((x + w) * density) - left, Math.ceil((y + h) * density) - top];
    if (wide <= 0 || high <= 0 || !pen) return;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(left, top, wide, high);
    pen.setTransform(density, 0, 0, density, 0, 0);
    paint(pen);
    this.#fresh.push([left, top, wide, high]);
  }

  /**
   * Copies the painted parts to the page, all at once: a plate that is painted on after it was copied from is copied
   * again by the browser.
   */
  show(): void {
    const context = this.#context;
    const { width, height } = this.#plate;
    if (this.#fresh.length === 0 || !context || width * height === 0) return;
    const parts = this.#fresh.length > MOST_PARTS && !this.#mixed ? [[0, 0, width, height] as const] : this.#fresh;
    context.setTransform(1, 0, 0, 1, 0, 0);
    for (const [x, y, w, h] of parts) {
      context.clearRect(x, y, w, h);
      context.drawImage(this.#plate, x, y, w, h, x, y, w, h);
    }
    context.setTransform(this.#density, 0, 0, this.#density, 0, 0);
    this.#fresh = [];
  }

  /**
   * Paints straight into the picture: for shapes without text, or when everything is painted and copying would cost
   * more than the styles.
   */
  direct(paint: (pen: Pen) => void): void {
    this.#mixed = true;
    if (this.#context) paint(this.#context);
  }

  /** Sets what is drawn over the picture; no text. `key` says whether it changed. */
  over(key: string, paint: (pen: CanvasRenderingContext2D) => void): void {
    this.#over = paint;
    // The focus ring follows its cell.
    if (key === this.#overKey && !this.#focused) return;
    this.#overKey = key;
    this.#paintOver();
  }

  /**
   * Draws rings around the cells that `looked` picks; without it around none. Costs nothing while nothing is pointed
   * at.
   */
  ring(looked: ((cell: Cell) => boolean) | undefined): void {
    const cells = looked ? this.cells.filter(looked) : [];
    this.over(cells.map(({ x, y, w, h }) => `${x},${y},${w},${h}`).join(';'), (pen) => {
      pen.strokeStyle = this.#options.focus;
      pen.lineWidth = 2;
      for (const { x, y, w, h } of cells) pen.strokeRect(x - 1, y - 1, w + 2, h + 2);
    });
  }

  #paintOver(): void {
    const context = this.#aboveContext;
    if (!context) return;
    context.clearRect(0, 0, this.#width, this.height);
    this.#over?.(context);
    const cell = this.#focused ? this.cells[this.#at] : undefined;
    if (!cell) return;
    context.strokeStyle = this.#options.focus;
    context.lineWidth = 2;
    context.strokeRect(cell.x - 1, cell.y - 1, cell.w + 2, cell.h + 2);
  }

  dispose(): void {
    this.#observer.disconnect();
    this.root.remove();
  }

  #resize(): void {
    const width = Math.floor(this.root.clientWidth);
    // A hidden board keeps its picture.
    if (width === 0 || width === this.#width) return;
    this.#width = width;
    this.#options.resized();
  }

  #listen(): void {
    const { root, canvas } = this;
    const { on } = this.#options;
    const cellAt = (event: PointerEvent | MouseEvent): number =>
      this.cells.findLastIndex(
        ({ x, y, w, h }) => event.offsetX >= x && event.offsetX < x + w && event.offsetY >= y && event.offsetY < y + h,
      );
    canvas.addEventListener('pointermove', (event) => {
      const found = cellAt(event);
      if (found === this.#pointed) return;
      this.#pointed = found;
      on.hover(this.cells[found]?.selection());
    });
    canvas.addEventListener('pointerleave', () => {
      if (this.#pointed >= 0) on.hover(undefined);
      this.#pointed = -1;
    });
    canvas.addEventListener('click', (event) => {
      const found = cellAt(event);
      const cell = this.cells[found];
      if (!cell) return;
      this.#at = found;
      on.pin(cell.selection());
    });
    root.addEventListener('focus', () => {
      this.#focused = root.matches(':focus-visible');
      if (this.#focused) this.#goTo(Math.min(this.#at, this.cells.length - 1));
    });
    root.addEventListener('blur', () => {
      if (this.#focused) on.hover(undefined);
      this.#focused = false;
      this.#paintOver();
    });
    root.addEventListener('keydown', (event) => this.#key(event));
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const direction = DIRECTIONS[event.key];
    const cell = this.cells[this.#at];
    if (direction) this.#goTo(neighbourOf(this.cells, this.#at, direction));
    else if (event.key === 'Home') this.#goTo(0);
    else if (event.key === 'End') this.#goTo(this.cells.length - 1);
    else if (event.key === 'Enter' && cell) this.#options.on.pin(cell.selection());
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #goTo(index: number): void {
    const cell = this.cells[index];
    if (!cell) return;
    this.#at = index;
    this.#focused = true;
    this.#speech.textContent = this.#options.say(cell);
    this.#options.on.hover(cell.selection());
    this.#paintOver();
  }
}
