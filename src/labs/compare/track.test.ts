// Two replays on one cursor: by phase and by bytes, against walking them one by one.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pairOf, rowsShown, shareAt, type Track } from './track';

/** Running bytes that never fall. */
const track: fc.Arbitrary<Track> = fc.array(fc.nat(5), { minLength: 1, maxLength: 30 }).map((steps) =>
  steps.map((_, k) => ({
    cursor: { pass: 0, workgroup: 0, phase: k },
    bytes: 8 * steps.slice(0, k + 1).reduce((a, b) => a + b, 0),
  })),
);

test('by phase: both go on together, the shorter waits at its end', () => {
  fc.assert(
    fc.property(track, track, (a, b) => {
      const pair = pairOf([a, b], 'phase');
      expect(pair.length).toBe(Math.max(a.length, b.length));
      for (let i = 0; i < pair.length; i++)
        expect(pair.at(i)).toEqual([Math.min(i, a.length - 1), Math.min(i, b.length - 1)]);
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

test('by share: each stands at its last stop that has no more of its own bytes behind it, and both end together', () => {
  fc.assert(
    fc.property(track, track, (a, b) => {
      fc.pre(a.at(-1)!.bytes > 0 && b.at(-1)!.bytes > 0);
      const pair = pairOf([a, b], 'share');
      const shares = [a, b].map((side) => side.map((_, k) => shareAt(side, k)));
      const marks = [...new Set(shares.flat())].toSorted((x, y) => x - y);
      expect(pair.length).toBe(marks.length);
      // Its first stop, where it has more behind it than that already.
      marks.forEach((mark, i) =>
        expect(pair.at(i)).toEqual(
          shares.map((one) =>
            Math.max(
              0,
              one.findLastIndex((share) => share <= mark),
            ),
          ),
        ),
      );
      expect(pair.at(pair.length - 1)).toEqual([a.length - 1, b.length - 1]);
      a.forEach((_, k) => expect(shareAt(a, pair.at(pair.positionOf(0, k))[0])).toBeGreaterThanOrEqual(shareAt(a, k)));
    }),
  );
});

test('both sides show the same row wherever their workgroups share one; else each its own', () => {
  const block = fc.tuple(fc.nat(60), fc.nat(30)).map(([r0, more]) => ({ r0, r1: r0 + more }));
  fc.assert(
    fc.property(fc.nat(99), block, block, (wanted, a, b) => {
      const [x, y] = rowsShown(wanted, [a, b]);
      expect(x).toBeGreaterThanOrEqual(a.r0);
      expect(x).toBeLessThanOrEqual(a.r1);
      expect(y).toBeGreaterThanOrEqual(b.r0);
      expect(y).toBeLessThanOrEqual(b.r1);
      if (Math.max(a.r0, b.r0) <= Math.min(a.r1, b.r1)) expect(x).toBe(y);
      const within = [a, b].every(({ r0, r1 }) => r0 <= wanted && wanted <= r1);
      if (within) expect([x, y]).toEqual([wanted, wanted]);
    }),
  );
  expect(rowsShown(5, [undefined, { r0: 16, r1: 31 }])).toEqual([undefined, 21]);
});
