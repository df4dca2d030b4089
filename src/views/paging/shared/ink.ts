// The colours of the Page lab's views: a request's hue in three strengths, the colour of each change, and the theme's
// colours.
import { inkOf } from '../../../ui/paint/ink';
import type { Pen } from './board';
import type { Change } from './facts';
import type { PageViewEnv } from '../view';

const NAMES = [
  'panel',
  'raised',
  'line',
  'line-strong',
  'ink',
  'ink-2',
  'ink-3',
  'input',
  'input-soft',
  'live',
  'ok',
  'bad',
  'warn',
  'reg',
  'focus',
  'hatch',
  'font',
  'text-s',
  'mono',
] as const;

/** `fill` behind text, `strong` for lines and words, `faint` for what a free block still contains. */
export interface Tone {
  readonly fill: string;
  readonly strong: string;
  readonly faint: string;
}

export type PoolInk = Record<(typeof NAMES)[number], string> & {
  /** The colours of a request. */
  tone(request: number): Tone;
  change(change: Change): string;
};

/**
 * `oklch(l c h)` as `#rrggbb`, by the formulas of CSS Color 4. A canvas reads this without its style parser, thousands
 * of times a step. Colours outside of sRGB are clipped.
 */
export function plain(lightness: number, chroma: number, hue: number): string {
  const angle = (hue * Math.PI) / 180;
  const [a, b] = [chroma * Math.cos(angle), chroma * Math.sin(angle)];
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const byte = (linear: number): number => {
    const x = Math.min(1, Math.max(0, linear));
    return Math.round(255 * (x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055));
  };
  const red = byte(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  const green = byte(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  const blue = byte(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
  return `#${((red << 16) | (green << 8) | blue).toString(16).padStart(6, '0')}`;
}

/** Lightness and chroma. */
const LIGHTNESS = {
  dark: { fill: [0.39, 0.085], strong: [0.79, 0.13], faint: [0.27, 0.035] },
  light: { fill: [0.88, 0.075], strong: [0.48, 0.14], faint: [0.955, 0.022] },
} as const;

/** Reads the page's style, so call it once for each mount. */
export function poolInk(element: Element, { theme, hueOf }: Pick<PageViewEnv, 'theme' | 'hueOf'>): PoolInk {
  const ink = inkOf(element, ...NAMES);
  const tones = new Map<number, Tone>();
  const strengths = LIGHTNESS[theme];
  const make = (request: number): Tone => {
    const hue = hueOf(request);
    const at = ([lightness, chroma]: readonly [number, number]): string => plain(lightness, chroma, hue);
    return { fill: at(strengths.fill), strong: at(strengths.strong), faint: at(strengths.faint) };
  };
  return {
    ...ink,
    tone(request) {
      let tone = tones.get(request);
      if (!tone) tones.set(request, (tone = make(request)));
      return tone;
    },
    change: (change) => ink[CHANGE_INK[change]],
  };
}

const CHANGE_INK: Record<Change, (typeof NAMES)[number]> = {
  evicted: 'bad',
  allocated: 'input',
  'swapped-in': 'input',
  'swapped-out': 'warn',
  copied: 'reg',
  'copied-from': 'reg',
  hit: 'ok',
  shared: 'ok',
  left: 'ink-2',
  freed: 'warn',
  written: 'live',
  published: 'ok',
};

/** A small filled label; returns where it ends. `at`: which of its ends is at `x`. */
export function chip(
  pen: Pen,
  text: string,
  x: number,
  y: number,
  colour: string,
  paper: string,
  at: 'left' | 'right',
  font: string,
): number {
  pen.font = font;
  pen.textAlign = 'left';
  const width = pen.measureText(text).width + 8;
  const left = at === 'left' ? x : x - width;
  pen.fillStyle = colour;
  pen.beginPath();
  pen.roundRect(left, y, width, 17, 4);
  pen.fill();
  pen.fillStyle = paper;
  pen.fillText(text, left + 4, y + 13);
  return at === 'left' ? left + width : left;
}

/** Fills with one hue, or with stripes of several: shared blocks can be seen at a glance. */
export function fillShared(pen: Pen, colours: readonly string[], x: number, y: number, w: number, h: number): void {
  pen.fillStyle = colours[0] ?? 'transparent';
  pen.fillRect(x, y, w, h);
  if (colours.length < 2) return;
  const stripe = Math.max(3, Math.min(9, w / 4));
  pen.save();
  pen.beginPath();
  pen.rect(x, y, w, h);
  pen.clip();
  // One slanted path for each colour; the phase depends on the position in the picture, so that stripes continue from
  // slot to slot.
  const first = Math.floor((x - h) / stripe);
  for (const [i, colour] of colours.entries()) {
    if (i === 0) continue;
    pen.fillStyle = colour;
    pen.beginPath();
    for (let k = first; k * stripe < x + w + h; k++) {
      if (((k % colours.length) + colours.length) % colours.length !== i) continue;
      pen.moveTo(k * stripe, y + h);
      pen.lineTo((k + 1) * stripe, y + h);
      pen.lineTo((k + 1) * stripe + h, y);
      pen.lineTo(k * stripe + h, y);
      pen.closePath();
    }
    pen.fill();
  }
  pen.restore();
}

/** Slanted lines: nothing can be put here. */
export function hatchRect(pen: Pen, colour: string, x: number, y: number, w: number, h: number, step = 6): void {
  pen.save();
  pen.beginPath();
  pen.rect(x, y, w, h);
  pen.clip();
  pen.strokeStyle = colour;
  pen.lineWidth = 1;
  pen.beginPath();
  for (let d = -h; d < w; d += step) {
    pen.moveTo(x + d, y + h);
    pen.lineTo(x + d + h, y);
  }
  pen.stroke();
  pen.restore();
}
