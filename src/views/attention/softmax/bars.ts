// What the bar charts of the softmax show: one bar a key, or the largest of several keys when there are more keys than
// room.
import type { Frame, SoftmaxTile } from '../../../frame/frame-types';

export interface Bar {
  /** The key the bar stands for: its only one, or the largest of its bin. */
  key: number;
  /** First key of the bin. */
  first: number;
  s: number | undefined;
  p: number | undefined;
  masked: boolean;
}

/** Narrowest bar in pixels, gap included. */
const NARROWEST = 4;

/** Keys that share a bar at this width. */
export const keysPerBar = (keys: number, width: number): number =>
  Math.ceil(keys / Math.max(1, Math.floor(width / NARROWEST)));

/**
 * Bars of a tile, `per` keys each. A bin shows the key of the largest score (of the largest weight where no score is
 * known).
 */
export function barsOf(tile: SoftmaxTile, per: number): Bar[] {
  const bars: Bar[] = [];
  for (let first = 0; first < tile.masked.length; first += per) {
    let best = first;
    const rank = (i: number): number => (tile.masked[i] ? -Infinity : (tile.s[i] ?? tile.p[i] ?? -1e38));
    for (let i = first + 1; i < Math.min(first + per, tile.masked.length); i++) if (rank(i) > rank(best)) best = i;
    const masked = tile.masked[best] ?? false;
    bars.push({
      key: tile.from + best,
      first: tile.from + first,
      s: masked ? undefined : tile.s[best],
      p: tile.p[best],
      masked,
    });
  }
  return bars;
}

const ranges = new WeakMap<SoftmaxTile, readonly [number, number]>();

/**
 * Lowest and highest value that the scores and maxima of these tiles reach, 0 included, so that the axis grows but
 * never jumps back.
 */
export function scoreRange(tiles: readonly SoftmaxTile[]): readonly [number, number] {
  let [lo, hi] = [0, 0];
  for (const tile of tiles) {
    const known = ranges.get(tile) ?? rangeOf(tile);
    ranges.set(tile, known);
    lo = Math.min(lo, known[0]);
    hi = Math.max(hi, known[1]);
  }
  return lo === hi ? [0, 1] : [lo, hi];
}

function rangeOf(tile: SoftmaxTile): readonly [number, number] {
  let [lo, hi] = [0, 0];
  const take = (x: number | undefined): void => {
    if (x === undefined || x <= -1e30) return;
    lo = Math.min(lo, x);
    hi = Math.max(hi, x);
  };
  tile.s.forEach((s, i) => tile.masked[i] || take(s));
  take(tile.m);
  take(tile.mOld);
  return [lo, hi];
}

/**
 * O of the row in registers after this tile's update, or undefined while the update is not written: until then the
 * registers hold the row as it was before, or the zeros that they began with. Told by the phases that wrote O and alpha
 * last.
 */
export function updatedRow(frame: Frame): Float32Array | undefined {
  const { acc, accBefore: before, tiles, row } = frame.softmax ?? {};
  // O in HBM is given once it is updated.
  if (frame.softmax?.inHbm) return acc;
  if (!acc || row === undefined || tiles?.at(-1)?.alpha === undefined) return undefined;
  const unchanged = before && acc.buffer === before.buffer && acc.byteOffset === before.byteOffset;
  const [o, alpha] = [writtenAt(frame, 'O', row), writtenAt(frame, 'alpha', row)];
  return unchanged || (o !== undefined && alpha !== undefined && o < alpha) ? undefined : acc;
}

/** Executed phase of the last write to a row of the kernel's own array; undefined when there is none. */
function writtenAt(frame: Frame, role: 'O' | 'alpha', row: number): number | undefined {
  const array = frame.arrays.find((a) => a.role === role);
  const i = array ? (row - array.row0) * array.cols : -1;
  return array?.writer[i] ? array.at[i] : undefined;
}
