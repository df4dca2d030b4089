// The cross's geometry and sets of cells against brute force: no browser needed.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Shape } from '../../../ops/attention/shape';
import type { Rect } from '../../../frame/frame-types';
import { thinned } from './axes';
import { boundsOf, SPOTS } from './cells';
import { layoutOf } from './layout';
import { boxOf, cellAt } from '../../shared/place';
import { placed, TAG_HEIGHT, tagWidth } from './marks';
import { both, holds, minus } from './region';
import { brief, digitsFor } from './window';

const SIDE = 9;
const rect = fc
  .tuple(fc.nat(SIDE), fc.nat(SIDE), fc.nat(SIDE), fc.nat(SIDE))
  .map(([a, b, c, d]): Rect => ({ r0: Math.min(a, b), r1: Math.max(a, b), c0: Math.min(c, d), c1: Math.max(c, d) }));
const rects = fc.array(rect, { maxLength: 4 });
const inside = (list: readonly Rect[], r: number, c: number): boolean => list.some((x) => holds(x, r, c));

test('what is left to paint is exactly what is wanted and not painted', () => {
  fc.assert(
    fc.property(rects, rects, (a, b) => {
      const [left, common] = [minus(a, b), both(a, b)];
      for (let r = 0; r <= SIDE; r++) {
        for (let c = 0; c <= SIDE; c++) {
          expect(inside(left, r, c)).toBe(inside(a, r, c) && !inside(b, r, c));
          expect(inside(common, r, c)).toBe(inside(a, r, c) && inside(b, r, c));
        }
      }
    }),
  );
});

const size = fc.oneof(fc.integer({ min: 1, max: 70 }), fc.constantFrom(256, 1000, 4096));
const shape = fc
  .record({ queries: size, keys: size, dim: fc.constantFrom(8, 32, 64, 80, 128) })
  .map((s): Shape => ({ batch: 1, heads: 1, kvHeads: 1, mask: 'full', ...s }));
const panel = fc.constantFrom(300, 340, 420, 480, 640, 739, 740, 900);

test('matrices stay inside the panel, never overlap, and rows and keys line up across them', () => {
  fc.assert(
    fc.property(shape, panel, fc.integer({ min: 44, max: 72 }), (s, width, labels) => {
      const { places, width: used, height } = layoutOf(width, s, labels, 40);
      for (const a of SPOTS) {
        const { x, y, w, h } = places[a];
        expect(x >= labels && y >= 0 && x + w <= Math.max(used, width) + 1 && y + h <= height).toBe(true);
        for (const b of SPOTS) {
          const o = places[b];
          const apart = x + w <= o.x || o.x + o.w <= x || y + h <= o.y || o.y + o.h <= y;
          expect(a === b || apart).toBe(true);
        }
      }
      const { Q, K, S, O, V } = places;
      expect([Q.y, Q.h, O.y, O.h]).toEqual([S.y, S.h, S.y, S.h]);
      expect([K.x, K.w, V.x, V.w]).toEqual([S.x, S.w, S.x, S.w]);
    }),
  );
});

test('the cell under the middle of a cell’s box is that cell', () => {
  fc.assert(
    fc.property(shape, panel, fc.nat(), fc.nat(), fc.constantFrom(...SPOTS), (s, width, i, j, spot) => {
      const place = layoutOf(width, s, 44, 40).places[spot];
      const { r1, c1 } = boundsOf(spot, s);
      const [row, col] = [i % (r1 + 1), j % (c1 + 1)];
      const box = boxOf(place, { r0: row, r1: row, c0: col, c1: col });
      expect(cellAt(place, box.x - place.x + box.w / 2, box.y - place.y + box.h / 2)).toEqual({ row, col });
    }),
  );
});

test('labels keep their distance, and the chosen one is there', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4096 }),
      fc.integer({ min: 12, max: 360 }),
      fc.constantFrom(1, 8, 16),
      fc.nat(),
      (count, length, every, c) => {
        const chosen = c % count;
        const labels = thinned(count, length, 16, every, String, chosen);
        expect(labels.filter((l) => l.chosen).map((l) => l.index)).toEqual([chosen]);
        for (let i = 1; i < labels.length; i++)
          expect(labels[i]!.at - labels[i - 1]!.at).toBeGreaterThanOrEqual(16 - 1e-9);
      },
    ),
  );
});

test('numbers in cells fit their letters, line up, and are the value rounded', () => {
  fc.assert(
    fc.property(fc.double({ min: -99, max: 99, noNaN: true }), fc.integer({ min: 4, max: 7 }), (x, letters) => {
      const digits = digitsFor(99, true, letters);
      const text = brief(x, digits);
      expect(text.length).toBeLessThanOrEqual(Math.max(letters, 3) + (Math.abs(x) >= 98.9 ? 1 : 0));
      expect(Number(text.replace('−', '-'))).toBeCloseTo(x, digits === 0 ? -0.31 : digits - 0.31);
    }),
  );
});

test('what rounds to nothing is 0, and has no sign', () => {
  expect([-0.02, 0.02, -0, -0.004].map((x) => brief(x, 1))).toEqual(['0', '0', '0', '0']);
  expect([brief(-0.4, 0), brief(-0.06, 1), brief(-0.004, 2)]).toEqual(['0', '−.1', '0']);
  fc.assert(
    fc.property(fc.double({ min: -2, max: 2, noNaN: true }), fc.nat(4), (x, digits) => {
      expect(brief(x, digits)).not.toMatch(/^[−-][0.]*$/);
    }),
  );
});

test('a letter at the far edge of Q, K, O or V stands whole inside it', () => {
  const tag = fc.constantFrom('R' as const, 'W' as const);
  fc.assert(
    fc.property(
      shape,
      panel,
      fc.constantFrom('Q' as const, 'K' as const, 'O' as const, 'V' as const),
      tag,
      (s, width, spot, letter) => {
        const place = layoutOf(width, s, 56, 40).places[spot];
        const { r1, c1 } = boundsOf(spot, s);
        const corner = { r0: r1, r1, c0: c1, c1 };
        const [shown] = placed([{ id: 'x', kind: 'write', spot, rect: corner, tag: letter }], { [spot]: place });
        const [x, y] = shown!.at;
        expect(x + tagWidth(letter)).toBeLessThanOrEqual(place.x + place.w + 1e-9);
        expect(y + TAG_HEIGHT).toBeLessThanOrEqual(place.y + place.h + 1e-9);
      },
    ),
  );
});
