// One matrix on a canvas that remembers what is painted, so that a step paints only the cells that came or went.
import type { Rect } from '../../../frame/frame-types';
import type { Layer } from './cells';
import { minus } from './region';
import { paintHeatmap } from '../../../ui/paint/heatmap';
import type { Theme } from '../../../ui/palette';

/** Canvas pixels a side at most; larger matrices share pixels between cells. */
const LIMIT = 1024;
/** How strongly the remains of an earlier tile show. */
export const FADED = 0.38;

interface Painted {
  layer: Layer;
  regions: readonly Rect[];
}

const sameSource = (a: Layer, b: Layer): boolean =>
  a.values.buffer === b.values.buffer &&
  a.values.byteOffset === b.values.byteOffset &&
  a.scale === b.scale &&
  a.max === b.max &&
  a.past === b.past;

export interface Plate {
  canvas: HTMLCanvasElement;
  /** Shows these layers, later ones over earlier ones. */
  show(layers: readonly Layer[]): void;
}

/** A canvas for a matrix of rows x cols; `turned` puts its rows across. Cells that `hidden` names stay transparent. */
export function makePlate(
  rows: number,
  cols: number,
  turned: boolean,
  theme: Theme,
  hidden?: (row: number, col: number) => boolean,
): Plate {
  const canvas = document.createElement('canvas');
  canvas.width = Math.min(turned ? rows : cols, LIMIT);
  canvas.height = Math.min(turned ? cols : rows, LIMIT);
  // Filled from values, a few cells at a step: kept in main memory, where that costs least. The first call decides.
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const scratch = document.createElement('canvas');
  scratch.getContext('2d', { willReadFrequently: true });
  let painted: readonly Painted[] = [];
  const scale = {
    row: (turned ? canvas.width : canvas.height) / rows,
    col: (turned ? canvas.height : canvas.width) / cols,
  };

  const pixels = (rect: Rect): readonly [number, number, number, number] => {
    const r0 = Math.floor(rect.r0 * scale.row);
    const c0 = Math.floor(rect.c0 * scale.col);
    const r1 = Math.ceil((rect.r1 + 1) * scale.row);
    const c1 = Math.ceil((rect.c1 + 1) * scale.col);
    return turned ? [r0, c0, r1 - r0, c1 - c0] : [c0, r0, c1 - c0, r1 - r0];
  };

  const paint = (layer: Layer, rect: Rect): void => {
    if (!context) return;
    const { row0, col0, stride, writer, values } = layer;
    const part = { r0: rect.r0 - row0, r1: rect.r1 - row0, c0: rect.c0 - col0, c1: rect.c1 - col0 };
    const shown = (r: number, c: number): boolean =>
      !(writer && !writer[r * stride + c]) && !hidden?.(r + row0, c + col0);
    const data = {
      values,
      rows: values.length / stride,
      cols: stride,
      part,
      scale: layer.scale,
      max: layer.max,
      transposed: turned,
    };
    paintHeatmap(scratch, writer || hidden ? { ...data, shown } : data, theme);
    const [x, y, w, h] = pixels(rect);
    context.clearRect(x, y, w, h);
    context.globalAlpha = layer.past ? FADED : 1;
    context.imageSmoothingEnabled = w < scratch.width || h < scratch.height;
    context.drawImage(scratch, x, y, w, h);
  };

  return {
    canvas,
    show(layers) {
      // Wiped, or painted by a layer below: whatever lies over it has to be painted again.
      const dirty = painted.flatMap(({ layer, regions }) => {
        const next = layers.find((other) => sameSource(layer, other));
        return next ? minus(regions, next.regions) : [...regions];
      });
      for (const rect of dirty) context?.clearRect(...pixels(rect));
      for (const layer of layers) {
        const before = painted.find((other) => sameSource(layer, other.layer));
        const fresh = before ? minus(layer.regions, minus(before.regions, dirty)) : [...layer.regions];
        for (const rect of fresh) paint(layer, rect);
        dirty.push(...fresh);
      }
      painted = layers.map((layer) => ({ layer, regions: layer.regions }));
    },
  };
}
