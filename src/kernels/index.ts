// The ordered list of kernels: the order in which the page teaches them.
import { opById } from '../ops';
import type { Op } from '../ops/op';
import { AttnError } from '../errors';
import type { Shape } from '../ops/attention/shape';
import type { Run, Tile } from '../ops/run';
import type { Limits } from '../ops/limits';
import type { KernelCard } from './card';
import { decode } from './decode';
import { decodeSplit } from './decode-split';
import { flash2 } from './flash2';
import { flashFast } from './flash-fast';
import { flashFastShared } from './flash-fast-shared';
import { naive } from './naive';
import { paged } from './paged';

export const KERNELS: readonly KernelCard[] = [naive, flash2, flashFast, flashFastShared, decode, decodeSplit, paged];

/** The card of a kernel. Throws `kernel-unknown` for a name that is not in the list. */
export function kernelById(id: string): KernelCard {
  const card = KERNELS.find((kernel) => kernel.id === id);
  if (!card) throw new AttnError('kernel-unknown', { kernel: id });
  return card;
}

/** What a run computes. Throws `kernel-unknown`. */
export const opOf = ({ kernel }: Pick<Run, 'kernel'>): Op => opById(kernelById(kernel).op);

/** Whether a kernel belongs into a race on this shape: those made for decoding where there is one query row. */
export const meantFor = ({ decoding }: KernelCard, { queries }: Pick<Shape, 'queries'>): boolean =>
  !decoding || queries === 1;

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
export function fittingTile(
  card: KernelCard,
  run: Omit<Run, 'tile'>,
  limits: Limits | undefined,
  room = Infinity,
): Tile {
  const { batch, heads, queries } = run.shape;
  const fitting = card.tiles.filter((tile) => !limits || !card.limit({ ...run, tile }, limits));
  const light = fitting.filter((tile) => card.sramBytes({ ...run, tile }) <= room);
  const offered = light.length > 0 ? light : fitting;
  const blocks = (tile: Tile): number => Math.floor(queries / tile.br) * batch * heads;
  return offered.find((tile) => blocks(tile) >= BLOCKS) ?? offered[0] ?? card.tiles[0] ?? NO_TILE;
}
