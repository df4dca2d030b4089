// What of a matrix stands somewhere at a frame: its tensor in HBM as far as it is written, and over it the tiles of it
// that lie on the chip. Nothing later than the cursor passes through here.
import type { ArrayFrame, Frame, Rect } from '../../../frame/frame-types';
import { extentOf } from '../../../ops';
import type { Role } from '../../../ops/layout';
import type { Scale } from '../../../ui/palette';
import { planeEnd } from '../level-paint';
import { scaleEnd } from '../scale-end';

/** A matrix of the picture. */
export interface Part {
  role: Role;
  /** Its numbers lie between 0 and 1. */
  unit?: boolean;
}

export interface Held {
  role: Role;
  rows: number;
  cols: number;
  /** rows * cols values, NaN where nothing stands. */
  values: Float32Array;
  /** Where it is: written to HBM some time, only in workgroup memory, only in registers. */
  space: 'hbm' | 'sram' | 'reg';
  scale: Scale;
  max: number;
  reads?: Rect;
  writes?: Rect;
  /** The part that is at hand. */
  live?: Rect;
}

const tilesOf = ({ arrays, plane }: Frame, role: Role): readonly ArrayFrame[] =>
  arrays.filter((array) => array.role === role && (array.plane ?? plane) === plane);

const within = (rect: Rect, rows: number, cols: number): Rect => ({
  r0: Math.max(0, rect.r0),
  r1: Math.min(rows - 1, rect.r1),
  c0: Math.max(0, rect.c0),
  c1: Math.min(cols - 1, rect.c1),
});

const rectOf = ({ row0, col0, rows, cols }: ArrayFrame): Rect => ({
  r0: row0,
  r1: row0 + rows - 1,
  c0: col0,
  c1: col0 + cols - 1,
});

/** What stands of a matrix at a frame; `into` is written anew where it has the size. */
export function heldOf(frame: Frame, { role, unit }: Part, into?: Float32Array): Held {
  const tensor = frame.tensors[role];
  const { rows, cols } = tensor ?? extentOf(role, frame.trace.header.run.shape);
  const values = into?.length === rows * cols ? into.fill(NaN) : new Float32Array(rows * cols).fill(NaN);
  if (tensor?.materialised) {
    if (tensor.written === 'input') values.set(tensor.values);
    else
      for (const { r0, r1, c0, c1 } of tensor.written)
        for (let r = r0; r <= r1; r++)
          values.set(tensor.values.subarray(r * cols + c0, r * cols + c1 + 1), r * cols + c0);
  }
  const tiles = tilesOf(frame, role);
  for (const tile of tiles) lay(tile, values, rows, cols);
  const [first] = tiles;
  const known = tensor?.materialised ? planeEnd(tensor.values) : 0;
  const live = tensor?.live ?? (first && within(rectOf(first), rows, cols));
  const touched = (way: 'reads' | 'writes'): Rect | undefined => {
    const tile = tiles.find((one) => one[way]);
    return tensor?.[way] ?? (tile && within(rectOf(tile), rows, cols));
  };
  const [reads, writes] = [touched('reads'), touched('writes')];
  return {
    role,
    rows,
    cols,
    values,
    space: tensor?.materialised ? 'hbm' : first?.space === 'invocation' ? 'reg' : 'sram',
    scale: unit ? 'sequential' : 'diverging',
    max: unit ? 1 : known || Math.max(0, ...tiles.map(({ info }) => scaleEnd(frame, info.id))),
    ...(reads && { reads }),
    ...(writes && { writes }),
    ...(live && { live }),
  };
}

/** Lays a tile over the matrix, where it is written and inside. */
function lay(
  { row0, col0, rows, cols, values: tile, writer }: ArrayFrame,
  values: Float32Array,
  of: number,
  wide: number,
): void {
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < cols; c++) {
      const [row, col, i] = [row0 + r, col0 + c, r * cols + c];
      if (row < 0 || col < 0 || row >= of || col >= wide || !writer[i]) continue;
      const value = tile[i] ?? NaN;
      // Masked scores are a large finite number: nothing stands there.
      values[row * wide + col] = value > -1e30 ? value : NaN;
    }
  }
}

/** The value of a cell; undefined where nothing stands. */
export function valueIn({ values, cols }: Held, row: number, col: number): number | undefined {
  const value = values[row * cols + col];
  return value === undefined || Number.isNaN(value) ? undefined : value;
}
