// How the cells of LayerNorm come about.
import { added, all, cell, cells, inputOf, onOneLine, termOf, type OpRules, type Rule } from '../rule';
import { DEFAULT_EPS } from './oracle';

const mean: Rule = (read, row) => {
  const { dim } = read.shape;
  const terms = all(0, dim - 1, (c) => termOf(`${c}`, read.value('X', row, c)));
  const inputs = [inputOf(read, 'X', cells(row, row, 0, dim - 1))];
  return { symbols: `Σ x / ${dim}`, inputs, times: `/ ${dim}`, ...added(terms, 1 / dim) };
};

const rstd: Rule = (read, row) => {
  const { dim } = read.shape;
  const mu = read.value('Mean', row, 0);
  const terms = all(0, dim - 1, (c) => {
    const x = read.value('X', row, c);
    return x === undefined || mu === undefined ? undefined : termOf(`${c}`, x - mu, x - mu);
  });
  const symbols = `1 / √(Σ (x − μ)² / ${dim} + ε)`;
  const inputs = [inputOf(read, 'X', cells(row, row, 0, dim - 1)), inputOf(read, 'Mean', cell(row))];
  if (!terms || mu === undefined) return { symbols, terms: [], inputs };
  const variance = terms.reduce((sum, { product }) => sum + product, 0) / dim;
  const computed = 1 / Math.sqrt(variance + DEFAULT_EPS);
  // Far from zero a deviation is what little is left of two large numbers.
  return { symbols, terms, inputs, computed, size: computed * computed * Math.abs(mu) };
};

const output: Rule = (read, row, col) => {
  const given = [
    ['x', read.value('X', row, col)] as const,
    ['μ', read.value('Mean', row, 0)] as const,
    ['rstd', read.value('Rstd', row, 0)] as const,
    ['γ', read.value('Gamma', 0, col)] as const,
    ['β', read.value('Beta', 0, col)] as const,
  ];
  const inputs = [
    inputOf(read, 'X', cell(row, col)),
    inputOf(read, 'Mean', cell(row)),
    inputOf(read, 'Rstd', cell(row)),
    inputOf(read, 'Gamma', cell(0, col)),
    inputOf(read, 'Beta', cell(0, col)),
  ];
  const sum = onOneLine(
    '(x − μ)·rstd·γ + β',
    '(# − #) × # × # + #',
    inputs,
    given,
    (x, mu, by, gamma, beta) => (x - mu) * by * gamma + beta,
  );
  const [x = 0, mu = 0, by = 0, gamma = 0] = sum.terms.map(({ product }) => Math.abs(product));
  return { ...sum, size: (x + mu) * by * gamma };
};

export const layernormRules: OpRules = {
  rules: { Mean: mean, Rstd: rstd, Y: output },
  roles: { Mean: { sign: 'μ' }, Rstd: { sign: 'rstd', range: 'up' }, Gamma: { sign: 'γ' }, Beta: { sign: 'β' } },
};
