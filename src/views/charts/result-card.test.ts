// Breaking lines for the card: nothing is lost, lines keep their width, Chinese breaks anywhere but before its
// punctuation.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { wrap } from './result-card';

it('keeps every word in its order, and no line with a break in it is wider than asked for', () => {
  const word = fc.string({ minLength: 1, maxLength: 9, unit: fc.constantFrom(...'abcxyz0123.,') });
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 30 }), fc.integer({ min: 60, max: 500 }), (words, width) => {
      const lines = wrap(words.join(' '), width, 20);
      expect(lines.join(' ').split(' ')).toEqual(words);
      // A sum of widths may round to another side than their product.
      for (const line of lines)
        if (line.includes(' ')) expect(line.length * 0.53 * 20).toBeLessThanOrEqual(width + 1e-9);
    }),
    { seed: 4 },
  );
});

it('Chinese breaks between characters, never before a comma or stop', () => {
  const text = '分块内核自此长度起更快，在此之前没有可测出的差别。';
  const lines = wrap(text, 100, 20);
  expect(lines.join('')).toBe(text);
  expect(lines.length).toBeGreaterThan(4);
  for (const line of lines) expect(line).not.toMatch(/^[，。：；）]/);
});
