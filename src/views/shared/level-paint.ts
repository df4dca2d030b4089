// Paints a matrix of the memory view and remembers what it painted, so that a step repaints only what changed.
import type { Rect } from '../../frame/frame-types';
import { magnitude, paintHeatmap } from '../../ui/paint/heatmap';
import { roleInfo } from '../../ops/rules';
import { scaleOf, type Matrix } from './matrix';
import type { Theme } from '../../ui/palette';

/** Masked scores are a large finite negative number: no colour stands for them. */
export const MASKED = -1e30;

const ends = new WeakMap<ArrayBufferLike, Map<number, number>>();

/** Largest magnitude of a tensor's plane, worked out once. */
export function planeEnd(values: Float32Array): number {
  const planes = ends.get(values.buffer) ?? new Map<number, number>();
  ends.set(values.buffer, planes);
  const known = planes.get(values.byteOffset) ?? magnitude(values);
  planes.set(values.byteOffset, known);
  return known;
}

/**
 * The end of an array's scale: 1 for weights and factors, the end of the tensor of its role where there is one, else
 * its own largest magnitude.
 */
export function arrayEnd({ role, values }: Matrix, written: Uint16Array, tensor: Float32Array | undefined): number {
  if (roleInfo(role)?.range === 'unit') return 1;
  return tensor ? planeEnd(tensor) : magnitude(values.filter((_, i) => written[i] !== 0));
}

const sameArray = (a: ArrayLike<number>, b: ArrayLike<number>): boolean => {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
};

/** Two views of the same bytes; tensor planes never change, so that their values need no look. */
const sameBytes = (a: Float32Array, b: Float32Array): boolean =>
  a.buffer === b.buffer && a.byteOffset === b.byteOffset && a.length === b.length;

const sameRects = (a: readonly Rect[], b: readonly Rect[]): boolean =>
  a === b ||
  (a.length === b.length &&
    a.every((r, i) => {
      const s = b[i];
      return s && r.r0 === s.r0 && r.r1 === s.r1 && r.c0 === s.c0 && r.c1 === s.c1;
    }));

function sameContent(a: Matrix, b: Matrix): boolean {
  if (a.role !== b.role || a.rows !== b.rows || a.cols !== b.cols) return false;
  if (a.inside.rows !== b.inside.rows || a.inside.cols !== b.inside.cols) return false;
  if (a.written instanceof Uint16Array) {
    return b.written instanceof Uint16Array && sameArray(a.written, b.written) && sameArray(a.values, b.values);
  }
  if (b.written instanceof Uint16Array) return false;
  if (!sameBytes(a.values, b.values)) return false;
  return a.written === 'all' || b.written === 'all' ? a.written === b.written : sameRects(a.written, b.written);
}

/** Keeps one canvas in step with a matrix. */
export class Painter {
  readonly canvas = document.createElement('canvas');
  /** Times the canvas was painted: a step that changes nothing adds none. */
  paints = 0;
  readonly #theme: Theme;
  #last: Matrix | undefined;
  #whole: { values: Float32Array; canvas: HTMLCanvasElement } | undefined;

  constructor(theme: Theme) {
    this.#theme = theme;
    // Small pictures, filled from values: kept in main memory, where that costs least. The first call decides.
    this.canvas.getContext('2d', { willReadFrequently: true });
  }

  /**
   * Paints `matrix`, unless it is what stands there. `end`: the tensor of the same role, whose scale the array shares.
   */
  paint(matrix: Matrix, transposed: boolean, end: Float32Array | undefined): void {
    if (this.#last && sameContent(this.#last, matrix)) return;
    this.#last = matrix;
    this.paints++;
    if (matrix.written instanceof Uint16Array) this.#paintArray(matrix, matrix.written, transposed, end);
    else this.#paintTensor(matrix, transposed);
  }

  #paintArray(matrix: Matrix, written: Uint16Array, transposed: boolean, end: Float32Array | undefined): void {
    const { rows, cols, values, inside } = matrix;
    const scale = scaleOf(matrix.role);
    const shown = (r: number, c: number): boolean =>
      r < inside.rows && c < inside.cols && written[r * cols + c] !== 0 && (values[r * cols + c] ?? 0) > MASKED;
    const max = arrayEnd(matrix, written, end);
    paintHeatmap(this.canvas, { values, rows, cols, scale, max, shown, transposed }, this.#theme);
  }

  /** The whole plane is coloured once, off screen; each step copies the rectangles that are written by then. */
  #paintTensor(matrix: Matrix, transposed: boolean): void {
    const { canvas } = this;
    const from = this.#wholePlane(matrix, transposed);
    canvas.width = from.width;
    canvas.height = from.height;
    const context = canvas.getContext('2d');
    if (!context || matrix.written instanceof Uint16Array) return;
    const all: Rect = { r0: 0, r1: matrix.rows - 1, c0: 0, c1: matrix.cols - 1 };
    for (const rect of matrix.written === 'all' ? [all] : matrix.written) {
      const down = transposed ? [rect.c0, rect.c1, matrix.cols] : [rect.r0, rect.r1, matrix.rows];
      const across = transposed ? [rect.r0, rect.r1, matrix.rows] : [rect.c0, rect.c1, matrix.cols];
      const [x, w] = pixels(across, from.width);
      const [y, h] = pixels(down, from.height);
      context.clearRect(x, y, w, h);
      context.drawImage(from, x, y, w, h, x, y, w, h);
    }
  }

  #wholePlane({ values, rows, cols, role }: Matrix, transposed: boolean): HTMLCanvasElement {
    if (this.#whole && sameBytes(this.#whole.values, values)) return this.#whole.canvas;
    const canvas = document.createElement('canvas');
    canvas.getContext('2d', { willReadFrequently: true });
    const shown = (r: number, c: number): boolean => (values[r * cols + c] ?? 0) > MASKED;
    paintHeatmap(
      canvas,
      { values, rows, cols, scale: scaleOf(role), max: planeEnd(values), shown, transposed },
      this.#theme,
    );
    this.#whole = { values, canvas };
    return canvas;
  }
}

/** First pixel and pixel count of cells from..to, when `count` cells lie on `length` pixels. */
function pixels([from = 0, to = 0, count = 1]: readonly number[], length: number): [number, number] {
  const start = Math.floor((from / count) * length);
  return [start, Math.ceil(((to + 1) / count) * length) - start];
}
