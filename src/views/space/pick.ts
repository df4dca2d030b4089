// Which cell a ray meets first: plane against ray, matrix by matrix; no matter how many cells there are.
import type { Vec } from './camera';
import type { Place } from './layout';

export interface Hit {
  place: Place;
  /** Local row and column. */
  row: number;
  col: number;
}

/** How far beside a narrow matrix still counts as on it, in cells: a column of numbers is one cell wide. */
const REACH = 2;

/** `lift`: how high the cells of the place stand above it. Misses give undefined. */
export function pick(
  origin: Vec,
  direction: Vec,
  places: Iterable<Place>,
  lift: (place: Place) => number,
): Hit | undefined {
  let nearest = Infinity;
  let hit: Hit | undefined;
  for (const place of places) {
    const t = (place.y + lift(place) - origin[1]) / direction[1];
    if (!(t > 0)) continue;
    const across = origin[0] + direction[0] * t - place.x;
    const down = origin[2] + direction[2] * t - place.z;
    const reach = place.cols === 1 ? REACH : 0;
    if (across < -reach || down < 0 || across >= place.cols + reach || down >= place.rows) continue;
    // On the cell itself beats beside it.
    const beside = across < 0 || across >= place.cols;
    const distance = t + (beside ? 1e6 : 0);
    if (distance >= nearest) continue;
    nearest = distance;
    hit = { place, row: Math.floor(down), col: Math.max(0, Math.min(place.cols - 1, Math.floor(across))) };
  }
  return hit;
}
