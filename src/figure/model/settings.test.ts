/** The settings of a model's figure in a link: read back as written, any text is read without throwing, and told. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ModelSettings } from '../../views/model/view';
import { defaultModel, formatModel, parseModel, RANGES } from './settings';

const within = ([min, max]: readonly [number, number]) => fc.integer({ min, max });
const tenths = ([min, max]: readonly [number, number]) =>
  fc.integer({ min: Math.ceil(min * 20), max: Math.floor(max * 20) }).map((n) => n / 20);
const rounding = <T extends string>(...per: T[]) => fc.record({ bits: within([2, 16]), per: fc.constantFrom(...per) });
const settings: fc.Arbitrary<ModelSettings> = fc
  .record({
    text: fc.option(fc.string({ unit: 'grapheme', maxLength: 80 }), { nil: undefined }),
    at: fc.option(within(RANGES.at), { nil: undefined }),
    cache: fc.option(fc.constant(true as const), { nil: undefined }),
    word: fc.option(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }), { nil: undefined }),
    options: fc.record(
      {
        mask: fc.constant('full' as const),
        rope: fc.oneof(fc.constant('off' as const), within([0, 4096])),
        scale: tenths([0, 10]),
        layers: within([1, 64]),
        ablate: fc.uniqueArray(fc.record({ layer: fc.nat(11), head: fc.nat(11) }), {
          minLength: 1,
          maxLength: 5,
          selector: ({ layer, head }) => `${layer}.${head}`,
        }),
        groups: within([1, 64]),
        weights: rounding('tensor', 'row'),
        activations: rounding('tensor', 'token'),
        kv: rounding('tensor', 'token', 'channel'),
      },
      { requiredKeys: [] },
    ),
    sampling: fc.record(
      {
        temperature: tenths(RANGES.temperature),
        topK: within(RANGES.topK),
        topP: tenths(RANGES.topP),
        penalty: tenths(RANGES.penalty),
        cutFirst: fc.constant(true),
      },
      { requiredKeys: ['temperature'] },
    ),
    seed: within(RANGES.seed),
    more: within(RANGES.more),
    net: fc.constantFrom('small' as const, 'gpt3' as const, 'llama2' as const),
    sizes: fc.record(
      {
        width: within(RANGES.width),
        layers: within(RANGES.layers),
        vocabulary: within(RANGES.vocabulary),
        factor: tenths(RANGES.factor),
      },
      { requiredKeys: [] },
    ),
    merges: within(RANGES.merges),
  })
  .map((one) => JSON.parse(JSON.stringify(one)) as ModelSettings)
  .filter(({ text }) => text === undefined || [...text].length <= 2000);

test('settings read back as they were written, and are written again as the same text', () => {
  fc.assert(
    fc.property(settings, (one) => {
      const text = formatModel(one);
      const { settings: back, unread } = parseModel(text);
      expect(unread).toEqual([]);
      expect(back).toEqual(one);
      expect(formatModel(back)).toBe(text);
    }),
    { numRuns: 400, seed: 2 },
  );
  expect(formatModel(defaultModel)).toBe('');
  expect(parseModel('at-12_mask-full_ablate-0.2-3.2_kv-int4-channel_t-0.5*a*b_c')).toEqual({
    settings: {
      ...defaultModel,
      at: 12,
      options: {
        mask: 'full',
        ablate: [
          { layer: 0, head: 2 },
          { layer: 3, head: 2 },
        ],
        kv: { bits: 4, per: 'channel' },
      },
      sampling: { temperature: 0.5 },
      text: 'a*b_c',
    },
    unread: [],
  });
});

test('any text is read, what cannot be used is told, and the rest counts', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      const { settings: read, unread } = parseModel(text);
      if (unread.length === 0) expect(parseModel(formatModel(read)).settings).toEqual(read);
    }),
    { numRuns: 300, seed: 2 },
  );
  for (const nonsense of [
    'at--1',
    'at-012',
    'at-256',
    't-9',
    't-1.50',
    't-1e0',
    'mask-causal',
    'rope-',
    'ablate-0.2-0.2',
    'ablate-0',
    'ablate-00.2',
    'kv-int1-token',
    'kv-int4-row',
    'weights-4-row',
    'constructor-1',
    'nothing',
    'p-0',
    'p-1.5',
    'cutfirst-off',
    'word-%',
    'word-a%41',
  ]) {
    const { settings: read, unread } = parseModel(`seed-7_${nonsense}_merges-3`);
    expect(unread, nonsense).toHaveLength(1);
    expect(read, nonsense).toEqual({ ...defaultModel, seed: 7, merges: 3 });
  }
  expect(parseModel('seed-7_seed-8').unread).toEqual([{ key: 'model.seed', value: '8' }]);
  expect(parseModel(`*${'鲸'.repeat(2001)}`)).toMatchObject({ settings: defaultModel, unread: [{ key: 'model' }] });
});
