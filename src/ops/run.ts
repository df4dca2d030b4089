// One thing to run: which kernel, on what problem, with what tile.
import type { Shape } from './attention/shape';

/** Br query rows by Bc keys. A kernel may use it in its own way, its card says how. */
export interface Tile {
  br: number;
  bc: number;
}

/** One thing to run: the kernel, the problem and the tile. `scale` defaults to 1 / sqrt(dim). */
export interface Run {
  /** Id of a kernel's card. */
  kernel: string;
  shape: Shape;
  tile: Tile;
  scale?: number;
}
