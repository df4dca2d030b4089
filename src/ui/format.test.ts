/** Numbers as text. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { count, percent, shortened, times, value, bytesApart } from './format';
import { plural } from './whole';

test('a number that has no room is rounded, never cut: what is written is nearest to it among texts as short', () => {
  for (const x of [0.0002772, -0.0002772, 10.74, 1.01, -1234.5, 8.838, 99_999, 1.2345e-12, 3.4e38, 0])
    for (const room of [5, 6, 7, 8, 9, 12]) {
      const text = shortened(value(x), (said) => said.length <= room);
      const said = Number(text.replace('−', '-'));
      const digits = text.replace(/e.*$/, '').replaceAll(/[^\d]/g, '').replace(/^0+/, '').length;
      expect(Math.abs(said - x), `${x} in ${room}: ${text}`).toBeLessThanOrEqual(
        Math.abs(x) * 1.01 * 10 ** (1 - Math.max(1, digits)),
      );
      if (room >= 7) expect(text.length, text).toBeLessThanOrEqual(room);
    }
});

test('words and signs without digits stay', () => {
  for (const text of ['not yet', '−∞', 'NaN']) expect(shortened(text, () => false)).toBe(text);
});

test('a part is 0 or 100 only where it is nothing or all, and never off by more than it shows', () => {
  expect([percent(0), percent(1 / 13), percent(0.5), percent(0.9999), percent(1)]).toEqual([
    '0 %',
    '7.7 %',
    '50 %',
    '> 99.9 %',
    '100 %',
  ]);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), fc.nat(1e6), (all, some) => {
      const part = Math.min(some, all) / all;
      const text = percent(part);
      expect([text === '0 %', text === '100 %']).toEqual([part === 0, part === 1]);
      const shown = /^(\d+(?:\.\d)?) %$/.exec(text)?.[1];
      if (shown)
        expect(Math.abs(Number(shown) - 100 * part)).toBeLessThanOrEqual(part < 0.1 || part > 0.99 ? 0.051 : 0.51);
    }),
  );
});

test('a masked score is shown as the number that was written', () => {
  expect([value(Math.fround(-1e30)), value(-6.93e30), value(-2.5)]).toEqual(['−1e30', '−6.9e30', '−2.500']);
});

test('counts and ratios', () => {
  expect([
    plural(1, 'row block'),
    plural(4, 'row block'),
    plural('1,024', 'query', 'queries'),
    plural(0, 'key'),
  ]).toEqual(['1 row block', '4 row blocks', '1,024 queries', '0 keys']);
  expect([times(0.2735), times(43.5)]).toEqual(['0.274×', '43.5×']);
});

test('two numbers of bytes that differ read differently, with no more digits than it takes', () => {
  const gib = 2 ** 30;
  expect([bytesApart(gib + 2e7, [gib]), bytesApart(gib, [gib + 2e7])]).toEqual(['1.02 GiB', '1.00 GiB']);
  expect([bytesApart(gib + 2e6, [gib]), bytesApart(gib, [gib + 2e6])]).toEqual(['1.002 GiB', '1.000 GiB']);
  expect([bytesApart(gib + 4, [gib]), bytesApart(gib, [gib + 4])]).toEqual(['1,073,741,828 B', '1,073,741,824 B']);
  expect(bytesApart(gib, [gib, 5])).toBe('1.00 GiB');
  const size = fc.integer({ min: 0, max: 2 ** 40 });
  fc.assert(
    fc.property(size, fc.integer({ min: 1, max: 2000 }), (a, more) => {
      expect(bytesApart(a, [a + more])).not.toBe(bytesApart(a + more, [a]));
    }),
  );
});

test('no count is longer than the room of an axis, and each is within half a per cent', () => {
  for (let e = -30; e <= 38; e++)
    for (const lead of [1, 2, 5, 9.994]) {
      const x = lead * 10 ** e;
      expect(count(x).length, count(x)).toBeLessThanOrEqual(11);
      expect(Math.abs(Number(count(x).replaceAll(',', '')) - x)).toBeLessThanOrEqual(0.005 * x);
    }
  expect([count(1e36), count(104), count(80_001), count(999_999_999)]).toEqual([
    '1e36',
    '104',
    '80,001',
    '999,999,999',
  ]);
});
