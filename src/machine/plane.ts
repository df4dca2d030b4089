/** Which workgroups of a pass work for a plane: the same on every machine. */
import type { PassSpec } from '../kernels/card';

/** Linear ids in the full grid. */
export interface PlaneWorkgroups {
  first: number;
  count: number;
  /** The one that a query row of the plane begins in; the first where workgroups do not go along query rows. */
  chosen: number;
}

/**
 * The workgroups of query plane `plane` (batch index * heads + head). Where a pass goes over planes of K and V, those
 * of the plane that it reads.
 */
export function workgroupsOfPlane({ grid, rows, sharers = 1 }: PassSpec, plane: number, row: number): PlaneWorkgroups {
  const count = grid[0] * grid[1];
  const first = Math.floor(plane / sharers) * count;
  return { first, count, chosen: first + (rows > 0 ? Math.floor(row / rows) : 0) };
}
