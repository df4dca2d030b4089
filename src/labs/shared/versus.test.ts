// The second run in a link: what is written reads back, what is not valid is refused, and fields fall back to the first
// run's.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KERNELS } from '../../kernels';
import { defaultChoice } from '../../figure/choice';
import { anyMask } from '../../ops/attention/testing/masks';
import { choiceOfVersus, formatVersus, parseVersus, type Versus } from './versus';

const some = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });
const versus = fc
  .record({
    card: fc.constantFrom(...KERNELS),
    tile: fc.nat(),
    mask: some(anyMask),
    softcap: some(fc.constantFrom<number | 'off'>('off', 0.001, 0.5, 30, 1e6)),
    alibi: some(fc.boolean()),
    layer: some(fc.integer({ min: 0, max: 63 })),
    seed: some(fc.integer({ min: 0, max: 0xffffffff })),
  })
  .map(({ card, tile, ...rest }): Versus => {
    const one = card.tiles[tile % Math.max(1, card.tiles.length)];
    return JSON.parse(JSON.stringify({ kernel: card.id, tile: one, ...rest }));
  });

test('a second run in a link reads back', () => {
  fc.assert(
    fc.property(versus, (v) => {
      expect(parseVersus(formatVersus(v) ?? '', 'naive')).toEqual(v);
    }),
  );
  expect(formatVersus({})).toBeUndefined();
});

test('what is not valid is refused, never half taken', () => {
  for (const text of [
    '',
    'kernel:none',
    'tile:7x7',
    'tile:8x8,kernel:naive',
    'mask:odd',
    'softcap:0',
    'softcap:-1',
    'softcap:1e3',
    'alibi:yes',
    'mask:window-1',
    'mask:window-01-0',
    'mask:prefix-0',
    'layer:-1',
    'seed:1e3',
    'kernel:flash2:x',
    'a:b',
  ])
    expect(parseVersus(text, 'flash2')).toBeUndefined();
  fc.assert(fc.property(fc.string(), (text) => void parseVersus(text, 'flash2')));
});

test('an empty one is the other kernel, and a tile is not carried to a kernel that has none of it', () => {
  const choice = { ...defaultChoice, kernel: 'flash2' as const, tile: { br: 8, bc: 8 } };
  expect(choiceOfVersus(choice, {})).toMatchObject({ kernel: 'naive', tile: undefined });
  expect(choiceOfVersus(choice, { mask: 'full' })).toMatchObject({
    kernel: 'flash2',
    tile: { br: 8, bc: 8 },
    mask: 'full',
  });
  expect(choiceOfVersus(choice, { seed: 9 }).seed).toBe(9);
});
