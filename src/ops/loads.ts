// How much of a tile in workgroup memory is loaded. Apart from ./layout, which the page starts with.
import type { TileLoads } from './layout';

/** Scalars that are loaded of a tile for so many query rows and keys. */
export function loadsOf({ each, scalars, threads }: TileLoads, rows: number, keys: number): number {
  const [mine, others] = each === 'row' ? [rows, keys] : [keys, rows];
  return mine * scalars * ('most' in threads ? Math.min(threads.most, others) : Math.ceil(others / threads.block));
}
