// Where the five matrices of the cross stand for a panel width: Kᵀ above, Q left, S in the middle, O right, Vᵀ below,
// the tile beside or under it.
import type { Box } from '../../../ui/paint/box';
import type { Shape } from '../../../ops/attention/shape';
import type { Placed } from '../../shared/place';
import { sizeOf, SPOTS, type Spot } from './cells';

/** Where one of the five stands. K and V lie on their side. */
export interface Place extends Placed {
  spot: Spot;
}

export interface CrossLayout {
  width: number;
  height: number;
  places: Readonly<Record<Spot, Place>>;
  /** The tile's picture goes beside the cross instead of under it. */
  beside: boolean;
  /** Width left for the tile's picture. */
  tileWidth: number;
}

const GAP = 10;
const TITLE = 26;
const SIDE_MAX = 352;
const LEGEND = 300;
/** However low the window is, S has this much. */
const SIDE_MIN = 150;
const BESIDE_FROM = 560;
/** Between the cross and the tile beside it. */
const BETWEEN = 24;

const BIGGEST_CELL = 24;

/** Whole pixels a cell, unless that would waste much of the room: then the picture is scaled smoothly. */
function snapped(room: number, cells: number): number {
  if (room / cells >= BIGGEST_CELL) return BIGGEST_CELL * cells;
  const whole = Math.floor(room / cells) * cells;
  return whole >= 0.75 * room ? whole : room;
}

/**
 * Lays the cross out. `labels` = pixels that row labels take at the left, `head` = those of key labels at the top,
 * `tall` = those there are in all.
 */
export function layoutOf(panel: number, shape: Shape, labels: number, head: number, tall = Infinity): CrossLayout {
  const beside = panel >= BESIDE_FROM;
  const width = beside ? Math.min(Math.round(panel * 0.53), 560) : panel;
  const narrow = Math.max(34, Math.min(72, Math.round(width * 0.12)));
  const longest = Math.max(shape.keys, shape.queries);
  const sized = (wide: number): { thin: number; square: number } => {
    const thin = snapped(wide, shape.dim);
    const lower = Math.max(SIDE_MIN, tall - head - TITLE - 2 * thin - GAP - 2);
    return {
      thin,
      square: snapped(Math.max(80, Math.min(SIDE_MAX, lower, width - labels - 2 * thin - 2 * GAP - 2)), longest),
    };
  };
  // Where the height is short, the middle has it rather than the sides.
  const [full, slim] = [sized(narrow), sized(Math.max(34, Math.round(narrow / 2)))];
  const { thin, square } = slim.square >= 1.25 * full.square ? slim : full;
  const across = Math.max(12, (square / longest) * shape.keys);
  const down = Math.max(12, (square / longest) * shape.queries);
  const left = labels;
  const middle = left + thin + GAP;
  const top = head + thin + TITLE;
  const box = (spot: Spot): Box => {
    if (spot === 'Q') return { x: left, y: top, w: thin, h: down };
    if (spot === 'S') return { x: middle, y: top, w: across, h: down };
    if (spot === 'O') return { x: middle + across + GAP, y: top, w: thin, h: down };
    return { x: middle, y: spot === 'K' ? head : top + down + GAP, w: across, h: thin };
  };
  const place = (spot: Spot): Place => {
    const { rows, cols } = sizeOf(spot, shape);
    return {
      spot,
      turned: spot === 'K' || spot === 'V',
      window: { r0: 0, r1: rows - 1, c0: 0, c1: cols - 1 },
      ...box(spot),
    };
  };
  const places = Object.fromEntries(SPOTS.map((spot) => [spot, place(spot)])) as Record<Spot, Place>;
  const height = top + down + GAP + thin + 2;
  const used = beside ? middle + across + GAP + thin + 2 : panel;
  // The legend under the cross takes this much, however small the matrices are; the style sheet says the same.
  const column = Math.max(used, Math.min(LEGEND, 0.53 * panel));
  return { width: used, height, places, beside, tileWidth: beside ? Math.floor(panel - column - BETWEEN) : panel };
}
