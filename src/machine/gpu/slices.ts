// How a long run is cut into submits: by planes first, then by query rows, the same for every kernel of a shape.
import { visiblePairs } from '../../ops/attention/cost';
import type { Shape } from '../../ops/attention/shape';
import type { PassSpec } from '../../kernels/card';

/** Some planes (batch * heads) and some query rows of them: a piece of a run that can be computed on its own. */
export interface Slice {
  plane: number;
  planes: number;
  row: number;
  rows: number;
}

/** Slices begin at multiples of this many rows: every kernel's block of rows divides it. */
export const SLICE_ROWS = 64;

/**
 * About as many slices as asked for, of equal size. Never more than one a plane and SLICE_ROWS rows; nor more than one
 * a plane where a pass has workgroups for more than some query rows, nor than one for all query heads of a plane of K
 * and V where a pass goes over those.
 */
export function sliceRun(
  { batch, heads, queries }: Shape,
  wanted: number,
  passes: readonly Pick<PassSpec, 'rows' | 'sharers'>[],
): Slice[] {
  const planes = batch * heads;
  const together = Math.max(1, ...passes.map(({ sharers = 1 }) => sharers));
  const planesEach = together * Math.max(1, Math.floor(planes / wanted / together));
  const perPlane = Math.ceil(wanted / planes);
  const whole = passes.some(({ rows }) => rows === 0);
  const rowsEach = whole ? queries : Math.max(SLICE_ROWS, Math.ceil(queries / perPlane / SLICE_ROWS) * SLICE_ROWS);
  const slices: Slice[] = [];
  for (let plane = 0; plane < planes; plane += planesEach) {
    for (let row = 0; row < queries; row += rowsEach) {
      slices.push({
        plane,
        planes: Math.min(planesEach, planes - plane),
        row,
        rows: Math.min(rowsEach, queries - row),
      });
    }
  }
  return slices;
}

/** Floating-point operations of one submit that stay well under a second on a slow device of its kind. */
const OPERATIONS = { software: 0.4e9, hardware: 10e9 };

/** Rows that a tiled kernel computes at least, however few are asked for. */
const LEAST_ROWS = 32;

/** How many submits a run is cut into, so that none blocks the screen or meets the watchdog. */
export function submitsFor(shape: Shape, software: boolean): number {
  // The masked half is not computed, but the last rows do not know that: count every slice as if it were the longest.
  const queries = Math.max(shape.queries, LEAST_ROWS);
  const operations = 4 * shape.dim * visiblePairs({ ...shape, queries, mask: 'full' }) * shape.batch * shape.heads;
  return Math.max(1, Math.ceil(operations / (software ? OPERATIONS.software : OPERATIONS.hardware)));
}

/** The workgroups of a pass that compute a slice: the first one and how many, by dimension. */
export function workgroupsOf(
  { grid, rows, sharers = 1 }: Pick<PassSpec, 'grid' | 'rows' | 'sharers'>,
  slice: Slice,
): { origin: number[]; size: number[] } {
  const [first, count] = rows > 0 ? [slice.row / rows, Math.ceil(slice.rows / rows)] : [0, grid[0]];
  return { origin: [first, 0, slice.plane / sharers], size: [count, grid[1], slice.planes / sharers] };
}
