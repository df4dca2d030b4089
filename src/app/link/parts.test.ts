/**
 * Each lab has its own part of a link: a lab that nobody here has heard of brings its own, and no two speak of the
 * same.
 */
import { expect, it } from 'vitest';
import { LABS } from '../../labs';
import { defaultChoice } from '../../figure/choice';
import { oneOf, unless, type AnyLink, type LabLink } from '../../labs/shared/link';
import { parseWhole } from '../../ui/parse-whole';
import { linksOf, type Located } from './fragment';
import { choiceLink, ownLink } from './own';

interface ToyPart {
  hue: number;
  tune: 'major' | 'minor';
  beat: number;
}

const toyLink: LabLink<ToyPart> = {
  default: { hue: 0, tune: 'major', beat: 0 },
  read: (said) => ({
    hue: said('toy.hue', (text) => parseWhole(text, [0, 359])) ?? 0,
    tune: said('toy.tune', oneOf(['major', 'minor'])) ?? 'major',
    beat: said('toy.beat', (text) => parseWhole(text, [0, 99])) ?? 0,
  }),
  write: ({ hue, tune, beat }) => ({
    'toy.hue': unless(0, hue),
    'toy.tune': unless('major', tune),
    'toy.beat': unless(0, beat),
  }),
  passing: ['beat'],
  looks: ['hue'],
};

const { parse, format, undoable, subject, onlyPassed, defaults } = linksOf([
  ...LABS,
  { id: 'toy' as never, link: toyLink },
]);

it('a new lab reads and writes its part, beside all that was there', () => {
  const { located, problems } = parse('lab=toy&kernel=naive&row=3&toy.hue=120&toy.tune=minor&toy.beat=7&t.d=8');
  expect(problems).toEqual([]);
  expect(located).toMatchObject({
    lab: 'toy',
    row: 3,
    time: { dim: 8 },
    choice: { kernel: 'naive' },
    hue: 120,
    tune: 'minor',
    beat: 7,
  });
  expect(parse(format(located))).toEqual({ located, problems: [] });
  expect(parse('').located).toEqual({ ...defaults, hue: 0, tune: 'major', beat: 0 });
});

it('what it does not take is told, and what it does not know', () => {
  expect(parse('lab=toy&toy.hue=360&toy.size=1').problems).toEqual([
    { kind: 'bad-value', key: 'toy.hue', value: '360' },
    { kind: 'unknown-key', key: 'toy.size' },
  ]);
});

it('it says what passes, and what only looks different', () => {
  const from = parse('lab=toy&toy.hue=120').located;
  const to = (change: Partial<ToyPart>): Located => ({ ...from, ...change });
  expect(onlyPassed(from, to({ beat: 5 }))).toBe(true);
  expect(undoable(to({ beat: 5 }))).toBe(undoable(from));
  for (const change of [{ hue: 4 }, { tune: 'minor' as const }]) {
    expect(onlyPassed(from, to(change))).toBe(false);
    expect(undoable(to(change))).not.toBe(undoable(from));
  }
  expect(subject(to({ hue: 4 }))).toBe(subject(from));
  expect(subject(to({ tune: 'minor' }))).not.toBe(subject(from));
});

it('no two parts have a field or a key in common, and what is named is there', () => {
  const parts: readonly AnyLink[] = [ownLink([]), choiceLink, ...LABS.flatMap(({ link }) => link ?? [])];
  const asked = (part: AnyLink): string[] => {
    const keys: string[] = [];
    const note = (key: string): undefined => {
      keys.push(key);
      return undefined;
    };
    part.read(note, defaultChoice);
    return keys;
  };
  for (const of of [asked, (part: AnyLink) => Object.keys(part.default)]) {
    const all = parts.flatMap(of);
    expect(new Set(all).size).toBe(all.length);
  }
  for (const part of parts) {
    expect(Object.keys(part.default)).toEqual(expect.arrayContaining([...part.passing, ...(part.looks ?? [])]));
    expect(Object.keys(part.write(part.default as never)).every((key) => asked(part).includes(key))).toBe(true);
  }
});
