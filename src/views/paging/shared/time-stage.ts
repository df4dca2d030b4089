// A picture over moments. It is painted once for a window of a run; the cursor, and a veil over what comes later, move
// on their own. Dragging on it seeks.
import { element } from '../../../ui/dom/element';
import { sizeCanvas, stamp } from '../../../ui/paint/ink';
import type { Window } from './bins';

export { default as stageCss } from './time-stage.css?inline';

/** What a painter gets: a canvas context in CSS pixels, and where moments are. */
export interface Sheet {
  readonly pen: OffscreenCanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  /** Pixels left of the first moment. */
  readonly left: number;
  readonly window: Window;
  /** Width of one moment in pixels. */
  readonly unit: number;
  /** The left edge of a moment. */
  x(index: number): number;
}

/** For moments narrower than this the cursor is a line, not a frame. */
const THIN = 6;
const widthOf = (unit: number): number => (unit < THIN ? 2 : unit);

export class TimeStage {
  /** The element that holds the canvas and what is laid over it. */
  readonly root = element('div', 'time-stage');
  readonly canvas = element('canvas', '');
  readonly #over = element('div', 'over');
  readonly #later = element('i', 'later');
  readonly #now = element('i', 'now');
  readonly #seek: (index: number) => void;
  #left = 0;
  #width = 0;
  #height = 0;
  #window: Window = { from: 0, to: 1 };
  #painted = '';
  #at = -1;
  #asked = -1;

  constructor(seek: (index: number) => void) {
    this.#seek = seek;
    this.canvas.ariaHidden = 'true';
    this.#over.append(this.#later, this.#now);
    this.root.append(this.canvas, this.#over);
    this.root.addEventListener('pointerdown', (event) => this.#drag(event));
    this.root.addEventListener('pointermove', (event) => event.buttons === 1 && this.#drag(event));
  }

  /** The width for all moments. */
  get room(): number {
    return Math.max(1, this.#width - this.#left);
  }

  get unit(): number {
    return this.room / (this.#window.to - this.#window.from);
  }

  /** The moment at a horizontal position of the screen, inside the window. */
  momentAt(clientX: number): number {
    const { left } = this.root.getBoundingClientRect();
    const moment = this.#window.from + Math.floor((clientX - left - this.#left) / this.unit);
    return Math.max(this.#window.from, Math.min(this.#window.to - 1, moment));
  }

  size(left: number, width: number, height: number): void {
    if (this.#left === left && this.#width === width && this.#height === height) return;
    [this.#left, this.#width, this.#height] = [left, width, height];
    this.root.style.setProperty('height', `${height}px`);
    this.#over.style.setProperty('left', `${left}px`);
    this.#painted = '';
  }

  /** @param key what the picture depends on besides window and size: it is painted again when the key changes */
  show(window: Window, at: number, key: string, paint: (sheet: Sheet) => void): void {
    if (this.#width <= this.#left) return;
    const now = `${window.from} ${window.to} ${key}`;
    if (now !== this.#painted) {
      this.#painted = now;
      this.#window = window;
      this.#at = -1;
      this.#paint(paint);
    }
    if (at === this.#at) return;
    this.#at = at;
    const { unit } = this;
    const x = (at - window.from) * unit;
    const wide = widthOf(unit);
    this.#now.style.setProperty('transform', `translateX(${(x + (unit - wide) / 2).toFixed(2)}px)`);
    this.#later.style.setProperty('transform', `translateX(${(x + Math.max(unit, 1)).toFixed(2)}px)`);
  }

  #paint(paint: (sheet: Sheet) => void): void {
    const [width, height, left, window, unit] = [this.#width, this.#height, this.#left, this.#window, this.unit];
    this.#now.style.setProperty('width', `${widthOf(unit).toFixed(2)}px`);
    this.#now.classList.toggle('thin', unit < THIN);
    const x = (index: number): number => left + (index - window.from) * unit;
    const picture = stamp(width, height, (pen) => paint({ pen, width, height, left, window, unit, x }));
    sizeCanvas(this.canvas, width, height);
    this.canvas
      .getContext('2d')
      ?.drawImage(picture, 0, 0, picture.width / (devicePixelRatio || 1), picture.height / (devicePixelRatio || 1));
  }

  #drag(event: PointerEvent): void {
    if (event.button > 0) return;
    const index = this.momentAt(event.clientX);
    if (event.type === 'pointermove' && index === this.#asked) return;
    this.#asked = index;
    if (index !== this.#at) this.#seek(index);
  }
}

/** Round moments for an axis, at least `apart` pixels from each other: 1, 2, 5, 10, 20 ... */
export function momentTicks({ window, unit }: Sheet, apart: number): number[] {
  const least = apart / unit;
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= least) ?? 10 * power;
  const ticks: number[] = [];
  for (let at = Math.ceil(window.from / step) * step; at < window.to; at += step) ticks.push(at);
  return ticks;
}
