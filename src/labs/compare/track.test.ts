// Two replays on one cursor: by phase and by bytes, against walking them one by one.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pairOf, type Track } from './track';

/** Running bytes that never fall. */
const track: fc.Arbitrary<Track> = fc
  .array(fc.nat(5), { minLength: 1, maxLength: 30 })
  .map((steps) =>
    steps.map((_, k) => ({ cursor: { pass: 0, workgroup: 0, phase: k }, bytes: 8 * steps.slice(0, k + 1).reduce((a, b) => a + b, 0) })),
  );

test('by phase: both go on together, the shorter waits at its end', () => {
  fc.assert(
    fc.property(track, track, (a, b) => {
      const pair = pairOf([a, b], 'phase');
      expect(pair.length).toBe(Math.max(a.length, b.length));
      for (let i = 0; i < pair.length; i++) expect(pair.at(i)).toEqual([Math.min(i, a.length - 1), Math.min(i, b.length - 1)]);
    }),
  );
});

test('by bytes: neither side is ahead of the other by a step that it could have taken', () => {
  fc.assert(
    fc.property(track, track, (a, b) => {
      const pair = pairOf([a, b], 'bytes');
      let before = -1;
      for (let i = 0; i < pair.length; i++) {
        const [x, y] = pair.at(i);
        const asked = Math.max(a[x]!.bytes <= (b[y]?.bytes ?? 0) ? b[y]!.bytes : a[x]!.bytes);
        // Each stands at its last stop that asked for no more than the common amount.
        for (const [side, k] of [
          [a, x],
          [b, y],
        ] as const) {
          if (k + 1 < side.length) expect(side[k + 1]!.bytes).toBeGreaterThan(Math.min(asked, side[k + 1]!.bytes - 1));
          if (k > 0) expect(side[k]!.bytes).toBeLessThanOrEqual(asked);
        }
        expect(x + y).toBeGreaterThanOrEqual(before);
        before = x + y;
      }
      // The end of the common cursor is the end of both.
      expect(pair.at(pair.length - 1)).toEqual([a.length - 1, b.length - 1]);
      // Every stop can be gone to, and standing there asks for at least as much.
      a.forEach((stop, k) => expect(a[pair.at(pair.positionOf(0, k))[0]]!.bytes).toBeGreaterThanOrEqual(stop.bytes));
    }),
  );
});
