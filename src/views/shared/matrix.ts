// What the memory view shows in its boxes: tensors and captured arrays of a frame, brought to one form, and where they
// stand.
import type { Frame, Rect, TensorFrame, ArrayFrame } from '../../frame/frame-types';
import { axesOf } from '../../frame/axes';
import { OPS } from '../../ops';
import { roleInfo } from '../../ops/rules';
import type { Trace } from '../../trace/trace';
import type { TensorId } from '../../ops/op';
import type { Axis, Role } from '../../ops/layout';
import type { CellRef } from '../../frame/cell';
import type { Scale } from '../../ui/palette';

export type Level = 'hbm' | 'sram' | 'reg';

/** A matrix in a memory level. Rects are local: [0][0] is the matrix's own first element. */
export interface Matrix {
  key: string;
  level: Level;
  name: string;
  role: Role;
  /** What its rows and columns count; undefined where it is not said what it holds. */
  axes: readonly [Axis, Axis] | undefined;
  rows: number;
  cols: number;
  /** Absolute row and column of element [0][0] in the role's matrix. */
  row0: number;
  col0: number;
  values: Float32Array;
  /**
   * How many of its rows and columns belong to the problem. The rest of a last tile sticks out over N: lanes work
   * there, on nothing.
   */
  inside: { rows: number; cols: number };
  /** Rectangles with values ('all' for inputs), or by element a writer that is 0 where nothing was written. */
  written: 'all' | readonly Rect[] | Uint16Array;
  reads: Rect | undefined;
  writes: Rect | undefined;
  live: Rect | undefined;
  bytes: number;
}

const orders = new WeakMap<Trace, readonly TensorId[]>();

/** The tensors of a trace in its op's order, those aside that only say where others lie. */
function orderOf({ trace, tensors }: Frame): readonly TensorId[] {
  const known = orders.get(trace);
  if (known) return known;
  const listed = Object.keys(OPS.find(({ id }) => id === trace.header.op)?.tensors ?? {});
  const made = Object.keys(tensors)
    .filter((id) => axesOf(trace, id)?.[0] !== 'request')
    .toSorted((x, y) => listed.indexOf(x) - listed.indexOf(y));
  orders.set(trace, made);
  return made;
}

/** The tensors that this kernel allocates in HBM, this plane of each. */
export const tensorsOf = (frame: Frame): Matrix[] =>
  orderOf(frame).flatMap((id) => {
    const tensor = frame.tensors[id];
    return tensor?.materialised ? [fromTensor(tensor, frame)] : [];
  });

/** Matrices that this kernel never writes to HBM (S and P of a tiled one), with the size they would have. */
export const ghostsOf = ({ tensors }: Frame): { id: TensorId; rows: number; cols: number }[] =>
  Object.values(tensors).flatMap(({ id, rows, cols, materialised }) => (materialised ? [] : [{ id, rows, cols }]));

/** The captured arrays of one level, matrices before vectors. */
export const arraysOf = (frame: Frame, level: 'sram' | 'reg'): Matrix[] =>
  frame.arrays
    .filter((a) => (a.space === 'workgroup') === (level === 'sram'))
    .map((a) => fromArray(a, level, frame))
    .toSorted((a, b) => Number(isVector(a)) - Number(isVector(b)));

const fromTensor = (t: TensorFrame, { trace }: Frame): Matrix => ({
  key: `hbm:${t.id}`,
  axes: axesOf(trace, t.id),
  level: 'hbm',
  name: t.id,
  role: t.id,
  rows: t.rows,
  cols: t.cols,
  row0: 0,
  col0: 0,
  values: t.values,
  inside: { rows: t.rows, cols: t.cols },
  written: t.written === 'input' ? 'all' : t.written,
  reads: t.reads,
  writes: t.writes,
  live: t.live,
  bytes: t.rows * t.cols * 4,
});

/** The part of an array that lies inside the role's matrix. What has no role has no outside. */
function insideOf(a: ArrayFrame, axes: Matrix['axes'], frame: Frame): Matrix['inside'] {
  const { queries, keys } = frame.trace.header.run.shape;
  const within = (axis: Axis | undefined, count: number, from: number): number =>
    axis === 'query' || axis === 'key'
      ? Math.max(0, Math.min(count, (axis === 'query' ? queries : keys) - from))
      : count;
  return { rows: within(axes?.[0], a.rows, a.row0), cols: within(axes?.[1], a.cols, a.col0) };
}

function fromArray(a: ArrayFrame, level: 'sram' | 'reg', frame: Frame): Matrix {
  const whole: Rect = { r0: 0, r1: a.rows - 1, c0: 0, c1: a.cols - 1 };
  const axes = a.role === 'other' ? undefined : axesOf(frame.trace, a.role);
  return {
    key: `${level}:${frame.cursor.pass}:${a.info.id}`,
    level,
    name: a.info.name,
    role: a.role,
    axes,
    rows: a.rows,
    cols: a.cols,
    row0: a.row0,
    col0: a.col0,
    values: a.values,
    inside: insideOf(a, axes, frame),
    written: a.writer,
    reads: a.reads ? whole : undefined,
    writes: a.writes ? whole : undefined,
    live: undefined,
    bytes: a.bytes,
  };
}

/** One number a row: drawn as a strip. */
export const isVector = (m: Matrix): boolean => m.cols === 1;

/** Weights and factors run from 0 to 1 and sums from 0 up; everything else is signed. */
export const scaleOf = (role: Role): Scale => (roleInfo(role)?.range ? 'sequential' : 'diverging');

/** Whether the rows of the matrix are query rows. */
export const rowsAreQueries = ({ axes }: Pick<Matrix, 'axes'>): boolean => axes?.[0] === 'query';

/** Whether element [row][col] (local) has a value to show at the cursor. */
export function isWritten(m: Matrix, row: number, col: number): boolean {
  if (row < 0 || col < 0 || row >= m.inside.rows || col >= m.inside.cols) return false;
  if (m.written === 'all') return true;
  if (m.written instanceof Uint16Array) return m.written[row * m.cols + col] !== 0;
  return m.written.some((r) => row >= r.r0 && row <= r.r1 && col >= r.c0 && col <= r.c1);
}

/** The value of element [row][col] (local), undefined where nothing was written so far. */
export const valueAt = (m: Matrix, row: number, col: number): number | undefined =>
  isWritten(m, row, col) ? m.values[row * m.cols + col] : undefined;

/** The part of an absolute rectangle that lies in the matrix, in local coordinates. */
export function localPart(m: Matrix, rect: Rect): Rect | undefined {
  const r0 = Math.max(0, rect.r0 - m.row0);
  const r1 = Math.min(m.rows - 1, rect.r1 - m.row0);
  const c0 = Math.max(0, rect.c0 - m.col0);
  const c1 = Math.min(m.cols - 1, rect.c1 - m.col0);
  return r0 <= r1 && c0 <= c1 ? { r0, r1, c0, c1 } : undefined;
}

/** The captured value of a cell, from the first matrix of its role that holds it. */
export function captured(
  matrices: readonly Matrix[],
  cell: CellRef,
): { matrix: Matrix; value: number | undefined } | undefined {
  const matrix = matrices.find(
    (m) => m.role === cell.role && localPart(m, { r0: cell.row, r1: cell.row, c0: cell.col, c1: cell.col }),
  );
  return matrix && { matrix, value: valueAt(matrix, cell.row - matrix.row0, cell.col - matrix.col0) };
}
