/** The text on a card of the free queue. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fittedEntry } from './paint';

test('the number of an entry is never cut, and nothing is that fits', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, maxLength: 20 }),
      fc.nat(99_999),
      fc.integer({ min: 1, max: 30 }),
      (name, number, room) => {
        const entry = `${name}[${number}]`;
        const text = fittedEntry(entry, (part) => part.length <= room);
        expect(text.endsWith(`[${number}]`)).toBe(true);
        expect(text === entry).toBe(entry.length <= room);
        if (text !== entry && text !== `[${number}]`) expect(text.length).toBeLessThanOrEqual(room);
      },
    ),
  );
});
