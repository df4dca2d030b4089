// Merges of both rules: against counting by hand and by brute force over the text.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applied, corpusOf, encodeBpe, encodeWordPiece, nextMerge, trainMerges, vocabularyOf } from './merges';

test('on a text that is counted by hand both rules part at once', () => {
  // lo lo low: l-o three times, o-w once; q-z twice, and never one without the other.
  const text = 'lo lo low qz qz';
  const [bpe] = trainMerges(text, 'bpe', 1);
  expect(bpe).toMatchObject({ left: 'l', right: 'o', joined: 'lo', count: 3, score: 3 });
  const [piece] = trainMerges(text, 'wordpiece', 1);
  expect(piece).toMatchObject({ left: 'q', right: '##z', joined: 'qz', count: 2, lefts: 2, rights: 2, score: 0.5 });
});

const texts = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 6 }), {
  maxLength: 12,
});

test('each merge is the best of all pairs of the text as it then stands', () => {
  fc.assert(
    fc.property(texts, fc.constantFrom('bpe' as const, 'wordpiece' as const), (all, rule) => {
      // Words as plain arrays, one for every time that they occur.
      let words = all.map((word) => [...word].map((c, i) => (rule === 'wordpiece' && i > 0 ? `##${c}` : c)));
      for (const { left, right, joined, count, score } of trainMerges(all.join(' '), rule, 8)) {
        const pairs = words.flatMap((units) => units.slice(1).map((unit, i) => [units[i]!, unit] as const));
        const units = words.flat();
        const times = ([a, b]: readonly [string, string]) => pairs.filter(([x, y]) => x === a && y === b).length;
        const scoreOf = (pair: readonly [string, string]) =>
          rule === 'bpe'
            ? times(pair)
            : times(pair) / (units.filter((u) => u === pair[0]).length * units.filter((u) => u === pair[1]).length);
        expect(times([left, right])).toBe(count);
        expect(Math.max(...pairs.filter((pair) => times(pair) > 1).map(scoreOf))).toBeCloseTo(score, 12);
        words = words.map((own) => {
          const out: string[] = [];
          for (const unit of own) {
            if (unit === right && out.at(-1) === left) out.splice(-1, 1, joined);
            else out.push(unit);
          }
          return out;
        });
      }
    }),
    { numRuns: 200, seed: 8 },
  );
});

test('what is trained is cut as it was trained; what cannot be cut is unknown', () => {
  const text = 'whale whaling whales inhale inhaling wh wh';
  const merges = trainMerges(text, 'bpe', 30);
  let words = corpusOf(text, 'bpe');
  for (const merge of merges) words = applied(words, merge);
  for (const { units } of words) expect(encodeBpe(units.join(''), merges)).toEqual(units);
  const pieces = trainMerges(text, 'wordpiece', 30);
  const units = vocabularyOf(text, pieces);
  expect(
    encodeWordPiece('whale', units)
      ?.map((unit) => unit.replace('##', ''))
      .join(''),
  ).toBe('whale');
  expect(encodeWordPiece('whales', new Set(['w', 'wh', '##h', '##a', '##l', '##e', '##ale', '##s']))).toEqual([
    'wh',
    '##ale',
    '##s',
  ]);
  expect(encodeWordPiece('zebra', units)).toBeUndefined();
  expect(nextMerge(corpusOf('', 'bpe'), 'bpe')).toBeUndefined();
  expect(trainMerges('a b c', 'bpe', 5)).toEqual([]);
});
