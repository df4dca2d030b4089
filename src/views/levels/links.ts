// The links between memory levels: an arrow each way as wide as its bytes, dashed at 0 B, with this step's bytes and
// the running sum. A link is one canvas, for all of it changes at a step.
import { scaleSqrt } from 'd3';
import { element } from '../../ui/dom/element';
import { bytes } from '../../ui/format';
import { inkOf, sizeCanvas } from '../../ui/paint/ink';
import { Letters } from '../../ui/paint/letters';
import type { Level } from '../shared/matrix';

export interface LinkWords {
  level: Exclude<Level, 'reg'>;
  /** Loads go down to the registers, stores go up. */
  way: 'down' | 'up';
  /** Short on screen, whole for screen readers. */
  short: string;
  whole: string;
}

/**
 * What links are painted with: colours of an arrow that carries bytes, by level, and of one that does not; letters for
 * words, for this step's bytes and for 0 B.
 */
export interface LinkInk {
  colours: Record<'hbm' | 'sram' | 'line-strong', string>;
  words: Letters;
  now: Letters;
  idle: Letters;
}

/** The theme's ink, read once from an element in the page. */
export function linkInk(root: Element): LinkInk {
  const {
    ink,
    'ink-2': quiet,
    'ink-3': pale,
    font,
    'text-s': size,
  } = inkOf(root, 'ink', 'ink-2', 'ink-3', 'font', 'text-s');
  return {
    colours: inkOf(root, 'hbm', 'sram', 'line-strong'),
    words: new Letters(`${size} ${font}`, quiet),
    now: new Letters(`650 ${size} ${font}`, ink),
    idle: new Letters(`650 ${size} ${font}`, pale),
  };
}

const ARROW = 26;
/** Room for the longest figures; what the column has no room for is cut off. */
const WIDTH = 160;
const HEIGHT = 34;
const TEXT = 28;
const LINE = HEIGHT / 2;

/** Half the width of an arrow's shaft: square root, for a step moves 64 B or 600 KiB, and both must be seen. */
const halfOf = (step: number, largest: number): number =>
  Math.max(1.25, scaleSqrt([0, Math.max(largest, step)], [0, 8])(step));

/** What a link shows: the width of its arrow's shaft in pixels, 0 where it is dashed, and its figures. */
export interface Linked {
  shaft: number;
  step: string;
  sum: string;
  /** Where the longer line ends, in pixels. */
  end: number;
}

const shown = new WeakMap<Element, Linked>();

/** What a link's canvas shows. */
export const linkedOn = (canvas: Element): Linked | undefined => shown.get(canvas);

/** One link: a standing element whose canvas a step paints. */
export class Link {
  readonly element: HTMLElement;
  readonly #canvas = document.createElement('canvas');
  readonly #words: LinkWords;
  readonly #ink: LinkInk;
  #said: readonly [step: number, sum: number] = [0, 0];
  #key = '';
  #mark = '';

  constructor(words: LinkWords, ink: LinkInk) {
    this.#words = words;
    this.#ink = ink;
    this.element = element('div', `link ${words.level} ${words.way}`);
    this.element.tabIndex = 0;
    this.element.role = 'group';
    this.#canvas.ariaHidden = 'true';
    sizeCanvas(this.#canvas, WIDTH, HEIGHT);
    this.element.append(this.#canvas);
  }

  /** Bytes of this step and so far; `largest` bytes have the widest arrow. */
  show(step: number, sum: number, largest: number): void {
    this.#said = [step, sum];
    const key = `${step},${sum},${largest}`;
    if (key === this.#key) return;
    this.#key = key;
    this.#paint(step === 0 ? 0 : 2 * halfOf(step, largest), bytes(step), `Σ ${bytes(sum)}`);
  }

  /** Its words for screen readers and tips. */
  rest(mark: string): void {
    const [step, sum] = this.#said;
    const label = `${this.#words.whole} ${bytes(step)}, Σ ${bytes(sum)}`;
    if (this.element.ariaLabel !== label) this.element.ariaLabel = label;
    if (mark === this.#mark) return;
    this.#mark = mark;
    this.element.ariaDescription = mark;
    this.element.dataset['mark'] = mark;
  }

  #paint(shaft: number, step: string, sum: string): void {
    const context = this.#canvas.getContext('2d');
    if (!context) return;
    const { colours, words, now, idle } = this.#ink;
    const { level, way, short } = this.#words;
    context.clearRect(0, 0, WIDTH, HEIGHT);
    context.save();
    if (way === 'up') {
      context.translate(ARROW, HEIGHT);
      context.rotate(Math.PI);
    }
    context.fillStyle = shaft === 0 ? colours['line-strong'] : colours[level];
    const path = new Path2D(shaft === 0 ? dashes(ARROW / 2) : arrow(ARROW / 2, shaft / 2));
    // oxlint-disable-next-line unicorn/no-array-fill-with-reference-type -- a canvas, not an array
    context.fill(path);
    context.restore();
    const from = words.write(context, `${short} `, TEXT, 0);
    const ends = [(shaft === 0 ? idle : now).write(context, step, from, 0), words.write(context, sum, TEXT, LINE)];
    shown.set(this.#canvas, { shaft, step, sum, end: Math.max(...ends) });
  }
}

/** How many bytes go through SRAM for one of HBM: a number of its own on the right edge of the links. */
export class Ratio {
  readonly canvas = document.createElement('canvas');
  readonly #ink: LinkInk;
  readonly #of: string;
  #text = '';

  constructor(of: string, ink: LinkInk) {
    this.#of = of;
    this.#ink = ink;
    this.canvas.className = 'of';
    this.canvas.ariaHidden = 'true';
    sizeCanvas(this.canvas, RATIO, LINE);
  }

  /** What it shows. */
  get text(): string {
    return this.#text;
  }

  show(text: string): void {
    const context = this.canvas.getContext('2d');
    if (text === this.#text || !context) return;
    this.#text = text;
    const { words, now } = this.#ink;
    context.clearRect(0, 0, RATIO, LINE);
    const x = RATIO - now.width(text);
    now.write(context, text, x, 0);
    words.write(context, `${this.#of} `, x - words.width(`${this.#of} `), 0);
  }
}

/** Width of the ratio's column and of the gap before it, into which long figures reach. */
const RATIO = 100;

const dashes = (middle: number): string => {
  const marks = [1, 8, 15, 22].map((y) => `M${middle - 0.75},${y} h1.5 v3.5 h-1.5 z`);
  return `${marks.join(' ')} M${middle - 5},${HEIGHT - 9} h10 l-5,8 z`;
};

function arrow(middle: number, half: number): string {
  const head = Math.max(5, half + 3.5);
  const neck = HEIGHT - 2 - head * 0.9;
  return `M${middle - half},1 V${neck} H${middle - head} L${middle},${HEIGHT - 1} L${middle + head},${neck} H${middle + half} V1 Z`;
}
