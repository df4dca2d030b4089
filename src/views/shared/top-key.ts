// Which key a row is told of.
import type { SoftmaxTile } from '../../frame/frame-types';

/**
 * The key a reader looks at when none is chosen: the largest score of the tile so far; undefined while none is written.
 */
export function topKey(tile: SoftmaxTile): number | undefined {
  let best: number | undefined;
  tile.s.forEach((s, i) => {
    if (s !== undefined && !tile.masked[i] && (best === undefined || s > (tile.s[best] ?? -Infinity))) best = i;
  });
  return best === undefined ? undefined : tile.from + best;
}
