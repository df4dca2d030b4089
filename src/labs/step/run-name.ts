// A run and its tile by name, in one line.
import type { Run, Tile } from '../../ops/run';
import { cardById } from '../../kernels';
import { scoreNames } from '../../views/shared/mask.words';
import type { Speech } from './speech';

export const tileName = ({ br, bc }: Tile): string => `${br} × ${bc}`;

/** A run in one line, for its name in a sentence. */
export function runName({ kernel, shape, tile }: Run, words: Speech): string {
  const { batch, heads, queries, keys, dim, mask } = shape;
  const tiled = cardById(kernel).tiles.length > 0 ? ` ${tileName(tile)}` : '';
  const parts = [`${kernel}${tiled}`, queries === keys ? `N = ${keys}` : `${queries} × ${keys}`, `d = ${dim}`];
  if (batch > 1) parts.push(`B = ${batch}`);
  if (heads > 1) parts.push(`H = ${heads}`);
  return [...parts, words.maskName(mask), ...scoreNames(shape)].join(' · ');
}
