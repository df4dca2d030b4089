// An explanation as lines of text: the formula in symbols, its terms in numbers, the long middle folded away.
import { sees } from '../../ops/attention/shape';
import type { Explanation, Frame } from '../../frame/frame-types';
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
export function nameOf({ cell }: Explanation): { base: string; sub: string } {
  const { role, row, col } = cell;
  if (role === 'alpha') return { base: 'α', sub: `${row}` };
  if (role === 'm' || role === 'l' || role === 'LSE') return { base: role, sub: `${row}` };
  return { base: role === 'other' ? '·' : role.toLowerCase(), sub: `${row},${col}` };
}

/** A score or weight that the mask leaves out. */
export const isMasked = (frame: Frame, { cell }: Explanation): boolean =>
  (cell.role === 'S' || cell.role === 'P') && !sees(frame.trace.header.run.shape, cell.row, cell.col);

/** The rule in symbols, with the scale of this run where there is one. */
export function symbols(frame: Frame, { formula, cell, terms }: Explanation): string {
  const { shape, scale } = frame.trace.header.run;
  const direct = frame.softmax?.kind === 'direct';
  switch (formula) {
    case 'dot':
      return scale === undefined ? `Σ q·k / √${shape.dim}` : `Σ q·k · ${value(scale)}`;
    case 'exp':
      return direct ? 'exp(s − m) / l' : 'exp(s − m)';
    case 'max':
      return direct ? 'max(s)' : 'max(m, s)';
    case 'sum':
      return cell.role === 'LSE' ? 'm + ln l' : direct ? 'Σ exp(s − m)' : 'α·l + Σ p';
    case 'rescale':
      return 'exp(m′ − m)';
    case 'weighted':
      return terms[0]?.label === 'α·O' ? 'α·o + Σ p·v' : 'Σ p·v';
    case 'divide':
      return 'o / l';
    case 'input':
      return '';
  }
}

/** The rule with numbers put in, where that is one line: the formulas without a long sum. */
export function inNumbers(frame: Frame, { formula, terms }: Explanation): string {
  const [a, b, c] = terms.map((t) => bracketed(t.product));
  if (terms.length === 0) return '';
  if (formula === 'exp') return c === undefined ? `exp(${a} − ${b})` : `exp(${a} − ${b}) / ${c}`;
  if (formula === 'rescale') return `exp(${a} − ${b})`;
  if (formula === 'divide') return `${a} / ${b}`;
  if (formula === 'dot')
    return `(${signed(terms.slice(0, 2).map((t) => t.product))} ${terms.length > 2 ? '+ …' : ''}) ${tail(frame)}`;
  return '';
}

const tail = (frame: Frame): string => {
  const { shape, scale } = frame.trace.header.run;
  return scale === undefined ? `/ √${shape.dim}` : `· ${value(scale)}`;
};

const bracketed = (x: number): string => (x < 0 ? `(${value(x)})` : value(x));

const signed = (xs: readonly number[]): string =>
  xs.map((x, i) => (i === 0 ? value(x) : x < 0 ? `− ${value(-x)}` : `+ ${value(x)}`)).join(' ');

/** First and last terms as lines, and how many lie between. Formulas that fit one line have none. */
export function termLines(explanation: Explanation): { first: TermLine[]; folded: number; last: TermLine[] } {
  const { formula, terms } = explanation;
  if (formula === 'exp' || formula === 'rescale' || formula === 'divide') return { first: [], folded: 0, last: [] };
  const line = (t: Explanation['terms'][number]): TermLine => ({
    label: t.label,
    factors: t.factors.length > 1 ? t.factors.map((f) => bracketed(f)).join(`${NBSP}× `) : '',
    product: value(t.product),
  });
  if (terms.length <= 2 * ENDS + 1) return { first: terms.map(line), folded: 0, last: [] };
  return { first: terms.slice(0, ENDS).map(line), folded: terms.length - 2 * ENDS, last: terms.slice(-ENDS).map(line) };
}
