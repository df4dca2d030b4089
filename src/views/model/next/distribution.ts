// What the next-token picture shows, worked out once for what it is drawn from.
import { distributionOf, keptCount, penalised, sortedLogits, type Distribution } from '../../../model/sampling';
import type { Reading } from '../../../model/reading';
import type { ModelFrame } from '../view';

const rowOf = ({ logits, config: { vocabulary } }: Reading, at: number): Float32Array =>
  logits.subarray(at * vocabulary, (at + 1) * vocabulary);

/** Remembers the last answers: a frame is drawn more often than it changes. */
export function createDistributions() {
  let of: Distribution | undefined;
  let ofKey: unknown[] = [];
  let sizes: readonly number[] = [];
  let sizesKey: unknown[] = [];
  let sorted: Float32Array[] = [];
  let sortedOf: Reading | undefined;

  const same = (a: readonly unknown[], b: readonly unknown[]): boolean => a.every((one, i) => one === b[i]);

  return {
    /** The distribution after the token looked at. */
    at({ reading, at, settings: { sampling } }: ModelFrame): Distribution | undefined {
      if (!reading) return undefined;
      const key = [reading, at, sampling];
      if (!of || !same(key, ofKey)) {
        of = distributionOf(rowOf(reading, at), sampling, reading.ids.slice(0, at + 1));
        ofKey = key;
      }
      return of;
    },
    /** How many tokens may be drawn after each token. */
    sizes({ reading, settings: { sampling } }: ModelFrame): readonly number[] {
      if (!reading) return [];
      const key = [reading, sampling];
      if (!same(key, sizesKey) || sizesKey.length === 0) {
        if (sortedOf !== reading) sorted = reading.ids.map((_, i) => sortedLogits(rowOf(reading, i)));
        sortedOf = reading;
        const { penalty = 1 } = sampling;
        sizes = reading.ids.map((_, i) =>
          keptCount(
            penalty === 1
              ? sorted[i]!
              : sortedLogits(penalised(rowOf(reading, i), reading.ids.slice(0, i + 1), penalty)),
            sampling,
          ),
        );
        sizesKey = key;
      }
      return sizes;
    },
  };
}

/** Sum of the first ranks' probabilities, at ranks 1, 2, 3 … and then ever farther apart. */
export function cumulative(p: ArrayLike<number>): { rank: number; sum: number }[] {
  const points: { rank: number; sum: number }[] = [];
  let sum = 0;
  let next = 1;
  for (let i = 0; i < p.length; i++) {
    sum += p[i]!;
    if (i + 1 < next && i + 1 < p.length) continue;
    points.push({ rank: i + 1, sum: Math.min(1, sum) });
    next = Math.max(i + 2, (i + 1) * 1.12);
  }
  return points;
}
