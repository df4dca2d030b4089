// A mask seen in tiles: which Br x Bc tiles of S a tiled kernel must compute whole, mask inside, or may leave out. A
// formula, no kernel.
import { keysFrom, keysSeen } from './cost';
import type { Shape } from './shape';

/** `full`: every cell is seen; `partial`: some are; `skipped`: none is, so a tiled kernel need not touch it. */
export type TileKind = 'full' | 'partial' | 'skipped';

export interface MaskTiles {
  /** Blocks of Br query rows, and of Bc keys. */
  rows: number;
  cols: number;
  /** Row-major, rows * cols. */
  kinds: readonly TileKind[];
  counts: Readonly<Record<TileKind, number>>;
}

/** All tiles of S; the last row and column of tiles may stick out over the matrix, what sticks out does not count. */
export function maskTiles(
  shape: Pick<Shape, 'mask' | 'queries' | 'keys'>,
  { br, bc }: { br: number; bc: number },
): MaskTiles {
  const rows = Math.ceil(shape.queries / br);
  const cols = Math.ceil(shape.keys / bc);
  const kinds: TileKind[] = [];
  const counts = { full: 0, partial: 0, skipped: 0 };
  for (let r = 0; r < rows; r++) {
    // First and last key seen never fall from row to row, nor does a row leave out a key between its neighbours'.
    const [first, last] = [r * br, Math.min(r * br + br, shape.queries) - 1];
    const all = { from: keysFrom(shape, last), to: keysSeen(shape, first) };
    const any = { from: keysFrom(shape, first), to: keysSeen(shape, last) };
    for (let c = 0; c < cols; c++) {
      const [begin, end] = [c * bc, Math.min(c * bc + bc, shape.keys)];
      const full = all.from <= begin && all.to >= end;
      const kind = full ? 'full' : any.from < end && any.to > begin ? 'partial' : 'skipped';
      kinds.push(kind);
      counts[kind]++;
    }
  }
  return { rows, cols, kinds, counts };
}
