/** Numbers as text. */
import { expect, test } from 'vitest';
import { shortened, value } from './format';

test('a number that has no room is rounded, never cut: what is written is nearest to it among texts as short', () => {
  for (const x of [0.0002772, -0.0002772, 10.74, 1.01, -1234.5, 8.838, 99_999, 1.2345e-12, 3.4e38, 0])
    for (const room of [5, 6, 7, 8, 9, 12]) {
      const text = shortened(value(x), (said) => said.length <= room);
      const said = Number(text.replace('−', '-'));
      const digits = text.replace(/e.*$/, '').replaceAll(/[^\d]/g, '').replace(/^0+/, '').length;
      expect(Math.abs(said - x), `${x} in ${room}: ${text}`).toBeLessThanOrEqual(Math.abs(x) * 1.01 * 10 ** (1 - Math.max(1, digits)));
      if (room >= 7) expect(text.length, text).toBeLessThanOrEqual(room);
    }
});

test('words and signs without digits stay', () => {
  for (const text of ['not yet', '−∞', 'NaN']) expect(shortened(text, () => false)).toBe(text);
});
