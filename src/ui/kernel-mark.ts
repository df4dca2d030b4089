// A kernel's hue and symbol, the same in every chart, legend and table.
import {
  symbol,
  symbolCircle,
  symbolCross,
  symbolDiamond,
  symbolSquare,
  symbolStar,
  symbolTriangle,
  symbolWye,
  type SymbolType,
} from 'd3';
import { html, type TemplateResult } from 'lit';
import { peersOf } from '../kernels';

/** A triangle with its tip down. */
const symbolDrop: SymbolType = {
  draw(context, size) {
    const y = Math.sqrt(size / (Math.sqrt(3) * 3));
    context.moveTo(0, 2 * y);
    context.lineTo(Math.sqrt(3) * y, -y);
    context.lineTo(-Math.sqrt(3) * y, -y);
    context.closePath();
  },
};
const SHAPES = [
  symbolCircle,
  symbolSquare,
  symbolTriangle,
  symbolDiamond,
  symbolStar,
  symbolCross,
  symbolWye,
  symbolDrop,
];

/**
 * A kernel's place among those of its op, which are those that stand beside it, decides its hue and its symbol. What is
 * no kernel, such as the tuned choice, gets the last.
 */
export const hueOf = (kernel: string): number => {
  const at = peersOf(kernel).findIndex(({ id }) => id === kernel);
  return at < 0 ? SHAPES.length - 1 : at % (SHAPES.length - 1);
};

/** Its symbol as a path around the origin. */
export const markPath = (kernel: string, size = 64): string => symbol(SHAPES[hueOf(kernel)], size)() ?? '';

/** A kernel's line and symbol, for legends and tables. */
export const swatch = (kernel: string): TemplateResult =>
  html`<svg class="kernel-swatch k${hueOf(kernel)}" viewBox="-14 -8 28 16" width="28" height="16" aria-hidden="true">
    <line class="series" x1="-14" x2="14" y1="0" y2="0" /><path class="dot" d=${markPath(kernel)} />
  </svg>`;
