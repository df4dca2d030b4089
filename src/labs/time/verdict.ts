// What a sweep says, in sentences: who is faster from which N on, and as plainly where one loses or where nothing can be told.
import type { Crossover, Row, Standing } from '../../bench/analysis';
import { count, thousandths } from '../../views/format';
import type { TimeSpeech } from './speech';

/** A row's verdict in words; where the control was off, by how much. */
export function standingText({ standing, point }: Row, words: TimeSpeech): string {
  if (!standing) return '';
  return standing === 'control-off' ? words[standing](thousandths(point.control?.median ?? NaN)) : words[standing];
}

/** The sentences on one kernel against the first, the most important one first. @param rows of the mask that is told of @param share also how much it takes at the longest N */
export function verdictOn(
  { base, kernel, fasterFrom, slowerFrom, at }: Crossover,
  rows: readonly Row[],
  words: TimeSpeech,
  share = true,
): string[] {
  const all = Object.values(at)
    .flat()
    .toSorted((a, b) => a - b);
  const [low = 0, high = 0] = [all[0], all.at(-1)];
  const offs = at['control-off'];
  const offBy = (n: number): string => words.offBy(n, thousandths(rows.find((row) => row.n === n)?.point.control?.median ?? NaN));
  const nothing = offs.length === all.length;
  const main = nothing
    ? words.offAll(kernel, base, offs.map(offBy).join(', '))
    : mainSentence({ base, kernel, fasterFrom, slowerFrom }, low, high, words);
  const last = share ? rows.find((row) => row.kernel === kernel && row.n === high)?.ratio : undefined;
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
    ...(offs.length > 0 && !nothing ? [words.off(offs.map(offBy).join(', '))] : []),
    ...before('too-few', words.few),
    ...(last && last.n > 0 ? [words.share(high, base, count(last.median), count(last.p10), count(last.p90))] : []),
  ];
}

/** Who is ahead, from where on. `low` and `high` are the shortest and longest N at which both were timed. */
function mainSentence(
  { base, kernel, fasterFrom, slowerFrom }: Pick<Crossover, 'base' | 'kernel' | 'fasterFrom' | 'slowerFrom'>,
  low: number,
  high: number,
  words: TimeSpeech,
): string {
  const range = `${low}–${high}`;
  if (fasterFrom !== undefined) {
    if (low === high) return words.fasterOnce(kernel, base, low);
    return fasterFrom === low ? words.fasterAll(kernel, base, range) : words.fasterFrom(kernel, base, fasterFrom);
  }
  if (slowerFrom === undefined) return words.unclear(kernel, base);
  if (low === high) return words.slowerOnce(kernel, base, low);
  return slowerFrom === low ? words.slowerAll(kernel, base, range) : words.slowerFrom(kernel, base, slowerFrom);
}
