/** For tests: softcap and ALiBi's slopes for a shape, and a score with both, from what their papers say of them. */
import fc from 'fast-check';
import { slopesOf, type Sizes } from '../../sizes';

type Scored = Pick<Sizes, 'softcap' | 'alibi'>;

/** Softcap, slopes, or both: those of the paper, or any; never neither. */
export const anyScores = (heads: number): fc.Arbitrary<Scored> => {
  const softcap = fc.constantFrom(0.5, 2, 30, 50).map((c): Scored => ({ softcap: c }));
  const slope = fc.float({ min: 0, max: 2, noNaN: true });
  const alibi = fc
    .oneof(fc.constant(slopesOf(heads)), fc.array(slope, { minLength: heads, maxLength: heads }))
    .map((slopes): Scored => ({ alibi: slopes }));
  return fc.oneof(
    softcap,
    alibi,
    fc.tuple(softcap, alibi).map(([a, b]): Scored => ({ ...a, ...b })),
  );
};

/** The shapes that some give, with what changes their scores. */
export const withScores = <T extends Sizes>(shapes: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  shapes.chain((shape) => anyScores(shape.heads).map((scored): T => ({ ...shape, ...scored })));

/**
 * What becomes of a scaled score of head h: tanh by exponentials, and the distance of two positions of one text, of
 * which the queries are the last tokens.
 */
export function scoreByDefinition(
  { softcap, alibi, queries, keys }: Sizes,
  s: number,
  h: number,
  i: number,
  j: number,
) {
  const capped = softcap === undefined ? s : softcap * (1 - 2 / (Math.exp((2 * s) / softcap) + 1));
  if (!alibi) return capped;
  const position = keys - 1 - (queries - 1 - i);
  return capped - alibi[h]! * (position > j ? position - j : j - position);
}
