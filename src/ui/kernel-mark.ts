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
/** A hexagon. */
const symbolHexagon: SymbolType = {
  draw(context, size) {
    const r = Math.sqrt((2 * size) / (3 * Math.sqrt(3)));
    for (let i = 0; i < 6; i++) {
      const [x, y] = [r * Math.cos((i * Math.PI) / 3), r * Math.sin((i * Math.PI) / 3)];
      if (i === 0) context.moveTo(x, y);
      else context.lineTo(x, y);
    }
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
  symbolHexagon,
];
/** Of what is no kernel. */
const OTHER = 7;

/**
 * A kernel's card decides its hue and its symbol, or its place among those of its op that say nothing of it, which
 * stand beside it. What is no kernel, such as the tuned choice, has its own.
 */
export const hueOf = (kernel: string): number => {
  const peers = peersOf(kernel);
  const own = peers.find(({ id }) => id === kernel)?.hue;
  const at = peers.filter(({ hue }) => hue === undefined).findIndex(({ id }) => id === kernel);
  return own ?? (at < 0 ? OTHER : at % OTHER);
};

/** Its symbol as a path around the origin. */
export const markPath = (kernel: string, size = 64): string => symbol(SHAPES[hueOf(kernel)], size)() ?? '';

/** A kernel's line and symbol, for legends and tables. */
export const swatch = (kernel: string): TemplateResult =>
  html`<svg class="kernel-swatch k${hueOf(kernel)}" viewBox="-14 -8 28 16" width="28" height="16" aria-hidden="true">
    <line class="series" x1="-14" x2="14" y1="0" y2="0" /><path class="dot" d=${markPath(kernel)} />
  </svg>`;
