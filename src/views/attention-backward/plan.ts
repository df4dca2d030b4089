// Where the matrices of the backward pass stand: Q and dO left, Kᵀ and Vᵀ above, P and dS in the middle, dQ right, dKᵀ
// and dVᵀ below, as in the cross of the forward pass; beside dQ L and D of each row.
import type { Shape } from '../../ops/attention/shape';
import type { Box } from '../../ui/paint/box';
import type { Part } from '../shared/matrices/held';
import type { Plan, Spot } from '../shared/matrices/matrices';

const NAME = 20;
const GAP = 12;
/** Of a strip of two numbers a row. */
const STRIP = 16;
/** Pixels that a middle may have to a side. */
const LARGEST = 460;
const SMALLEST = 120;

export const MIDDLE: readonly Part[] = [{ role: 'P', unit: true }, { role: 'dS' }, { role: 'S' }, { role: 'dP' }];

export function planOf(width: number, tall: number, { queries, keys, dim }: Shape): Plan {
  const thin = Math.max(28, Math.min(72, Math.round(width * 0.09)));
  const across = width - 3 * thin - STRIP - 4 * GAP - 26;
  const low = Math.round(thin / 2);
  const down = tall - 4 * (low + NAME) - 2 * GAP;
  const longest = Math.max(queries, keys);
  const square = Math.max(SMALLEST, Math.min(LARGEST, across, down));
  const [w, h] = [Math.max(24, (square * keys) / longest), Math.max(24, (square * queries) / longest)];
  const [x1, x2] = [thin + GAP, 2 * thin + 2 * GAP];
  const x3 = x2 + w + GAP;
  const [y1, y2] = [NAME, low + 2 * NAME];
  const y3 = y2 + low + NAME;
  const [y4, y5] = [y3 + h + NAME, y3 + h + 2 * NAME + low];
  const spot = (
    parts: readonly Part[],
    rows: Spot['rows'],
    box: Box,
    [r, c]: readonly [number, number],
    name: number,
    more: Partial<Spot> = {},
  ): Spot => ({
    parts,
    rows,
    ...box,
    turned: false,
    window: { r0: 0, r1: r - 1, c0: 0, c1: c - 1 },
    name: { x: box.x, y: box.y - NAME, w: name, h: NAME },
    ...more,
  });
  const side = (role: string, x: number): Spot =>
    spot([{ role }], 'query', { x, y: y3, w: thin, h }, [queries, dim], thin + GAP - 2);
  const lying = (role: string, y: number): Spot =>
    spot([{ role }], 'key', { x: x2, y, w, h: low }, [keys, dim], w + GAP + thin, { turned: true });
  return {
    width: x3 + thin + GAP + STRIP + 26,
    height: y5 + low + 2,
    spots: [
      side('Q', 0),
      side('dO', x1),
      lying('K', y1),
      lying('V', y2),
      spot(MIDDLE, 'query', { x: x2, y: y3, w, h }, [queries, keys], w, { scores: true }),
      side('dQ', x3),
      spot([{ role: 'LD' }], 'query', { x: x3 + thin + GAP, y: y3, w: STRIP, h }, [queries, 2], STRIP + 24, {
        sign: 'L, D',
      }),
      lying('dK', y4),
      lying('dV', y5),
    ],
  };
}
