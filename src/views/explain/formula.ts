// An explanation as lines of text: the formula in symbols, its terms in numbers, the long middle folded away.
import { signOf } from '../../ops/rules';
import type { Text } from '../../ops/rule';
import type { Explanation } from '../../frame/frame-types';
import { value } from '../../ui/format';

/** Terms shown before and after the fold. */
const ENDS = 3;
/** Keeps the times sign with the factor before it where the line breaks. */
const NBSP = '\u00a0';

export interface TermLine {
  label: string;
  /** The factors joined by a times sign; for one factor, nothing more than the product. */
  factors: string;
  product: string;
}

/** The name of a cell with its indices: s₂₆,₁₉ as a base and its subscript. */
export function nameOf({ cell: { role, row, col }, axes }: Explanation): { base: string; sub: string } {
  const sign = signOf(role);
  if (axes?.[1] === 'one') return { base: sign, sub: `${row}` };
  return { base: role === 'other' ? '·' : sign === role ? role.toLowerCase() : sign, sub: `${row},${col}` };
}

/** The rule in symbols, with the scale of this run where there is one. */
export const symbols = ({ symbols: said }: Explanation): string => textOf(said);

const textOf = (text: Text): string =>
  typeof text === 'string' ? text : text.map((part) => (typeof part === 'string' ? part : value(part))).join('');

/** The rule with numbers put in: on one line where that holds them all, else the first terms of a sum. */
export function inNumbers({ inNumbers: line, times, around, terms }: Explanation): string {
  if (terms.length === 0) return '';
  if (line !== undefined) {
    let next = 0;
    return line.replaceAll('#', () => bracketed(terms[next++]?.product ?? NaN));
  }
  if (times === undefined) return '';
  const sum = `(${signed(terms.slice(0, 2).map((t) => t.product))}${terms.length > 2 ? ' + …' : ''}) ${textOf(times)}`;
  return around ? `${textOf(around[0])}${sum}${textOf(around[1])}` : sum;
}

const bracketed = (x: number): string => (x < 0 ? `(${value(x)})` : value(x));

const signed = (xs: readonly number[]): string =>
  xs.map((x, i) => (i === 0 ? value(x) : x < 0 ? `− ${value(-x)}` : `+ ${value(x)}`)).join(' ');

/** First and last terms as lines, and how many lie between. Formulas that fit one line have none. */
export function termLines(explanation: Explanation): { first: TermLine[]; folded: number; last: TermLine[] } {
  const { terms } = explanation;
  if (explanation.inNumbers !== undefined) return { first: [], folded: 0, last: [] };
  const line = (t: Explanation['terms'][number]): TermLine => ({
    label: t.label,
    factors: t.factors.length > 1 ? t.factors.map((f) => bracketed(f)).join(`${NBSP}× `) : '',
    product: value(t.product),
  });
  if (terms.length <= 2 * ENDS + 1) return { first: terms.map(line), folded: 0, last: [] };
  return { first: terms.slice(0, ENDS).map(line), folded: terms.length - 2 * ENDS, last: terms.slice(-ENDS).map(line) };
}
