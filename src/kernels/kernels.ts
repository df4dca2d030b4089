// The kernels with all that it takes to run them, in the order of their list; apart from that, which the page's entry
// has, because only what runs needs it.
import { AttnError } from '../errors';
import type { Run, Tile } from '../ops/run';
import type { Limits } from '../ops/limits';
import type { Kernel } from './card';
import { backward } from './backward';
import { backwardNaive } from './backward-naive';
import { decode } from './decode';
import { decodeSplit } from './decode-split';
import { flash1 } from './flash1';
import { flash2 } from './flash2';
import { flashFast } from './flash-fast';
import { flashFastShared } from './flash-fast-shared';
import { layernorm } from './layernorm';
import { naive } from './naive';
import { paged } from './paged';

export const RUNNABLE: readonly Kernel[] = [
  naive,
  flash2,
  flash1,
  flashFast,
  flashFastShared,
  decode,
  decodeSplit,
  paged,
  backwardNaive,
  backward,
  layernorm,
];

/** A kernel with all that it takes to run it. Throws `kernel-unknown` for a name that is not in the list. */
export function kernelById(id: string): Kernel {
  const kernel = RUNNABLE.find((one) => one.id === id);
  if (!kernel) throw new AttnError('kernel-unknown', { kernel: id });
  return kernel;
}

/** A tile of any size for kernels that have none. */
const NO_TILE: Tile = { br: 0, bc: 0 };

/** Whole blocks of query rows that a run should have, so that a short sentence still keeps several workgroups busy. */
const BLOCKS = 4;

/**
 * The tile to begin with: the first on offer that fits the device and leaves at least BLOCKS whole blocks of rows over
 * all planes; else the first that fits; the default one when none does, so that its refusal can be told. Without
 * limits, as before any device is known, all fit.
 * @param room bytes of workgroup memory that it should do with, where any tile does
 */
export function fittingTile(kernel: Kernel, run: Omit<Run, 'tile'>, limits: Limits | undefined, room = Infinity): Tile {
  const { batch, heads, queries } = run.shape;
  const fitting = kernel.tiles.filter((tile) => !limits || !kernel.limit({ ...run, tile }, limits));
  const light = fitting.filter((tile) => kernel.sramBytes({ ...run, tile }) <= room);
  const offered = light.length > 0 ? light : fitting;
  const blocks = (tile: Tile): number => Math.floor(queries / tile.br) * batch * heads;
  return offered.find((tile) => blocks(tile) >= BLOCKS) ?? offered[0] ?? kernel.tiles[0] ?? NO_TILE;
}
