// Links a pass into one WGSL text: its `const` header, then its files in order, with a map of which lines belong to
// which file; and expands its marked loops.
import { AttnError } from '../errors';
import { expand } from './expand';

/** The name of a file below shaders/, or a text that is no file. */
export type SourceFile = string | { name: string; text: string };

/** What a text is linked from. */
export interface Linkable {
  /** Language extensions that are enabled in the first line. */
  enables?: readonly string[];
  /** The source files in order, after the `const` header: a name below shaders/ (see `textOf`), or a text. */
  files: readonly SourceFile[];
  /**
   * `const` lines of the header; integers become u32, non-integers f32 (give a scale as { f32: x }), booleans bool, a
   * list an array of f32.
   */
  header: Record<string, number | boolean | { f32: number } | readonly number[]>;
}

/** The lines of a file in the linked text, from 1, both ends included. */
export interface LinkedFile {
  name: string;
  firstLine: number;
  lastLine: number;
}

export interface Linked {
  /** The text that is shown and instrumented: the files word for word, without lines that this header does not ask for. */
  source: string;
  /** Which lines of `source` belong to which file. */
  files: readonly LinkedFile[];
  /**
   * The text that is compiled and timed: `source` with its marked loops expanded; the same as `source` when there are
   * none.
   */
  code: string;
  /** For each line of `code`: its line in `source`, from 1. */
  lines: readonly number[];
}

/**
 * All kernel sources. Only this module loads them, so that the page can know its kernels before their texts are there.
 */
const texts = import.meta.glob<string>(['../../shaders/**/*.wgsl', '!**/probe-*.wgsl'], {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** The name of a source file. */
export const nameOf = (file: SourceFile): string => (typeof file === 'string' ? file : file.name);

/** The text of a source file. Throws for a name that shaders/ does not have. */
export function textOf(file: SourceFile): string {
  if (typeof file !== 'string') return file.text;
  const text = texts[`../../shaders/${file}`];
  if (text === undefined) throw new AttnError('unexpected', { message: `no shader ${file}` });
  return text;
}

/** The header's name in `Linked.files`. */
export const HEADER = 'const';

/** An f32 as a literal that reads back exactly: the shortest decimal of the nearest double, with the suffix. */
function f32Literal(value: number): string {
  return `${String(Math.fround(value))}f`;
}

function constLine(name: string, value: Linkable['header'][string]): string {
  if (typeof value === 'object' && !('f32' in value)) {
    const type = `array<f32, ${value.length}>`;
    return `const ${name}: ${type} = ${type}(${value.map(f32Literal).join(', ')});`;
  }
  if (typeof value === 'boolean') return `const ${name}: bool = ${value};`;
  if (typeof value === 'object') return `const ${name}: f32 = ${f32Literal(value.f32)};`;
  return Number.isInteger(value) ? `const ${name}: u32 = ${value}u;` : `const ${name}: f32 = ${f32Literal(value)};`;
}

const CONDITION = /^\s*\/\/ (when|unless): (\w+)(?: \((\d+) lines\))?$/;

/**
 * A file's lines without those that are there for constants that this header does not have: below `// when: NAME` (or
 * `// unless: NAME`) the next line stands only where the header has (has not) that constant, or as many lines as the
 * mark says. The marks themselves are not part of the text.
 */
export function chosenLines(text: string, header: Linkable['header']): string[] {
  const chosen: string[] = [];
  let [left, stands] = [0, true];
  for (const line of text.trimEnd().split('\n')) {
    const [, word, name = '', count = '1'] = CONDITION.exec(line) ?? [];
    if (word !== undefined) {
      left = Number(count);
      stands = Object.hasOwn(header, name) === (word === 'when');
    } else if (left-- <= 0 || stands) chosen.push(line);
  }
  return chosen;
}

/** Links a pass. Files are separated by one empty line; extensions are enabled in the header's first line. */
export function link(pass: Linkable): Linked {
  const enabled = (pass.enables ?? []).map((name) => `enable ${name};`);
  const header = [...enabled, ...Object.entries(pass.header).map(([name, value]) => constLine(name, value))];
  const parts = [
    { name: HEADER, text: header.join('\n') },
    ...pass.files.map((file) => ({ name: nameOf(file), text: textOf(file) })),
  ];
  const lines: string[] = [];
  const files: LinkedFile[] = [];
  for (const { name, text } of parts) {
    if (lines.length > 0) lines.push('');
    const firstLine = lines.length + 1;
    lines.push(...chosenLines(text, pass.header));
    files.push({ name, firstLine, lastLine: lines.length });
  }
  const source = `${lines.join('\n')}\n`;
  return { source, files, ...expand(source, pass.header) };
}
