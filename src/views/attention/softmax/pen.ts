// What the softmax view paints of a step: canvases that are painted afresh only when their numbers changed, and that
// note down what they show. A step changes most bars and numbers: as elements they cost the browser more than the rest
// of the page.
import { inkOf } from '../../../ui/paint/ink';

const COLOURS = ['line', 'line-strong', 'ink', 'ink-2', 'ink-3', 'live', 'raised', 'input', 'reg'] as const;
export type Colour = (typeof COLOURS)[number];
export type Face = 'text' | 'bold' | 'number' | 'bold-number';
/** Small signs in a line of text: strokes of the running maximum, swatches of the denominator, and what is masked. */
export type Sign = 'old' | 'new' | 'older' | 'kept' | 'grown' | 'hatched';

/** Colours and faces of the theme. */
export interface Ink {
  colours: Readonly<Record<Colour, string>>;
  faces: Readonly<Record<Face, string>>;
}

/** Read off the element's style: once a theme, for asking costs. */
export function readInk(element: Element): Ink {
  const { fontFamily } = getComputedStyle(element);
  const mono = inkOf(element, 'mono').mono || 'monospace';
  const size = inkOf(element, 'text-s')['text-s'] || '13px';
  const faces = {
    text: `${size} ${fontFamily}`,
    bold: `700 ${size} ${fontFamily}`,
    number: `${size} ${mono}`,
    'bold-number': `600 ${size} ${mono}`,
  };
  return { colours: inkOf(element, ...COLOURS), faces };
}

/**
 * A piece of a line: text in its face and colour, with a name where it is a number that is asked for; a sign; or a gap.
 */
export type Piece =
  | { text: string; face?: Face; colour?: Colour; name?: string; down?: number }
  | { sign: Sign }
  | { gap: number };

/** What a canvas shows. */
export interface Painted {
  /** Numbers by name. */
  values: Map<string, string>;
  /** Lines of text by name, as they are read. */
  lines: Map<string, string>;
  /** Shapes that stand for numbers, by name: each part says what. */
  shapes: Map<string, unknown>;
}

/** Height of a line of text, and where in it the letters stand. */
export const LINE = 18;
const BASE = 13;
const SIGNS: Record<Sign, number> = { old: 24, new: 24, older: 16, kept: 16, grown: 16, hatched: 17 };

const widths = new Map<string, number>();
const MOST_WIDTHS = 4000;
/** Off the page: on a canvas of the document each measuring asks for the page's styles. */
let ruler: CanvasRenderingContext2D | null | undefined;

/** Width of a text in a face of the ink. Most texts come again, and measuring costs as much as writing. */
export function widthOf(text: string, font: string): number {
  const key = `${font} ${text}`;
  const known = widths.get(key);
  if (known !== undefined) return known;
  ruler ??= document.createElement('canvas').getContext('2d');
  if (!ruler) return 0;
  ruler.font = font;
  const { width } = ruler.measureText(text);
  if (widths.size > MOST_WIDTHS) widths.clear();
  widths.set(key, width);
  return width;
}

/** The font that a canvas has, until it gets another size: setting one asks for the page's styles. */
const fonts = new WeakMap<CanvasRenderingContext2D, string>();

export class Pen {
  readonly context: CanvasRenderingContext2D;
  readonly ink: Ink;
  readonly painted: Painted = { values: new Map(), lines: new Map(), shapes: new Map() };

  constructor(context: CanvasRenderingContext2D, ink: Ink) {
    this.context = context;
    this.ink = ink;
  }

  /** Writes a text whose line begins at `top`; where it is wider than `room` it is set closer. */
  text(
    text: string,
    x: number,
    top: number,
    face: Face,
    colour: Colour,
    align: CanvasTextAlign = 'left',
    room?: number,
  ): void {
    const { context, ink } = this;
    const font = ink.faces[face];
    if (fonts.get(context) !== font) context.font = font;
    fonts.set(context, font);
    context.fillStyle = ink.colours[colour];
    context.textAlign = align;
    context.fillText(text, x, top + BASE, room);
  }

  /** Notes a number that is painted, by name. */
  note(name: string, text: string): void {
    this.painted.values.set(name, text);
  }

  width(pieces: readonly Piece[]): number {
    let sum = 0;
    for (const piece of pieces) sum += this.#widthOf(piece);
    return sum;
  }

