// Walking the cells of the memory scene by keys: in a matrix cell by cell, from matrix to matrix; a pure function of
// where one stands.
import type { CellRef } from '../../frame/cell';
import { localPart, type Matrix } from '../shared/matrix';

/** A cell of one matrix, local to it. The role alone would not do: HBM, SRAM and registers may all hold a Q. */
export interface Step {
  key: string;
  row: number;
  col: number;
}

export type Move = { rows: number; cols: number } | { matrices: number };

/** What stands there, and the cell as every view knows it. */
export const cellOf = (m: Matrix, { row, col }: Step): CellRef => ({
  role: m.role,
  row: m.row0 + row,
  col: m.col0 + col,
});

/** Rows and columns that belong to the problem; what sticks out over N is not walked on. */
const sizeOf = ({ inside, rows, cols }: Matrix): { rows: number; cols: number } => ({
  rows: Math.min(rows, inside.rows),
  cols: Math.min(cols, inside.cols),
});

const clamp = (x: number, below: number): number => Math.max(0, Math.min(below - 1, x));

/**
 * Where one begins: on the cell that is looked at, else in the first matrix that this step writes, or reads, at what it
 * moves.
 */
export function firstStep(matrices: readonly Matrix[], cell: CellRef | undefined): Step | undefined {
  const open = matrices.filter((m) => sizeOf(m).rows > 0 && sizeOf(m).cols > 0);
  if (cell) {
    for (const m of open) {
      const at =
        m.role === cell.role ? localPart(m, { r0: cell.row, r1: cell.row, c0: cell.col, c1: cell.col }) : undefined;
      if (at) return { key: m.key, row: at.r0, col: at.c0 };
    }
  }
  const m = open.find(({ writes }) => writes) ?? open.find(({ reads }) => reads) ?? open[0];
  const { r0 = 0, c0 = 0 } = m?.writes ?? m?.reads ?? {};
  return m && { key: m.key, row: clamp(r0, sizeOf(m).rows), col: clamp(c0, sizeOf(m).cols) };
}

/**
 * One move on; at an edge one stays. From matrix to matrix it goes round, keeping row and column where there are such.
 */
export function step(matrices: readonly Matrix[], from: Step, move: Move): Step | undefined {
  const open = matrices.filter((m) => sizeOf(m).rows > 0 && sizeOf(m).cols > 0);
  const at = open.findIndex(({ key }) => key === from.key);
  const m = open[at];
  if (!m) return firstStep(matrices, undefined);
  const to = 'matrices' in move ? open[(at + move.matrices + open.length) % open.length]! : m;
  const { rows, cols } = 'matrices' in move ? { rows: 0, cols: 0 } : move;
  const size = sizeOf(to);
  return { key: to.key, row: clamp(from.row + rows, size.rows), col: clamp(from.col + cols, size.cols) };
}
