// How a score came about, in every op that has one: a query times a key, scaled, then capped, less ALiBi's bias.
import { added, dotOfRows, type Reader, type Rule } from './rule';
import { shapingOf, slopeOf } from './scores';
import { ownKey } from './sizes';

/** What stands before and after the scaled sum where the score is made of more than that. */
function around({ shape, plane }: Reader, apart: number): readonly [string, readonly (string | number)[]] | undefined {
  const { softcap, alibi } = shape;
  if (softcap === undefined && !alibi) return undefined;
  const bias = alibi ? [' − ', slopeOf(shape, plane), `·${apart}`] : [];
  return softcap === undefined ? ['', bias] : [`${softcap}·tanh(`, [` / ${softcap})`, ...bias]];
}

export const score: Rule = (read, row, col) => {
  const { shape, plane } = read;
  const apart = Math.abs(ownKey(shape, row) - col);
  const outer = around(read, apart);
  const scaled = ['Σ q·k ', ...read.scaled];
  const inside = shape.softcap === undefined ? scaled : ['(', ...scaled, ')'];
  const symbols = outer ? [outer[0], ...inside, ...outer[1]] : scaled;
  if (!read.sees(row, col)) return { symbols, terms: [], inputs: [] };
  const { terms, inputs } = dotOfRows(read, ['Q', row], ['K', col]);
  const sum = added(terms, read.scale);
  const told = { symbols, inputs, times: read.scaled, ...sum };
  const { computed, size = 0 } = sum;
  if (!outer || computed === undefined) return told;
  return {
    ...told,
    around: outer,
    computed: shapingOf(shape, plane)(computed, apart),
    // What f32 rounds away of the cap and of the bias is a part of these.
    size: size + (shape.softcap ?? 0) + slopeOf(shape, plane) * apart,
  };
};
