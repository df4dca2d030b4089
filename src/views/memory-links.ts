// The links between memory levels: an arrow each way as wide as its bytes, dashed at 0 B, with this step's bytes and the running sum.
import { scaleSqrt } from 'd3';
import { setText } from './cross-titles';
import { element } from './element';
import { bytes } from './format';
import { sizeCanvas } from './ink';
import type { Level } from './memory-matrix';

export interface LinkWords {
  level: Exclude<Level, 'reg'>;
  /** Loads go down to the registers, stores go up. */
  way: 'down' | 'up';
  /** Short on screen, whole for screen readers. */
  short: string;
  whole: string;
}

/** Colours of an arrow that carries bytes, by level, and of one that does not. */
export type LinkInk = Record<'hbm' | 'sram' | 'line-strong', string>;

const WIDTH = 26;
const HEIGHT = 34;

/** Half the width of an arrow's shaft: square root, for a step moves 64 B or 600 KiB, and both must be seen. */
const halfOf = (step: number, largest: number): number => Math.max(1.25, scaleSqrt([0, Math.max(largest, step)], [0, 8])(step));

const shafts = new WeakMap<Element, number>();

/** Width in pixels of the shaft that an arrow's canvas shows; 0 where it is dashed. */
export const shaftOn = (canvas: Element): number => shafts.get(canvas) ?? 0;

/** One link: a standing element that a step writes into. */
export class Link {
  readonly element: HTMLElement;
  readonly #arrow = document.createElement('canvas');
  readonly #step = element('span', 'num step');
  readonly #sum = element('span', 'num sum');
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
    this.#arrow.ariaHidden = 'true';
    sizeCanvas(this.#arrow, WIDTH, HEIGHT);
    const now = element('span', 'now');
    now.append(element('span', 'label', words.short), ' ', this.#step);
    const figures = element('div', 'figures');
    figures.append(now, this.#sum);
    this.element.append(this.#arrow, figures);
  }

  /** Bytes of this step and so far; `largest` bytes have the widest arrow. */
  show(step: number, sum: number, largest: number): void {
    this.#said = [step, sum];
    setText(this.#step, bytes(step));
    setText(this.#sum, `Σ ${bytes(sum)}`);
    const key = `${step},${largest}`;
    if (key === this.#key) return;
    this.#key = key;
    this.element.classList.toggle('idle', step === 0);
    this.#paint(step, largest);
  }

  /** Its words for screen readers and tips. */
  rest(mark: string): void {
    const [step, sum] = this.#said;
    this.element.ariaLabel = `${this.#words.whole} ${bytes(step)}, Σ ${bytes(sum)}`;
    if (mark === this.#mark) return;
    this.#mark = mark;
    this.element.ariaDescription = mark;
    this.element.dataset['mark'] = mark;
  }

  #paint(step: number, largest: number): void {
    const context = this.#arrow.getContext('2d');
    if (!context) return;
    const { level, way } = this.#words;
    shafts.set(this.#arrow, step === 0 ? 0 : 2 * halfOf(step, largest));
    context.save();
    context.clearRect(0, 0, WIDTH, HEIGHT);
    if (way === 'up') {
      context.translate(WIDTH, HEIGHT);
      context.rotate(Math.PI);
    }
    context.fillStyle = step === 0 ? this.#ink['line-strong'] : this.#ink[level];
    const path = new Path2D(step === 0 ? idle(WIDTH / 2) : shaft(WIDTH / 2, halfOf(step, largest)));
    // oxlint-disable-next-line unicorn/no-array-fill-with-reference-type -- a canvas, not an array
    context.fill(path);
    context.restore();
  }
}

const idle = (middle: number): string => {
  const dashes = [1, 8, 15, 22].map((y) => `M${middle - 0.75},${y} h1.5 v3.5 h-1.5 z`);
  return `${dashes.join(' ')} M${middle - 5},${HEIGHT - 9} h10 l-5,8 z`;
};

function shaft(middle: number, half: number): string {
  const head = Math.max(5, half + 3.5);
  const neck = HEIGHT - 2 - head * 0.9;
  return `M${middle - half},1 V${neck} H${middle - head} L${middle},${HEIGHT - 1} L${middle + head},${neck} H${middle + half} V1 Z`;
}
