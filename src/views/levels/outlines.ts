// What is laid over a thumbnail of the memory view, as one canvas: this step's reads and writes with their letters, the
// tile, the chosen row, the cell that is pointed at and its inputs, and what sticks out over N; over a vector the
// number of its chosen row. All of it is data first, so that tests can read it.
import type { Frame, Rect } from '../../frame/frame-types';
import { shortened } from '../../ui/format';
import { inkOf, sizeCanvas, stamp } from '../../ui/paint/ink';
import { Letters } from '../../ui/paint/letters';
import { localPart, rowsAreQueries, type Matrix } from '../shared/matrix';

export type OutlineKind = 'padding' | 'live' | 'reads' | 'writes' | 'row' | 'input' | 'cell';

/** An outline in parts of the picture, 0 to 1. */
export interface Outline {
  kind: OutlineKind;
  x: number;
  y: number;
  w: number;
  h: number;
}

/** What an overlay shows. */
export interface Overlaid {
  outlines: readonly Outline[];
  /** Letters in the corner: read, written in this step. */
  chips: readonly { kind: 'reads' | 'writes'; letter: string }[];
  /** Over a vector: the number of the chosen row, and which row that is. */
  value?: { number: string; row: string } | undefined;
}

const shownOn = new WeakMap<Element, Overlaid>();

/** What the overlay of a thumbnail shows. */
export const overlaidOn = (canvas: Element): Overlaid | undefined => shownOn.get(canvas);

/** The outlines of a matrix in this frame, lowest first. Vectors lie on their side. */
export function outlinesOf(matrix: Matrix, frame: Frame, turned: boolean): Outline[] {
  const { rows, cols, inside, role } = matrix;
  const { row, cell } = frame.selection;
  const found: Outline[] = [];
  const add = (kind: OutlineKind, rect: Rect | undefined): void => {
    if (!rect) return;
    const down = [rect.r0 / rows, (rect.r1 + 1 - rect.r0) / rows] as const;
    const across = [rect.c0 / cols, (rect.c1 + 1 - rect.c0) / cols] as const;
    const [[x, w], [y, h]] = turned ? [down, across] : [across, down];
    found.push({ kind, x, y, w, h });
  };
  if (inside.rows < rows) add('padding', { r0: inside.rows, r1: rows - 1, c0: 0, c1: cols - 1 });
  if (inside.cols < cols) add('padding', { r0: 0, r1: rows - 1, c0: inside.cols, c1: cols - 1 });
  add('live', matrix.live);
  add('reads', matrix.reads);
  add('writes', matrix.writes);
  if (rowsAreQueries(matrix)) add('row', localPart(matrix, { r0: row, r1: row, c0: 0, c1: Infinity }));
  for (const input of frame.explanation?.inputs ?? [])
    if (input.tensor === role) add('input', localPart(matrix, input.rect));
  if (cell?.role === role) add('cell', localPart(matrix, { r0: cell.row, r1: cell.row, c0: cell.col, c1: cell.col }));
  return found;
}

/** Around the picture, for outlines that lie outside of their cells. */
const MARGIN = 4;
/** Above the picture of a vector stands its number, with the letters at the end of the line. */
const LINE = 18;
const SMALLEST = 4;
const GAP = 6;
/** Of both letters, whether they show or not. */
const ROOM = 35;
const CHIP = { width: 14, height: 17, radius: 3 };

const INK = [
  'panel',
  'line-strong',
  'ink',
  'ink-2',
  'input',
  'input-soft',
  'live',
  'live-soft',
  'focus',
  'font',
  'mono',
  'text-s',
] as const;
export type OverlayInk = Record<(typeof INK)[number], string> & { numbers: Letters; words: Letters };

/** The colours and the faces that overlays are painted in. */
export function overlayInk(element: Element): OverlayInk {
  const ink = inkOf(element, ...INK);
  return {
    ...ink,
    numbers: new Letters(`${ink['text-s']} ${ink.mono}`, ink.ink),
    words: new Letters(`${ink['text-s']} ${ink.font}`, ink['ink-2']),
  };
}

const chips = new WeakMap<OverlayInk, Map<string, ImageBitmap>>();

/** A letter on its plate, painted once a theme. */
function chipOf(ink: OverlayInk, kind: 'reads' | 'writes', letter: string): ImageBitmap {
  const known = chips.get(ink) ?? new Map<string, ImageBitmap>();
  chips.set(ink, known);
  const made =
    known.get(kind + letter) ??
    stamp(CHIP.width, CHIP.height, (pen) => {
      pen.fillStyle = kind === 'reads' ? ink['input-soft'] : ink['live-soft'];
      pen.beginPath();
      pen.roundRect(0, 0, CHIP.width, CHIP.height, CHIP.radius);
      pen.fill();
      pen.fillStyle = kind === 'reads' ? ink.input : ink.live;
      pen.font = `700 ${ink['text-s']} ${ink.font}`;
      pen.textAlign = 'center';
      pen.fillText(letter, CHIP.width / 2, 13);
    });
  known.set(kind + letter, made);
  return made;
}

