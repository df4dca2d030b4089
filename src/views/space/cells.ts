// The colour of every cell of an on-chip array at a frame, as bytes for the GPU: four a cell, alpha 0 where there is no
// value to show.
import type { Matrix } from '../shared/matrix';
import { scaleOf } from '../shared/matrix';
import { arrayEnd, MASKED } from '../shared/level-paint';
import { colourTable, positionOf, type Theme } from '../../ui/palette';

/**
 * Writes rows * cols RGBA cells, row-major, into `out`. A cell that nothing wrote at or before the cursor, or that is
 * masked, stays (0, 0, 0, 0). `tensor`: the plane of the same role in HBM, whose scale the array shares.
 */
export function colourCells(m: Matrix, theme: Theme, tensor: Float32Array | undefined, out: Uint8Array): void {
  if (!(m.written instanceof Uint16Array)) throw new Error('only captured arrays are coloured by cell');
  const { values, written, role } = m;
  const scale = scaleOf(role);
  const max = arrayEnd(m, written, tensor);
  const table = colourTable(theme, scale);
  const pixels = new Uint32Array(out.buffer, out.byteOffset, m.rows * m.cols);
  for (let i = 0; i < pixels.length; i++) {
    const x = values[i] ?? 0;
    const at = Math.round(positionOf(x, scale, max) * 255);
    pixels[i] = written[i] && x > MASKED ? (table[at < 0 ? 0 : at > 255 ? 255 : at] ?? 0) : 0;
  }
}

/** Whether two states of an array look the same without a look at their cells: captured records share their arrays. */
export const sameCells = (a: Matrix | undefined, b: Matrix): boolean =>
  a !== undefined && a.role === b.role && a.values === b.values && a.written === b.written;
