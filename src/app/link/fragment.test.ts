/** Links round-trip for any state, and no text can break the reader. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KERNELS } from '../../kernels';
import { ranges, type NumberField } from '../../figure/choice';
import { GRANULARITIES, SPEEDS } from '../../views/strip/strip';
import { PICTURES, TOGETHER } from '../../labs/compare/settings';
import { PICTURES as MODEL_PICTURES } from '../../labs/model/link';
import { LAB_IDS } from '../../labs';
import { entrantsBeside, MASKS, ordered, timeRanges } from '../../labs/time/settings';
import { anyMask } from '../../ops/attention/testing/masks';
import { defaults, formatFragment, parseFragment, type Located } from './fragment';
import { withoutMissing } from '../engine/imports';

const number = (field: NumberField) => fc.integer({ min: ranges[field][0], max: ranges[field][1] });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const text = fc.string({ minLength: 1, maxLength: 200, unit: 'grapheme' }).filter((s) => s.trim() !== '');

const within = ([min, max]: readonly [number, number]) => fc.integer({ min, max });
const some = <T>(all: readonly T[]) => fc.subarray([...all], { minLength: 1 });

const time = fc
  .record({
    // Kernels of one op, as the lab has them.
    kernels: fc.constantFrom(...KERNELS).chain(({ id }) => some(entrantsBeside([id]))),
    masks: fc
      .tuple(some(MASKS), fc.uniqueArray(anyMask, { maxLength: 4 }))
      .map(([first, more]) => ordered([...new Set([...first, ...more])])),
    lengths: fc
      .uniqueArray(within(timeRanges.length), { minLength: 1, maxLength: 24 })
      .map((ns) => ns.toSorted((a, b) => a - b)),
    decoding: fc.boolean(),
    batch: within(timeRanges.batch),
    kvHeads: fc.constantFrom(1, 2, 4, 8),
    group: fc.constantFrom(1, 2, 4),
    dim: within(timeRanges.dim),
    budget: within(timeRanges.budget),
  })
  .map(({ group, ...rest }) => ({ ...rest, heads: rest.kvHeads * group }));

const fileName = text.filter((name) => !name.includes('/'));
const source = fc.record({
  hash: fc.stringMatching(/^[0-9a-f]{64}$/),
  file: fileName,
  tensor: fc.oneof(fc.constant(''), text),
});

const located: fc.Arbitrary<Located> = fc.record({
  lab: fc.constantFrom(...LAB_IDS),
  time,
  versus: fc.constantFrom(
    {},
    { kernel: 'naive' as const, mask: 'full' as const },
    { kernel: 'flash2' as const, tile: { br: 8, bc: 8 }, seed: 7 },
    { softcap: 'off' as const, alibi: true },
  ),
  compare: fc.record({ by: fc.constantFrom(...TOGETHER), picture: fc.constantFrom(...PICTURES) }),
  stop: fc.nat(9_999_999),
  model: maybe(text),
  picture: maybe(fc.constantFrom(...MODEL_PICTURES)),
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
      layout: maybe(fc.constantFrom('bhnd', 'bnhd')),
      plane: number('plane'),
      mask: anyMask,
      softcap: maybe(fc.constantFrom(0.001, 0.5, 30, 1e6)),
      alibi: maybe(fc.constant(true)),
      tile: fc.constant(undefined),
    })
    // A link carries what its kind of input needs, and nothing of the other.
    .map((choice) => {
      const { text: d0, passage, layer, head, tensors, layout, ...seeded } = defaults.choice;
      if (choice.input === 'seed') return { ...choice, text: d0, passage, layer, head, tensors, layout };
      if (choice.input === 'file')
        return { ...choice, ...pick(seeded), text: d0, passage, layer, head, plane: choice.plane };
      return {
        ...seeded,
        ...choice,
        passage: choice.text === undefined ? choice.passage : undefined,
        ...pick(seeded),
        tensors,
        layout,
      };
    }),
  lesson: maybe(fc.constantFrom('flash', 'fa2')),
  lessonStep: maybe(fc.integer({ min: 1, max: 99 })),
  from: maybe(fc.constantFrom('flash.3', 'paging.12')),
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
  expect(withoutMissing(parseFragment(`lab=page&${file}`))).toEqual({
    located: { ...defaults, lab: 'page' },
    problems: [],
  });
  expect(withoutMissing(parseFragment(file)).problems).toEqual([
    { kind: 'no-file', key: 'file', value: 'Ada, step 7' },
  ]);
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
    'softcap',
    'alibi',
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
  const { located: back, problems } = parseFragment(
    keys.map((key) => `${key}=${encodeURIComponent('-1;drop')}`).join('&'),
  );
  expect(problems.map((problem) => ('key' in problem ? problem.key : problem.kind)).toSorted()).toEqual(
    keys.toSorted(),
  );
  expect(back).toEqual(defaults);
});

const signs = /^[A-Za-z0-9._%+=&-]+$/;

it('a link has no sign that ends it in a messenger, and ends in a letter or digit', () => {
  const spoken = text.map((said) => `${said}*('~!)。.`);
  fc.assert(
    fc.property(located, spoken, (state, said) => {
      const link = formatFragment({
        ...state,
        choice: { ...state.choice, input: 'text', text: said },
        page: `story*0a1.${said}`,
        moment: '3.',
      });
      expect(link).toMatch(signs);
      expect(link).toMatch(/&ok=[a-z2-7]{6}$/);
    }),
  );
});

/** What messengers, mail and hands do to a link. */
const mangled = (link: string): fc.Arbitrary<string> => {
  const place = fc.nat(link.length);
  const letter = fc.oneof(fc.constantFrom(...'&=%+.-_*()。，"'), fc.string({ minLength: 1, maxLength: 1 }));
  return fc.oneof(
    // Cut short. Nothing at all is no link.
    fc.integer({ min: 1, max: link.length }).map((end) => link.slice(0, end)),
    fc.constantFrom('。', ')', '.', '"', '）', ' see this', '看这个', '!', '**', '>').map((junk) => link + junk),
    fc.tuple(place, fc.nat(12)).map(([at, many]) => link.slice(0, at + 1) + link.slice(at + 1 + many)),
    fc.tuple(place, letter).map(([at, one]) => link.slice(0, at) + one + link.slice(at)),
    fc.tuple(place, letter).map(([at, one]) => link.slice(0, at) + one + link.slice(at + 1)),
    fc.constant(link.replaceAll('+', '')),
    fc.constant(link.replaceAll('.', '')),
    fc.constant(link.replaceAll('&', '&amp;')),
    // Written out, as a messenger shows it: decoded signs are the same link, or one that is told.
    fc.constant(decodeURIComponent(link)),
    fc.constant(encodeURI(link)),
  );
};

