// One bar of slots by their use, painted only when a part changed. Each part has its colour and its pattern.
import { inkOf, sizeCanvas } from '../../../ui/paint/ink';

export const PARTS = ['token', 'reserved', 'internal', 'external', 'free'] as const;
export type Part = (typeof PARTS)[number];

/** In any unit. `cached` is a part of `free`. */
export type Share = Readonly<Record<Part | 'cached', number>>;

const INK = ['ok', 'warn', 'bad', 'reg', 'panel', 'line-strong', 'hbm-soft', 'live-soft', 'reg-soft', 'ink-3'] as const;
export type BarInk = Record<(typeof INK)[number], string>;

export const barInk = (element: Element): BarInk => inkOf(element, ...INK);

export const BAR_HEIGHT = 20;

export class Bar {
  readonly canvas = document.createElement('canvas');
  readonly #ink: BarInk;
  #key = '';
  #width = 0;

  constructor(ink: BarInk) {
    this.#ink = ink;
    this.canvas.className = 'bar';
    this.canvas.ariaHidden = 'true';
  }

  /** @param all what the full width stands for */
  show(share: Share, all: number, width: number): void {
    const key = `${width} ${all} ${PARTS.map((part) => share[part]).join()} ${share.cached}`;
    if (key === this.#key || width <= 0) return;
    this.#key = key;
    const pen = this.canvas.getContext('2d');
    if (!pen) return;
    if (width === this.#width) pen.clearRect(0, 0, width, BAR_HEIGHT);
    else sizeCanvas(this.canvas, width, BAR_HEIGHT);
    this.#width = width;
    const ink = this.#ink;
    let x = 0;
    for (const part of PARTS) {
      const w = (share[part] / all) * width;
      if (w <= 0) continue;
      paintPart(pen, ink, part, x, w);
      if (part === 'free') dots(pen, ink.ok, x, (share.cached / all) * width);
      x += w;
    }
    pen.strokeStyle = ink['line-strong'];
    pen.lineWidth = 1;
    pen.strokeRect(0.5, 0.5, width - 1, BAR_HEIGHT - 1);
  }
}

type Pen = CanvasRenderingContext2D;

function paintPart(pen: Pen, ink: BarInk, part: Part, x: number, w: number): void {
  if (part === 'free') return;
  const [ground, stroke, slope] = {
    token: [ink.ok, undefined, 0],
    reserved: [ink['hbm-soft'], ink.warn, 1],
    internal: [ink.bad, undefined, 0],
    external: [ink['reg-soft'], ink.reg, -1],
  }[part] as [string, string | undefined, number];
  pen.fillStyle = ground;
  pen.fillRect(x, 0, w, BAR_HEIGHT);
  if (stroke) hatch(pen, stroke, x, w, slope);
  // A line in the background colour separates the parts, so that their colours need not contrast.
  pen.fillStyle = ink.panel;
  if (x > 0 && w > 3) pen.fillRect(x, 0, 1.5, BAR_HEIGHT);
}

function hatch(pen: Pen, colour: string, x: number, w: number, slope: number): void {
  pen.save();
  pen.beginPath();
  pen.rect(x, 0, w, BAR_HEIGHT);
  pen.clip();
  pen.beginPath();
  for (let d = x - BAR_HEIGHT; d < x + w; d += 5) {
    pen.moveTo(d, slope > 0 ? BAR_HEIGHT : 0);
    pen.lineTo(d + BAR_HEIGHT, slope > 0 ? 0 : BAR_HEIGHT);
  }
  pen.strokeStyle = colour;
  pen.lineWidth = 1.5;
  pen.stroke();
  pen.restore();
}

function dots(pen: Pen, colour: string, x: number, w: number): void {
  pen.fillStyle = colour;
  for (let column = 0; 4 + column * 6 < w; column++)
    for (let row = 0; row < 3; row++) pen.fillRect(x + 3 + column * 6, 4 + row * 5 + (column % 2), 1.5, 1.5);
}
