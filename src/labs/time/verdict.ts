// What a sweep says, in sentences: who is faster from which N on, and as plainly where one loses or where nothing can be told.
import type { Crossover, Row, Standing } from '../../bench/analysis';
import { count } from '../../views/format';
import type { TimeSpeech } from './speech';

/** The sentences on one kernel against the first, the most important one first. */
export function verdictOn({ base, kernel, fasterFrom, slowerFrom, at }: Crossover, rows: readonly Row[], words: TimeSpeech): string[] {
  const all = [...at.faster, ...at.slower, ...at['no-difference'], ...at['too-few']].toSorted((a, b) => a - b);
  const [low = 0, high = 0] = [all[0], all.at(-1)];
  const main =
    fasterFrom === low
      ? words.fasterAll(kernel, base, low, high)
      : slowerFrom === low
        ? words.slowerAll(kernel, base, low, high)
        : fasterFrom !== undefined
          ? words.fasterFrom(kernel, base, fasterFrom)
          : slowerFrom !== undefined
            ? words.slowerFrom(kernel, base, slowerFrom)
            : words.unclear(kernel, base);
  const last = rows.find((row) => row.kernel === kernel && row.n === high)?.ratio;
  const told = fasterFrom ?? slowerFrom;
  const before = (standing: Standing, say: (ns: string) => string): string[] => {
    const ns = at[standing].filter((n) => told === undefined || n < told);
    return ns.length > 0 ? [say(ns.join(', '))] : [];
  };
  return [
    main,
    ...before('slower', words.loses),
    ...before('faster', words.wins),
    ...before('no-difference', words.same),
    ...before('too-few', words.few),
    ...(last && last.n > 0 ? [words.share(high, base, count(last.median), count(last.p10), count(last.p90))] : []),
  ];
}
