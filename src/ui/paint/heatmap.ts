// A matrix as pixels: one canvas pixel for each cell (or for the largest magnitude of several cells when there are more
// cells than pixels), scaled up by CSS.
import { colourTable, type Scale, type Theme } from '../palette';

export interface HeatmapData {
  values: ArrayLike<number>;
  /** Full matrix. */
  rows: number;
  cols: number;
  /** The part to draw, both ends included; everything when absent. */
  part?: { r0: number; r1: number; c0: number; c1: number };
  /** Where it is false the cell stays transparent (not written yet, masked). */
  shown?: (row: number, col: number) => boolean;
  scale: Scale;
  /** The value at the end of the scale; the largest magnitude of the part when absent. */
  max?: number;
  /** Draw the transpose: matrix columns run downwards. */
  transposed?: boolean;
}

/** The largest finite magnitude, for the end of a scale. */
export function magnitude(values: ArrayLike<number>): number {
  let max = 0;
  for (let i = 0; i < values.length; i++) {
    const a = Math.abs(values[i] ?? 0);
    if (a > max && a < 1e30) max = a;
  }
  return max;
}

const LIMIT = 1024;

/** Paints the data into the canvas, whose pixel size becomes the (binned) matrix size. Returns the scale's end. */
export function paintHeatmap(canvas: HTMLCanvasElement, data: HeatmapData, theme: Theme): number {
  const part = data.part ?? { r0: 0, r1: data.rows - 1, c0: 0, c1: data.cols - 1 };
  const down = data.transposed ? part.c1 - part.c0 + 1 : part.r1 - part.r0 + 1;
  const across = data.transposed ? part.r1 - part.r0 + 1 : part.c1 - part.c0 + 1;
  const height = Math.max(1, Math.min(down, LIMIT));
  const width = Math.max(1, Math.min(across, LIMIT));
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) return 0;
  const max = data.max ?? magnitude(data.values);
  const table = colourTable(theme, data.scale);
  const image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  const signed = data.scale === 'diverging';
  const colourOf = (value: number): number => {
    const position = max === 0 ? (signed ? 0.5 : 0) : signed ? 0.5 + value / (2 * max) : value / max;
    return table[Math.max(0, Math.min(255, Math.round(position * 255)))] ?? 0;
  };
  // The usual case, one cell for each pixel, reads its value directly.
  const single = height === down && width === across;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const value = single ? cellAt(data, part, y, x) : binned(data, part, y, x, down / height, across / width);
      if (value !== undefined) pixels[y * width + x] = colourOf(value);
    }
  }
  context.putImageData(image, 0, 0);
  return max;
}

/** The cell of largest magnitude in the bin of canvas pixel (y, x); undefined when nothing is shown there. */
function binned(
  data: HeatmapData,
  part: { r0: number; c0: number },
  y: number,
  x: number,
  stepY: number,
  stepX: number,
): number | undefined {
  let best: number | undefined;
  const y1 = Math.max(Math.floor(y * stepY) + 1, Math.floor((y + 1) * stepY));
  const x1 = Math.max(Math.floor(x * stepX) + 1, Math.floor((x + 1) * stepX));
  for (let i = Math.floor(y * stepY); i < y1; i++) {
    for (let j = Math.floor(x * stepX); j < x1; j++) {
      const value = cellAt(data, part, i, j);
      if (value !== undefined && (best === undefined || Math.abs(value) > Math.abs(best))) best = value;
    }
  }
  return best;
}

/** The cell at `down` and `across` in the picture of a part; undefined when it is not shown. */
function cellAt(
  { values, cols, shown, transposed }: HeatmapData,
  part: { r0: number; c0: number },
  down: number,
  across: number,
): number | undefined {
  const row = part.r0 + (transposed ? across : down);
  const col = part.c0 + (transposed ? down : across);
  return shown && !shown(row, col) ? undefined : (values[row * cols + col] ?? 0);
}
