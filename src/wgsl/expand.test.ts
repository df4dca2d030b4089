// Marked loops written out: against a direct reading of the loop, line by line, and what is refused.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { constantValue, expand } from './expand';

const statements = (code: string) =>
  code
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(?:\{ \/\/.*|\})$/.test(line));

test('a marked loop becomes its rounds, in scopes of their own, with the counter as a number; other loops stay', () => {
  const source = [
    'let i = 1u;',
    '// unroll',
    'for (var i = 0u; i < N; i++) {',
    '  a[i] += b.i * ii;',
    '}',
    'for (var i = 0u; i < N; i++) {',
    '}',
  ].join('\n');
  const { code, lines } = expand(source, { N: 2 });
  expect(code.split('\n')).toEqual([
    'let i = 1u;',
    '{ // i = 0',
    '  a[0u] += b.i * ii;',
    '}',
    '{ // i = 1',
    '  a[1u] += b.i * ii;',
    '}',
    'for (var i = 0u; i < N; i++) {',
    '}',
  ]);
  expect(lines).toEqual([1, 3, 4, 5, 3, 4, 5, 6, 7]);
});

test('nested marks: every round of the loops themselves, in their order', () => {
  const sizes = fc.record({
    n: fc.integer({ min: 1, max: 13 }),
    step: fc.integer({ min: 1, max: 5 }),
    m: fc.integer({ min: 0, max: 3 }),
  });
  fc.assert(
    fc.property(sizes, ({ n, step, m }) => {
      const source = [
        '  // unroll',
        '  for (var g = 0u; g < N; g += STEP) {',
        '    top(g);',
        '    // unroll',
        '    for (var c = g; c < min(g + STEP, N); c++) {',
        '      // unroll',
        '      for (var j = 0u; j < M; j++) {',
        '        s[g][c - g][j];',
        '      }',
        '    }',
        '  }',
      ].join('\n');
      const want: string[] = [];
      for (let g = 0; g < n; g += step) {
        want.push(`top(${g}u);`);
        for (let c = g; c < Math.min(g + step, n); c++)
          for (let j = 0; j < m; j++) want.push(`s[${g}u][${c}u - ${g}u][${j}u];`);
      }
      const { code, lines } = expand(source, { N: n, STEP: step, M: m });
      expect(statements(code)).toEqual(want);
      code.split('\n').forEach((line, i) => {
        const from = source.split('\n')[(lines[i] ?? 0) - 1]!;
        expect(line.search(/\S/)).toBe(from.search(/\S/));
      });
    }),
    { seed: 1 },
  );
});

test('values of constant expressions are those of the language', () => {
  const names = { A: 3, B: 7 };
  type Known = readonly [text: string, value: number];
  const leaf: fc.Arbitrary<Known> = fc.oneof(
    fc.integer({ min: 0, max: 20 }).map((n): Known => [`${n}u`, n]),
    fc.constantFrom<Known>(...Object.entries(names)),
  );
  const tree: fc.Memo<Known> = fc.memo((depth) =>
    depth <= 1
      ? leaf
      : fc
          .tuple(fc.constantFrom('+', '*', 'min', 'max'), tree(depth - 1), tree(depth - 1))
          .map(([op, [a, x], [b, y]]): Known => {
            if (op === 'min' || op === 'max') return [`${op}(${a}, ${b})`, Math[op](x, y)];
            return [`(${a} ${op} ${b})`, op === '+' ? x + y : x * y];
          }),
  );
  fc.assert(
    fc.property(tree(4), ([text, value]) => {
      expect(constantValue(text, names)).toBe(value);
    }),
    { seed: 2 },
  );
  expect(constantValue('2 + 3 * 4 - 10u / 4u % 2', {})).toBe(14);
  for (const wrong of ['', 'x', '1 +', 'f(2)', '(1', '1 2']) expect(() => constantValue(wrong, {})).toThrow();
});

test('a mark above anything else is refused with its line', () => {
  const refused = (text: string) => expect(() => expand(text, { N: 2 })).toThrow(/line 2|no constant/);
  refused('// unroll\nlet x = 1;');
  refused('// unroll\nfor (var i = 0u; i < N; i++) {\n  open');
  refused('// unroll\nfor (var i = 0u; i < M; i++) {\n}');
  refused('// unroll\nfor (var i = 0u; i <= N; i++) {\n}');
});

test('a loop without end is refused, not written out', () => {
  expect(() => expand('// unroll\nfor (var i = 0u; i < N; i++) {\n}', { N: 4e9 })).toThrow(/200000 lines/);
  expect(() => expand('// unroll\nfor (var i = 0u; i < 1; i += 0) {\n}', {})).toThrow(/200000 lines/);
});
