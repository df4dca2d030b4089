// Any text survives the tokenizer up to folding, and a Chinese character is one token.
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { TokenizerData } from './tokenizer';
import { DOCUMENT_TOKEN, Tokenizer } from './tokenizer';

const data = JSON.parse(
  readFileSync(new URL('../../public/model/tokenizer.json', import.meta.url), 'utf8'),
) as TokenizerData;
const tokenizer = new Tokenizer(data);

/** What the web platform makes of a lone surrogate: U+FFFD. */
const wellFormed = (text: string) =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(text));

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom(
      '國',
      '乾',
      '坤',
      'a',
      'The',
      ' ',
      '\n',
      '，',
      '—',
      '’',
      '🐋',
      '\ud800',
      '\udc00',
      '\u{20000}',
      '\ufeff',
    ),
    maxLength: 60,
  }),
);

describe('encode and decode', () => {
  test('are inverse up to folding, for any text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { ids, labels } = tokenizer.encode(text);
        expect(tokenizer.decode(ids)).toBe(wellFormed(tokenizer.fold(text)));
        expect(labels).toHaveLength(ids.length);
        expect(labels.every((label) => label.length > 0)).toBe(true);
        expect(ids.every((id) => id < tokenizer.size && id !== DOCUMENT_TOKEN)).toBe(true);
      }),
      { numRuns: 500, seed: 21 },
    );
  });

  test('give every character of the table one token, and the poem one a character', () => {
    for (const character of data.characters) expect(tokenizer.encode(character).ids, character).toHaveLength(1);
    const poem = '床前明月光，疑是地上霜。举头望明月，低头思故乡。';
    expect(tokenizer.encode(poem).labels).toEqual([...poem]);
    const modern = '注意力机制让每个词看见其他的词';
    expect(tokenizer.encode(modern).labels).toEqual([...modern]);
  });

  test('fall back to bytes for what the table lacks', () => {
    expect(tokenizer.encode('🐋').labels).toEqual(['‹f0›', '‹9f›', '‹90›', '‹8b›']);
    expect(tokenizer.encode('\u{20000}').ids).toHaveLength(4);
  });

  test('join English into words that keep their space', () => {
    expect(tokenizer.encode('the whale').labels).toEqual(['the', '·whale']);
    expect(tokenizer.encode('a\nb').labels).toEqual(['a', '⏎', 'b']);
  });

  test('refuse an id outside the vocabulary', () => {
    expect(() => tokenizer.decode([tokenizer.size])).toThrow('outside');
  });
});

describe('fold', () => {
  test('turns traditional script into simplified, phrases first', () => {
    expect(tokenizer.fold('國學漢語 whale 後來')).toBe('国学汉语 whale 后来');
    expect(tokenizer.fold('乾燥的乾坤')).toBe('干燥的乾坤');
    expect(tokenizer.encode('黃鶴樓').ids).toEqual(tokenizer.encode('黄鹤楼').ids);
  });

  test('leaves simplified characters alone, one by one', () => {
    const simplified = new Set(data.foldTo);
    const source = new Set(data.foldFrom);
    for (const character of simplified) if (!source.has(character)) expect(tokenizer.fold(character)).toBe(character);
  });
});

test('a file of another kind or with an impossible merge is refused', () => {
  const refusal = (changed: object) => {
    try {
      return new Tokenizer(changed as TokenizerData);
    } catch (error) {
      return error;
    }
  };
  expect(refusal({ ...data, format: 'other' })).toMatchObject({
    code: 'model-unavailable',
    details: { reason: 'foreign' },
  });
  expect(refusal({ ...data, merges: [[9999, 1]] })).toMatchObject({
    code: 'model-unavailable',
    details: { reason: 'foreign' },
  });
  expect(refusal([])).toMatchObject({ code: 'model-unavailable', details: { reason: 'foreign' } });
});