/** Keeps one canvas over a picture. */
export class Overlay {
  readonly canvas = document.createElement('canvas');
  readonly #ink: OverlayInk;
  readonly #context = this.canvas.getContext('2d');
  #hatch: CanvasPattern | undefined;
  #size = { width: 0, height: 0, top: MARGIN };
  #shown: Overlaid = { outlines: [], chips: [] };
  #key = '';

  constructor(ink: OverlayInk) {
    this.#ink = ink;
    this.canvas.className = 'overlay';
    this.canvas.ariaHidden = 'true';
  }

  /** The picture's size in CSS pixels; `vector`: a line stands above it. */
  size(width: number, height: number, vector: boolean): void {
    const top = MARGIN + (vector ? LINE : 0);
    if (this.#size.width === width && this.#size.height === height && this.#size.top === top) return;
    this.#size = { width, height, top };
    sizeCanvas(this.canvas, width + 2 * MARGIN, height + top + MARGIN);
    this.canvas.style.setProperty('left', `${-MARGIN}px`);
    this.canvas.style.setProperty('top', `${-top}px`);
    this.#paint();
  }

  /** Paints this, unless it is what stands there. */
  show(overlaid: Overlaid): void {
    const key = JSON.stringify(overlaid);
    if (key === this.#key) return;
    this.#key = key;
    this.#shown = overlaid;
    shownOn.set(this.canvas, overlaid);
    this.#paint();
  }

  #paint(): void {
    const context = this.#context;
    const { width, height, top } = this.#size;
    if (!context || width === 0) return;
    context.clearRect(0, 0, width + 2 * MARGIN, height + top + MARGIN);
    const both = this.#shown.chips.length > 1;
    for (const outline of this.#shown.outlines) this.#outline(context, outline, both);
    this.#chips(context);
    this.#value(context);
  }

  /** The number first; which row it is where there is room before the letters. */
  #value(context: CanvasRenderingContext2D): void {
    const { value } = this.#shown;
    const { width } = this.#size;
    if (!value) return;
    const { numbers, words } = this.#ink;
    const text = shortened(value.number, (said) => numbers.width(said) <= width + MARGIN);
    const end = numbers.write(context, text, MARGIN, MARGIN) + GAP;
    if (end + words.width(value.row) <= MARGIN + width - (width < NARROW ? 0 : ROOM))
      words.write(context, value.row, end, MARGIN);
  }

  #outline(context: CanvasRenderingContext2D, { kind, x, y, w, h }: Outline, both: boolean): void {
    const { width, height, top } = this.#size;
    const ink = this.#ink;
    const [left, up, wide, high] = [
      MARGIN + x * width,
      top + y * height,
      Math.max(SMALLEST, w * width),
      Math.max(SMALLEST, h * height),
    ];
    /** A line of so many pixels, `out` pixels outside of the cells. */
    const ring = (colour: string, thick: number, out: number, dash: readonly number[] = []): void => {
      const off = out + thick / 2;
      context.setLineDash([...dash]);
      context.strokeStyle = colour;
      context.lineWidth = thick;
      context.strokeRect(left - off, up - off, wide + 2 * off, high + 2 * off);
    };
    if (kind === 'padding') {
      context.fillStyle = ink.panel;
      context.fillRect(left, up, wide, high);
      context.fillStyle = this.#crossed(context) ?? ink.panel;
      context.fillRect(left, up, wide, high);
    } else if (kind === 'live') ring(ink['ink-2'], 1, 0);
    else if (kind === 'reads') ring(ink.input, 2, 0);
    // Where both happen the written outline lies inside the read one.
    else if (kind === 'writes') ring(ink.live, 2, both ? -4 : 0, [5, 3]);
    else if (kind === 'input') ring(ink.focus, 2, 0);
    else if (kind === 'row') {
      ring(ink.panel, 1, 0);
      ring(ink.ink, 1.5, 1);
    } else {
      context.fillStyle = ink.focus;
      context.fillRect(left, up, wide, high);
      ring(ink.panel, 1.5, 0);
      ring(ink.focus, 2, 1.5);
    }
  }

  #chips(context: CanvasRenderingContext2D): void {
    const { width, height, top } = this.#size;
    const ink = this.#ink;
    const vector = top > MARGIN;
    const y = !vector ? top + 2 : width < NARROW ? top + height - CHIP.height : MARGIN;
    let x = MARGIN + width - (vector ? 0 : 2);
    for (const { kind, letter } of this.#shown.chips.toReversed()) {
      x -= CHIP.width;
      context.drawImage(chipOf(ink, kind, letter), x, y, CHIP.width, CHIP.height);
      x--;
    }
  }

  /** Hatched both ways: lanes work there, on nothing. */
  #crossed(context: CanvasRenderingContext2D): CanvasPattern | undefined {
    if (this.#hatch) return this.#hatch;
    const tile = new OffscreenCanvas(6, 6);
    const pen = tile.getContext('2d');
    if (!pen) return undefined;
    pen.strokeStyle = this.#ink['line-strong'];
    pen.stroke(new Path2D('M0 0L6 6M0 6L6 0'));
    return (this.#hatch = context.createPattern(tile, 'repeat') ?? undefined);
  }
}

/**
 * Width of a vector's picture below which number and letters have no room on one line: the letters lie on the strip.
 */
const NARROW = 78;
