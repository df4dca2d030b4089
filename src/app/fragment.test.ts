/** Links round-trip for any state, and no text can break the reader. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KERNELS } from '../kernels/index';
import { ranges, type NumberField } from '../labs/step/choice';
import { GRANULARITIES, SPEEDS } from '../views/strip';
import { PICTURES, TOGETHER } from '../labs/compare/settings';
import { LAB_IDS } from '../labs/index';
import { ENTRANTS, MASKS, timeRanges } from '../labs/time/settings';
import { formatFragment, parseFragment } from './fragment';
import { withoutMissing } from './imports';
import { defaults, type Located } from './state';

const number = (field: NumberField) => fc.integer({ min: ranges[field][0], max: ranges[field][1] });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const text = fc.string({ minLength: 1, maxLength: 200, unit: 'grapheme' }).filter((s) => s.trim() !== '');

const within = ([min, max]: readonly [number, number]) => fc.integer({ min, max });
const some = <T>(all: readonly T[]) => fc.subarray([...all], { minLength: 1 });

const time = fc
  .record({
    kernels: some(ENTRANTS),
    masks: some(MASKS),
    lengths: fc.uniqueArray(within(timeRanges.length), { minLength: 1, maxLength: 24 }).map((ns) => ns.toSorted((a, b) => a - b)),
    decoding: fc.boolean(),
    batch: within(timeRanges.batch),
    kvHeads: fc.constantFrom(1, 2, 4, 8),
    group: fc.constantFrom(1, 2, 4),
    dim: within(timeRanges.dim),
    budget: within(timeRanges.budget),
  })
  .map(({ group, ...rest }) => ({ ...rest, heads: rest.kvHeads * group }));

const fileName = text.filter((name) => !name.includes('/'));
const source = fc.record({ hash: fc.stringMatching(/^[0-9a-f]{64}$/), file: fileName, tensor: fc.oneof(fc.constant(''), text) });

const located: fc.Arbitrary<Located> = fc.record({
  lab: fc.constantFrom(...LAB_IDS),
  time,
  versus: fc.constantFrom(
    {},
    { kernel: 'naive' as const, mask: 'full' as const },
    { kernel: 'flash2' as const, tile: { br: 8, bc: 8 }, seed: 7 },
  ),
  compare: fc.record({ by: fc.constantFrom(...TOGETHER), at: fc.nat(9_999_999), picture: fc.constantFrom(...PICTURES) }),
  page: fc.oneof(fc.constant(''), text),
  moment: fc.oneof(fc.constant(''), text),
  choice: fc
    .record({
      kernel: fc.constantFrom(...KERNELS.map(({ id }) => id)),
      input: fc.constantFrom('text', 'seed', 'file'),
      text: maybe(text),
      passage: maybe(fc.constantFrom('en', 'zh')),
      layer: maybe(number('layer')),
      head: maybe(number('head')),
      seed: number('seed'),
      keys: number('keys'),
      queries: maybe(number('queries')),
      dim: number('dim'),
      heads: number('heads'),
      kvHeads: maybe(number('kvHeads')),
      batch: number('batch'),
      tensors: fc.record({ q: source, k: source, v: source }, { requiredKeys: [] }),
      plane: number('plane'),
      mask: fc.constantFrom('full', 'causal'),
      tile: fc.constant(undefined),
    })
    // A link carries what its kind of input needs, and nothing of the other.
    .map((choice) => {
      const { text: d0, passage, layer, head, tensors, ...seeded } = defaults.choice;
      if (choice.input === 'seed') return { ...choice, text: d0, passage, layer, head, tensors };
      if (choice.input === 'file') return { ...choice, ...pick(seeded), text: d0, passage, layer, head, plane: choice.plane };
      return { ...seeded, ...choice, passage: choice.text === undefined ? choice.passage : undefined, ...pick(seeded), tensors };
    }),
  file: fc.constant(undefined),
  cursor: maybe(
    fc.tuple(fc.nat(5), fc.nat(9000), fc.nat(9000), maybe(fc.nat(9000))).map(([pass, workgroup, phase, line]) => ({
      pass,
      workgroup,
      phase,
      ...(line !== undefined && { line }),
    })),
  ),
  row: maybe(fc.nat(4095)),
  thread: fc.nat(1023),
  pinned: maybe(fc.record({ role: fc.constantFrom('Q', 'P', 'm', 'alpha'), row: fc.nat(4095), col: fc.nat(4095) })),
  granularity: fc.constantFrom(...GRANULARITIES),
  speed: fc.constantFrom(...SPEEDS),
  theme: maybe(fc.constantFrom('dark', 'light')),
  language: maybe(fc.constantFrom('en', 'zh')),
  space: fc.constantFrom('flat', 'on', 'off'),
  pane: fc.constantFrom('cross', 'softmax', 'timing'),
}) as fc.Arbitrary<Located>;

function pick({ seed, keys, queries, dim, heads, kvHeads, batch, plane }: Partial<Located['choice']>) {
  return { seed, keys, queries, dim, heads, kvHeads, batch, plane };
}

it('format, then parse, gives the same state and no problem', () => {
  fc.assert(
    fc.property(located, (state) => {
      const { located: back, problems } = parseFragment(`#${formatFragment(state)}`);
      expect(problems).toEqual([]);
      expect(back).toEqual(state);
    }),
  );
});

it('a link to a file says nothing of the own run', () => {
  fc.assert(
    fc.property(located, text, (of, file) => {
      const state: Located = of.lab === 'page' ? { ...of, lab: 'step' } : of;
      const { located: back, problems } = parseFragment(formatFragment({ ...state, file }));
      expect(problems).toEqual([]);
      expect(back).toEqual({ ...state, file, choice: defaults.choice });
    }),
  );
});

it('a link to the Page lab is about no file, and misses none', () => {
  fc.assert(
    fc.property(located, text, (of, file) => {
      const state: Located = { ...of, lab: 'page' };
      expect(formatFragment({ ...state, file })).toBe(formatFragment(state));
    }),
  );
  const file = 'file=Ada%2C+step+7';
  expect(withoutMissing(parseFragment(`lab=page&${file}`))).toEqual({ located: { ...defaults, lab: 'page' }, problems: [] });
  expect(withoutMissing(parseFragment(file)).problems).toEqual([{ kind: 'no-file', key: 'file', value: 'Ada, step 7' }]);
});

it('any text at all is read without throwing, and its keys are either used or named', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (fragment) => {
      const { located: back } = parseFragment(fragment);
      expect(parseFragment(formatFragment(back))).toEqual({ located: back, problems: [] });
    }),
  );
});

it('every value that is not one is named once, and the default stands in', () => {
  const keys = [
    'kernel',
    'input',
    'n',
    'd',
    'heads',
    'kv',
    'batch',
    'seed',
    'mask',
    'tile',
    'at',
    'row',
    'thread',
    'cell',
    'by',
    'speed',
    'theme',
    'lang',
    'pane',
    '3d',
    'lab',
    't.kernels',
    't.mask',
    't.n',
    't.batch',
    't.heads',
    't.kv',
    't.d',
    't.s',
  ];
  const { located: back, problems } = parseFragment(keys.map((key) => `${key}=${encodeURIComponent('-1;drop')}`).join('&'));
  expect(problems.map((problem) => problem.key).toSorted()).toEqual(keys.toSorted());
  expect(back).toEqual(defaults);
});
