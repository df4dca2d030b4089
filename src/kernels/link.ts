// Joins a pass into the one WGSL text that runs: its `const` header, then its files in order, with a map of who owns which lines.
import type { PassSpec } from './card';

/** Where a file ended up in the linked text; lines count from 1, both ends included. */
export interface LinkedFile {
  name: string;
  firstLine: number;
  lastLine: number;
}

export interface Linked {
  code: string;
  files: readonly LinkedFile[];
}

/** The header's name in `Linked.files`. */
export const HEADER = 'const';

/** An f32 as a literal that reads back as exactly the same f32: the shortest decimal of the nearest double, with the suffix. */
function f32Literal(value: number): string {
  return `${String(Math.fround(value))}f`;
}

function constLine(name: string, value: PassSpec['header'][string]): string {
  if (typeof value === 'boolean') return `const ${name}: bool = ${value};`;
  if (typeof value === 'object') return `const ${name}: f32 = ${f32Literal(value.f32)};`;
  return Number.isInteger(value) ? `const ${name}: u32 = ${value}u;` : `const ${name}: f32 = ${f32Literal(value)};`;
}

/** The text of a pass, exactly as it is compiled, timed and shown. Files are separated by one empty line. */
export function link(pass: Pick<PassSpec, 'header' | 'files'>): Linked {
  const header = Object.entries(pass.header).map(([name, value]) => constLine(name, value));
  const parts = [{ name: HEADER, text: header.join('\n') }, ...pass.files];
  const lines: string[] = [];
  const files: LinkedFile[] = [];
  for (const { name, text } of parts) {
    if (lines.length > 0) lines.push('');
    const firstLine = lines.length + 1;
    lines.push(...text.trimEnd().split('\n'));
    files.push({ name, firstLine, lastLine: lines.length });
  }
  return { code: `${lines.join('\n')}\n`, files };
}