  #widthOf(piece: Piece): number {
    if ('gap' in piece) return piece.gap;
    if ('sign' in piece) return SIGNS[piece.sign];
    return widthOf(piece.text, this.ink.faces[piece.face ?? 'text']);
  }

  /** The first of the variants that has room, else the last. */
  fitting(variants: readonly (readonly Piece[])[], room: number): readonly Piece[] {
    return variants.find((pieces, i) => i === variants.length - 1 || this.width(pieces) <= room) ?? [];
  }

  /** Writes the pieces from `x` on, or up to it, and notes the line down by name. */
  line(name: string, pieces: readonly Piece[], x: number, top: number, align: 'left' | 'right' = 'left'): void {
    let at = align === 'left' ? x : x - this.width(pieces);
    let read = this.painted.lines.get(name) ?? '';
    for (const piece of pieces) {
      if ('sign' in piece) this.sign(piece.sign, at, top);
      if ('text' in piece) {
        this.text(piece.text, at, top + (piece.down ?? 0), piece.face ?? 'text', piece.colour ?? 'ink-2');
        if (piece.name) this.note(piece.name, piece.text);
        read += piece.text;
      } else if (read && !read.endsWith(' ')) read += ' ';
      at += this.#widthOf(piece);
    }
    this.painted.lines.set(name, read);
  }

  sign(sign: Sign, x: number, top: number): void {
    const { context, ink } = this;
    const y = top + LINE / 2;
    if (sign === 'old' || sign === 'new') return this.level(sign === 'old', x, x + 18, y);
    if (sign === 'hatched') {
      this.hatch(x + 0.5, y - 5, 10, 10, 4);
      context.strokeRect(x + 0.5, y - 5.5, 10, 10);
      return;
    }
    context.globalAlpha = sign === 'older' ? 0.55 : 1;
    context.fillStyle = ink.colours[sign === 'grown' ? 'live' : 'ink-3'];
    context.beginPath();
    context.roundRect(x, y - 5.5, 11, 11, 2);
    context.fill();
    context.globalAlpha = 1;
  }

  /** The running maximum: dashed before this tile, solid after. */
  level(old: boolean, x0: number, x1: number, y: number): void {
    const { context, ink } = this;
    context.lineWidth = 2;
    context.strokeStyle = ink.colours[old ? 'ink-3' : 'live'];
    context.setLineDash(old ? [5, 4] : []);
    context.beginPath();
    context.moveTo(x0, y);
    context.lineTo(x1, y);
    context.stroke();
    context.setLineDash([]);
    context.lineWidth = 1;
  }

  /** Slanted strokes over a box, `apart` pixels from one to the next. */
  hatch(x: number, y: number, width: number, height: number, apart: number): void {
    const { context, ink } = this;
    context.save();
    context.beginPath();
    context.rect(x, y, width, height);
    context.clip();
    context.beginPath();
    for (let d = x - height; d < x + width; d += apart) {
      context.moveTo(d, y);
      context.lineTo(d + height, y + height);
    }
    context.strokeStyle = ink.colours['line-strong'];
    context.stroke();
    context.restore();
    context.strokeStyle = ink.colours['line-strong'];
  }
}

interface Shown {
  state: readonly unknown[];
  painted: Painted;
}

const shown = new WeakMap<Element, Shown>();

/** What a canvas shows. */
export const paintedOn = (canvas: Element | null): Painted | undefined =>
  canvas ? shown.get(canvas)?.painted : undefined;

/**
 * Paints a canvas of so many CSS pixels, unless what it depends on is as it was: `state` holds all of that, numbers one
 * by one or in arrays.
 */
export function paint(
  canvas: HTMLCanvasElement,
  ink: Ink,
  width: number,
  height: number,
  state: readonly unknown[],
  draw: (pen: Pen) => void,
): void {
  const scale = window.devicePixelRatio || 1;
  const whole = [scale, width, height, ...state];
  const last = shown.get(canvas);
  if (last && same(last.state, whole)) return;
  const [across, down] = [Math.round(width * scale), Math.round(height * scale)];
  const resized = canvas.width !== across || canvas.height !== down;
  if (canvas.width !== across) canvas.width = across;
  if (canvas.height !== down) canvas.height = down;
  // Few marks: faster in memory than on a GPU. Painted in place: a sheet off the page would have to be copied over for
  // each canvas.
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context || across === 0 || down === 0) return;
  if (resized) fonts.delete(context);
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, across, down);
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.lineWidth = 1;
  const pen = new Pen(context, ink);
  draw(pen);
  shown.set(canvas, { state: whole, painted: pen.painted });
}

/** Equal values, arrays compared by what they hold. */
function same(a: readonly unknown[], b: readonly unknown[]): boolean {
  return (
    a.length === b.length && a.every((x, i) => Object.is(x, b[i]) || (isList(x) && isList(b[i]) && sameItems(x, b[i])))
  );
}

const isList = (x: unknown): x is ArrayLike<unknown> => Array.isArray(x) || x instanceof Float32Array;

function sameItems(a: ArrayLike<unknown>, b: ArrayLike<unknown>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}
