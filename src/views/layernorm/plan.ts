// Where the matrices of LayerNorm stand: X left and Y right, row beside row, the two numbers of each row between them;
// gamma and beta, one number a feature, above the features of Y.
import type { Shape } from '../../ops/attention/shape';
import type { Box } from '../../ui/paint/box';
import type { Plan, Spot } from '../shared/matrices/matrices';

const NAME = 20;
const GAP = 14;
const STRIP = 18;
/** The largest and the smallest height of a row, pixels. */
const ROW = { most: 14, least: 2 };

export function planOf(width: number, tall: number, { queries, dim }: Shape): Plan {
  const wide = Math.max(60, Math.min(300, (width - 2 * STRIP - 4 * GAP - 34) / 2));
  const top = 2 * (STRIP + NAME) + NAME;
  const h = Math.max(ROW.least * queries, Math.min(ROW.most * queries, tall - top));
  const [x1, x2] = [wide + GAP, wide + 2 * GAP + STRIP + 12];
  const x3 = x2 + STRIP + GAP + 20;
  const spot = (role: string, rows: Spot['rows'], box: Box, r: number, c: number, name = box.w): Spot => ({
    parts: [{ role }],
    rows,
    ...box,
    turned: false,
    window: { r0: 0, r1: r - 1, c0: 0, c1: c - 1 },
    name: { x: box.x, y: box.y - NAME, w: name, h: NAME },
  });
  return {
    width: x3 + wide + 2,
    height: top + h + 2,
    spots: [
      spot('X', 'query', { x: 0, y: top, w: wide, h }, queries, dim),
      spot('Mean', 'query', { x: x1, y: top, w: STRIP, h }, queries, 1, STRIP + 12),
      spot('Rstd', 'query', { x: x2, y: top, w: STRIP, h }, queries, 1, STRIP + 28),
      spot('Gamma', 'one', { x: x3, y: NAME, w: wide, h: STRIP }, 1, dim),
      spot('Beta', 'one', { x: x3, y: STRIP + 2 * NAME, w: wide, h: STRIP }, 1, dim),
      spot('Y', 'query', { x: x3, y: top, w: wide, h }, queries, dim),
    ],
  };
}
