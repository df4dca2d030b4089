// What a visitor types and switches, as settings.
import { expect, it } from 'vitest';
import { PRESETS, withQueries } from './presets';
import { defaultTime, lengthsOf } from './settings';

it('lengths: between spaces and punctuation, ascending, each once', () => {
  expect(lengthsOf('100, 50 50')).toEqual([50, 100]);
  expect(lengthsOf('64.128')).toEqual([64, 128]);
  expect(lengthsOf('64，128、256; 512 ')).toEqual([64, 128, 256, 512]);
});

it('lengths: what is no number of the range refuses the whole text', () => {
  for (const text of ['64 abc -3', '64 -3', '64x', '0', '64 99999', '', ' , ']) expect(lengthsOf(text)).toBeUndefined();
});

it('one query brings its own kernels and lengths, and as many as keys takes them back', () => {
  const one = withQueries(defaultTime, true);
  expect(one).toMatchObject({
    decoding: true,
    kernels: ['naive', 'decode', 'decode-split', 'paged'],
    lengths: PRESETS.one.quick,
  });
  expect(withQueries(one, false)).toEqual(defaultTime);
});

it('kernels and lengths that were chosen stay', () => {
  const chosen = { ...defaultTime, kernels: ['flash2' as const], lengths: [40, 96] };
  expect(withQueries(chosen, true)).toEqual({ ...chosen, decoding: true });
});
