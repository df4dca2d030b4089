// How a cell is named everywhere: by the role of its matrix and its absolute row and column in the chosen plane.
import type { Role } from '../ops/layout';

/** A cell of Q, K, V, S, P, O (row, col in the tensor's plane) or of m, l, alpha (row = query row, col = 0). */
export interface CellRef {
  role: Role;
  row: number;
  col: number;
}
