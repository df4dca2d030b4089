/**
 * Where a card stands, over random windows and targets: inside the window, and beside what it speaks of wherever there
 * is room.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cardPlace } from './sentence-card';

const GAP = 16;
const EDGE = 8;

test('it lies inside the window, and covers its target only where no side has room for it', () => {
  const size = (most: number) =>
    fc.record({ width: fc.integer({ min: 60, max: most }), height: fc.integer({ min: 40, max: most }) });
  const target = fc.record({
    left: fc.integer({ min: -200, max: 1800 }),
    top: fc.integer({ min: -200, max: 1200 }),
    w: fc.integer({ min: 1, max: 900 }),
    h: fc.integer({ min: 1, max: 900 }),
  });
  fc.assert(
    fc.property(size(420), size(1900), fc.option(target), (card, more, at) => {
      const room = { width: card.width + 2 * EDGE + more.width, height: card.height + 2 * EDGE + more.height };
      const around = at && { left: at.left, top: at.top, right: at.left + at.w, bottom: at.top + at.h };
      const { left, top } = cardPlace(card, around ?? undefined, room);
      expect(
        left >= EDGE &&
          top >= EDGE &&
          left + card.width <= room.width - EDGE &&
          top + card.height <= room.height - EDGE,
      ).toBe(true);
      if (!around) return;
      const apart =
        left >= around.right ||
        left + card.width <= around.left ||
        top >= around.bottom ||
        top + card.height <= around.top;
      const wide = card.width + GAP + EDGE;
      const high = card.height + GAP + EDGE;
      // A side has room only if the card, pushed into the window along it, still ends within.
      const roomy =
        (around.right >= EDGE - GAP && room.width - around.right >= wide) ||
        (around.left >= wide && around.left - GAP <= room.width - EDGE) ||
        (around.bottom >= EDGE - GAP && room.height - around.bottom >= high) ||
        (around.top >= high && around.top - GAP <= room.height - EDGE);
      expect(apart || !roomy).toBe(true);
      // The picture around the target is hidden less, or as little, as without knowing of it.
      const picture = {
        left: at.left - more.width / 9,
        top: at.top - 90,
        right: at.left + at.w + more.height / 9,
        bottom: at.top + at.h + 9,
      };
      const hidden = (place: { left: number; top: number }): number =>
        Math.max(0, Math.min(picture.right, place.left + card.width) - Math.max(picture.left, place.left)) *
        Math.max(0, Math.min(picture.bottom, place.top + card.height) - Math.max(picture.top, place.top));
      const kept = cardPlace(card, around, room, picture);
      expect(hidden(kept)).toBeLessThanOrEqual(hidden({ left, top }));
    }),
    { numRuns: 500 },
  );
});
