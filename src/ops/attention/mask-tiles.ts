// A mask seen in tiles: which Br x Bc tiles of S a tiled kernel must compute whole, mask inside, or may leave out. A
// formula, no kernel.
import { keysSeen } from './cost';
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
    // The keys seen grow with the row, so the first row of a block sees the fewest and the last the most.
    const fewest = keysSeen(shape, r * br);
    const most = keysSeen(shape, Math.min(r * br + br, shape.queries) - 1);
    for (let c = 0; c < cols; c++) {
      const end = Math.min(c * bc + bc, shape.keys);
      const kind = fewest >= end ? 'full' : most > c * bc ? 'partial' : 'skipped';
      kinds.push(kind);
      counts[kind]++;
    }
  }
  return { rows, cols, kinds, counts };
}
