// What the bar charts of the softmax show: one bar a key, or the largest of several keys when there are more keys than room.
import type { SoftmaxTile } from '../capture/frame-types';

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
export const keysPerBar = (keys: number, width: number): number => Math.ceil(keys / Math.max(1, Math.floor(width / NARROWEST)));

/** Bars of a tile, `per` keys each. A bin shows the key of the largest score (of the largest weight where no score is known). */
export function barsOf(tile: SoftmaxTile, per: number): Bar[] {
  const bars: Bar[] = [];
  for (let first = 0; first < tile.masked.length; first += per) {
    let best = first;
    const rank = (i: number): number => (tile.masked[i] ? -Infinity : (tile.s[i] ?? tile.p[i] ?? -1e38));
    for (let i = first + 1; i < Math.min(first + per, tile.masked.length); i++) if (rank(i) > rank(best)) best = i;
    const masked = tile.masked[best] ?? false;
    bars.push({ key: tile.from + best, first: tile.from + first, s: masked ? undefined : tile.s[best], p: tile.p[best], masked });
  }
  return bars;
}

/** The key a reader looks at when none is chosen: the largest score of the tile so far; undefined while none is written. */
export function topKey(tile: SoftmaxTile): number | undefined {
  let best: number | undefined;
  tile.s.forEach((s, i) => {
    if (s !== undefined && !tile.masked[i] && (best === undefined || s > (tile.s[best] ?? -Infinity))) best = i;
  });
  return best === undefined ? undefined : tile.from + best;
}

const ranges = new WeakMap<SoftmaxTile, readonly [number, number]>();

/** Lowest and highest value that the scores and maxima of these tiles reach, 0 included, so that the axis grows but never jumps back. */
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

/** Whether two rows are the same captured numbers: O in registers before its update and now are, until the update is written. */
export const sameRow = (a: Float32Array | undefined, b: Float32Array | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && a.buffer === b.buffer && a.byteOffset === b.byteOffset);
