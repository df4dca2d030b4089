// The grid of tiles as one canvas: full tiles solid, partial ones half filled along the diagonal, skipped ones hatched,
// unread ones hollow.
import type { MaskTiles } from '../../../ops/attention/mask-tiles';

/** Below this size a tile is a plain pixel block: a pattern inside would be noise. */
const PATTERN_FROM = 7;

export interface GridColours {
  full: string;
  partial: string;
  hatch: string;
  line: string;
}

/** The view's colours, as the theme says. */
export function gridColours(element: Element): GridColours {
  const style = getComputedStyle(element);
  const of = (name: string): string => style.getPropertyValue(name).trim();
  return { full: of('--live'), partial: of('--input'), hatch: of('--line-strong'), line: of('--panel') };
}

/** Paints all tiles into the canvas at `size` CSS pixels along its longer side; returns its size in CSS pixels. */
export function paintTiles(
  canvas: HTMLCanvasElement,
  tiles: MaskTiles,
  size: number,
  colours: GridColours,
): { width: number; height: number } {
  const step = size / Math.max(tiles.rows, tiles.cols);
  const width = Math.max(1, Math.round(step * tiles.cols));
  const height = Math.max(1, Math.round(step * tiles.rows));
  const scale = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.style.setProperty('width', `${width}px`);
  canvas.style.setProperty('height', `${height}px`);
  const context = canvas.getContext('2d');
  if (!context) return { width, height };
  context.scale(scale, scale);
  context.clearRect(0, 0, width, height);
  const gap = step >= PATTERN_FROM ? 1 : 0;
  tiles.kinds.forEach((kind, t) => {
    const x = (t % tiles.cols) * step;
    const y = Math.floor(t / tiles.cols) * step;
    const side = step - gap;
    if (kind === 'skipped') return gap ? hatch(context, x, y, side, colours.hatch) : undefined;
    context.fillStyle = kind === 'full' ? colours.full : colours.partial;
    if (kind === 'full' || !gap) return context.fillRect(x, y, side, side);
    context.strokeStyle = colours.partial;
    context.strokeRect(x + 0.5, y + 0.5, side - 1, side - 1);
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x + side, y + side);
    context.lineTo(x, y + side);
    context.fill();
  });
  return { width, height };
}

function hatch(context: CanvasRenderingContext2D, x: number, y: number, side: number, colour: string): void {
  context.save();
  context.beginPath();
  context.rect(x, y, side, side);
  context.clip();
  context.strokeStyle = colour;
  context.globalAlpha = 0.55;
  context.beginPath();
  for (let d = -side; d < side; d += 5) {
    context.moveTo(x + d, y + side);
    context.lineTo(x + d + side, y);
  }
  context.stroke();
  context.restore();
}
