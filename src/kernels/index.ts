// The ordered list of kernels: the order in which the page teaches them.
import { AttnError } from '../attention/errors';
import { checkScale, checkShape } from '../attention/validate';
import type { KernelCard, Limits, Run, Tile } from './card';
import { flash2 } from './flash2';
import { naive } from './naive';

export const KERNELS: readonly KernelCard[] = [naive, flash2];

/** The card of a kernel. Throws `kernel-unknown` for a name that is not in the list. */
export function kernelById(id: string): KernelCard {
  const card = KERNELS.find((kernel) => kernel.id === id);
  if (!card) throw new AttnError('kernel-unknown', { kernel: id });
  return card;
}

/** A tile of any size for kernels that have none. */
const NO_TILE: Tile = { br: 0, bc: 0 };

/** The first tile on offer that fits a device; the default one when none does, so that its refusal can be told. */
export function fittingTile(card: KernelCard, run: Omit<Run, 'tile'>, limits: Limits): Tile {
  return card.tiles.find((tile) => !card.limit({ ...run, tile }, limits)) ?? card.tiles[0] ?? NO_TILE;
}

/** Throws `kernel-unknown`, or `shape-invalid` for a shape, scale or tile that the kernel does not have. */
export function checkRun(run: Run): void {
  const { tiles } = kernelById(run.kernel);
  checkShape(run.shape);
  checkScale(run.scale);
  const { br, bc } = run.tile;
  if (tiles.length > 0 && !tiles.some((tile) => tile.br === br && tile.bc === bc)) {
    throw new AttnError('shape-invalid', {
      field: 'tile',
      value: `${br}x${bc}`,
      expected: tiles.map((tile) => `${tile.br}x${tile.bc}`).join(', '),
    });
  }
}
