/** The tokenizer loses no character and knows what the language knows. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tokenLines } from './tokens';
import { SOURCE } from '../testing/softmax-source';

const joined = (text: string): string =>
  tokenLines(text)
    .map((tokens) => tokens.map((t) => t.text).join(''))
    .join('\n');

test('tokens joined are the text', () => {
  expect(joined(SOURCE)).toBe(SOURCE);
  const pieces = fc.constantFrom(
    'let ',
    'x',
    '1.5e-3f',
    '0x1Fu',
    '/*',
    '*/',
    '//',
    '\n',
    ' ',
    'vec4f',
    '@group',
    '(0)',
    'max',
    'é',
    '<',
    '"',
  );
  fc.assert(
    fc.property(
      fc.array(pieces).map((list) => list.join('')),
      (text) => joined(text) === text,
    ),
  );
});

test('kinds: keywords, types, functions, numbers, comments over lines, and where a name lives', () => {
  const kinds = (line: string, before = ''): string[] =>
    (tokenLines(before + line).at(-1) ?? []).map((t) => `${t.kind}:${t.text}`);
  expect(kinds('let x = max(1.5, 2u); // y')).toEqual([
    'keyword:let',
    'plain: x = ',
    'builtin:max',
    'plain:(',
    'number:1.5',
    'plain:, ',
    'number:2u',
    'plain:); ',
    'comment:// y',
  ]);
  expect(kinds('b */ var z: vec4f;', '/* a\n')).toEqual([
    'comment:b */',
    'plain: ',
    'keyword:var',
    'plain: z: ',
    'type:vec4f',
    'plain:;',
  ]);
  const declared = 'var<storage, read> K: array<f32>;\nvar<workgroup> sK: array<f32, 8>;\n';
  expect(kinds('sK[i] = K[i];', declared)).toEqual(['sram:sK', 'plain:[i] = ', 'hbm:K', 'plain:[i];']);
});