it('a mangled link is either the same state or told', () => {
  const pair = located.chain((state) => mangled(formatFragment(state)).map((link) => ({ state, link })));
  fc.assert(
    fc.property(pair, ({ state, link }) => {
      const { located: back, problems } = parseFragment(link);
      if (problems.length === 0) expect(back).toEqual(state);
    }),
    { numRuns: 1000 },
  );
});

it('what sticks to the end of a link is cut off, and no word is said about it', () => {
  const link = formatFragment({ ...defaults, choice: { ...defaults.choice, text: 'The sea.' } });
  for (const junk of ['', '。', ')', '.', '"', '…”', '\n', ' look', '看'])
    expect(parseFragment(link + junk)).toMatchObject({ located: { choice: { text: 'The sea.' } }, problems: [] });
  expect(parseFragment(`${link}&lang=zh`)).toMatchObject({ located: { language: 'zh' }, problems: [] });
});

it('what was lost on the way is told: the last sign, the end, all from a star on', () => {
  const said = 'Hello * world.';
  const link = formatFragment({ ...defaults, choice: { ...defaults.choice, text: said } });
  const told = [{ kind: 'mangled' }];
  expect(parseFragment(link.slice(0, -1)).problems).toEqual(told);
  expect(parseFragment(link.slice(0, link.indexOf('&ok='))).problems).toEqual(told);
  expect(parseFragment(link.slice(0, link.indexOf('%2A')))).toMatchObject({
    located: { choice: { text: 'Hello ' } },
    problems: told,
  });
  expect(parseFragment(link.replace('world.', 'world'))).toMatchObject({
    located: { choice: { text: 'Hello * world' } },
    problems: told,
  });
});

it('an old link, without a check, is taken as it is', () => {
  for (const link of [
    'kernel=flash2&input=text&text=Hello.&mask=causal',
    'lab=page&page=story_block-8*3a4.Hi*9f0&moment=3',
    '',
  ])
    expect(parseFragment(link).problems).toEqual([]);
  expect(parseFragment('lab=page&page=story*3a4.Hi').located.page).toBe('story*3a4.Hi');
});
