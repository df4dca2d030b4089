// Expands marked loops: a `for` with constant bounds below a line `// unroll` is written out once for each iteration,
// its counter replaced by a number. Compilers keep private arrays in registers only when every index is a constant. So
// the file stays readable, and the text that runs has constants.
import { AttnError } from '../errors';

export interface Expanded {
  code: string;
  /** For each line of `code`: its line in the source, from 1. */
  lines: readonly number[];
}

interface Line {
  text: string;
  from: number;
}

/** A limit, because an imported text may ask for any number of iterations. */
const MOST_LINES = 200_000;

const MARK = /^\s*\/\/ unroll$/;
const HEAD = /^(\s*)for \(var (\w+) = ([^;]+); \2 < ([^;]+); \2(?:\+\+| \+= ([^)]+))\) \{$/;

const fail = (line: Line | undefined, why: string): AttnError =>
  new AttnError('unexpected', { message: `line ${line?.from ?? 0}: ${why}: ${line?.text.trim() ?? ''}` });

/**
 * The value of an expression of unsigned integers, named constants, + - * / %, min, max and brackets. Throws on
 * anything else.
 */
export function constantValue(expression: string, constants: Readonly<Record<string, unknown>>): number {
  const tokens = expression.match(/\d+|\w+|[^\s\w]/g) ?? [];
  const known = tokens.filter((token, i) => !(token === 'u' && /\d/.test(tokens[i - 1] ?? '')));
  let at = 0;
  const take = (token: string) => {
    if (known[at++] !== token) throw new AttnError('unexpected', { message: `no constant: ${expression}` });
  };
  const factor = (): number => {
    const token = known[at++] ?? '';
    if (/^\d/.test(token)) return Number.parseInt(token, 10);
    if (token === '(') {
      const inside = sum();
      take(')');
      return inside;
    }
    if (token === 'min' || token === 'max') {
      take('(');
      const first = sum();
      take(',');
      const second = sum();
      take(')');
      return Math[token](first, second);
    }
    const value = constants[token];
    if (typeof value !== 'number')
      throw new AttnError('unexpected', { message: `no constant: ${token} in ${expression}` });
    return value;
  };
  const product = (): number => {
    let value = factor();
    for (let op = known[at]; op === '*' || op === '/' || op === '%'; op = known[at]) {
      at++;
      const right = factor();
      value = op === '*' ? value * right : op === '/' ? Math.floor(value / right) : value % right;
    }
    return value;
  };
  const sum = (): number => {
    let value = product();
    for (let op = known[at]; op === '+' || op === '-'; op = known[at]) {
      at++;
      value += (op === '+' ? 1 : -1) * product();
    }
    return value;
  };
  const value = sum();
  if (at < known.length) throw new AttnError('unexpected', { message: `no constant: ${expression}` });
  return value;
}

/** The index of the line that closes the block whose head is at `head`: the first one with the head's indentation. */
function closing(lines: readonly Line[], head: number, indent: string): number {
  const end = lines.findIndex(({ text }, i) => i > head && text === `${indent}}`);
  if (end < 0) throw fail(lines[head], 'the marked loop has no end');
  return end;
}

function expandLines(lines: readonly Line[], constants: Readonly<Record<string, unknown>>): Line[] {
  const out: Line[] = [];
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as Line;
    if (!MARK.test(line.text)) {
      out.push(line);
      continue;
    }
    const head = lines[i + 1];
    const [, indent = '', name = '', from = '', to = '', step = '1'] = HEAD.exec(head?.text ?? '') ?? [];
    if (!head || name === '') throw fail(head ?? line, 'the marked line is no loop with constant bounds');
    const end = closing(lines, i + 1, indent);
    const body = lines.slice(i + 2, end);
    const counter = new RegExp(String.raw`(?<![.\w])${name}\b`, 'g');
    for (
      let value = constantValue(from, constants);
      value < constantValue(to, constants);
      value += constantValue(step, constants)
    ) {
      const round = body.map((one) => ({ text: one.text.replace(counter, `${value}u`), from: one.from }));
      out.push({ text: `${indent}{ // ${name} = ${value}`, from: head.from });
      out.push(...expandLines(round, constants));
      out.push({ text: `${indent}}`, from: lines[end]?.from ?? 0 });
      if (out.length > MOST_LINES) throw fail(head, `the marked loop makes more than ${MOST_LINES} lines`);
    }
    i = end;
  }
  return out;
}

/**
 * Writes out the marked loops of a text.
 * @param constants the numbers that bounds may name
 * @throws AttnError `unexpected` for a mark that is not above such a loop
 */
export function expand(source: string, constants: Readonly<Record<string, unknown>>): Expanded {
  const lines = source.split('\n').map((text, i) => ({ text, from: i + 1 }));
  const out = expandLines(lines, constants);
  return { code: out.map(({ text }) => text).join('\n'), lines: out.map(({ from }) => from) };
}

/** The integer constants at the start of a linked text: what its loops' bounds may name. */
export const constantsOf = (text: string): Record<string, number> =>
  Object.fromEntries(
    [...text.matchAll(/^const (\w+): u32 = (\d+)u;$/gm)].map(([, name, value]) => [name, Number(value)]),
  );
