// What a sweep says, in sentences: who is faster from which N on, and as plainly where one loses or where nothing can
// be told.
import type { Crossover, Row, BaselineVerdict } from '../../bench/analysis';
import type { Point } from '../../bench/report';
import type { Spread } from '../../bench/stats';
import { count, duration, thousandths } from '../../ui/format';
import type { TimeSpeech } from './speech';

/** The A/A ratio of a point with its p10 and p90. */
export const controlText = ({ control }: Point): string =>
  control ? `${thousandths(control.median)}, p10–p90 ${thousandths(control.p10)}–${thousandths(control.p90)}` : '–';

/** A row's verdict in words; where there is none, by what figure. */
export function verdictText({ verdict, point, sampleMs }: Row, words: TimeSpeech): string {
  if (!verdict) return '';
  if (verdict === 'within-control') return words[verdict](controlText(point));
  if (verdict === 'coarse-clock') return words[verdict](duration(sampleMs ?? NaN), duration(point.resolution ?? NaN));
  return words[verdict];
}

/**
 * The sentences on one kernel against the first, the most important one first. @param rows of the mask that is told of
 * @param share also how much it takes at the longest N
 */
export function verdictOn(crossover: Crossover, rows: readonly Row[], words: TimeSpeech, share = true): string[] {
  const { base, kernel, at } = crossover;
  const all = Object.values(at)
    .flat()
    .toSorted((a, b) => a - b);
  const [low = 0, high = 0] = [all[0], all.at(-1)];
  const { main, told } = mainSentence(crossover, low, high, words);
  const last = share ? rows.find((row) => row.kernel === kernel && row.n === high) : undefined;
  const before = (
    verdict: BaselineVerdict,
    say: (ns: string) => string,
    each: (n: number) => string = String,
  ): string[] => {
    const ns = at[verdict].filter((n) => told === undefined || n < told);
    return ns.length > 0 ? [say(ns.map(each).join(', '))] : [];
  };
  const withControl = (n: number): string => {
    const row = rows.find((one) => one.n === n);
    return words.withControl(n, row ? controlText(row.point) : '–');
  };
  return [
    main,
    ...before('slower', words.loses),
    ...before('faster', words.wins),
    ...before('no-difference', words.same),
    ...before('within-control', words.within, withControl),
    ...before('coarse-clock', words.coarseAt),
    ...before('too-few', words.few),
    ...untimed(crossover, rows, words),
    ...(last?.ratio && last.ratio.n > 0 ? [shareOf(last, last.ratio, base, words)] : []),
  ];
}

/** Whether somebody is ahead: only then has a ratio one number, else only where its rounds lie. */
export const isDecided = ({ verdict }: Pick<Row, 'verdict'>): boolean => verdict === 'faster' || verdict === 'slower';

const shareOf = (row: Row, { median, p10, p90 }: Spread, base: string, words: TimeSpeech): string =>
  isDecided(row)
    ? words.share(row.n, base, count(median), count(p10), count(p90))
    : words.between(row.n, base, count(p10), count(p90));

/** At which N the two could not be compared, and whose fault that was. */
export function untimed(
  { base, kernel }: Pick<Crossover, 'base' | 'kernel'>,
  rows: readonly Row[],
  words: TimeSpeech,
): string[] {
  const say = { skipped: words.untimedSkipped, refused: words.untimedRefused, failed: words.untimedFailed } as const;
  return [base, kernel].flatMap((one) =>
    (['skipped', 'refused', 'failed'] as const).flatMap((outcome) => {
      const ns = rows.filter((row) => row.kernel === one && row.result.outcome === outcome).map(({ n }) => n);
      return ns.length > 0 ? [say[outcome](ns.toSorted((a, b) => a - b).join(', '), one)] : [];
    }),
  );
}

/**
 * Who is ahead, from where on, and that N. `low` and `high` are the shortest and longest N at which both were timed.
 */
function mainSentence(
  { base, kernel, fasterFrom, slowerFrom, at }: Crossover,
  low: number,
  high: number,
  words: TimeSpeech,
): { main: string; told: number | undefined } {
  const range = `${low}–${high}`;
  if (fasterFrom !== undefined) {
    return {
      main: fasterFrom === low ? words.fasterAll(kernel, base, range) : words.fasterFrom(kernel, base, fasterFrom),
      told: fasterFrom,
    };
  }
  if (slowerFrom !== undefined) {
    return {
      main: slowerFrom === low ? words.slowerAll(kernel, base, range) : words.slowerFrom(kernel, base, slowerFrom),
      told: slowerFrom,
    };
  }
  // One point alone, the longest: true there, and no trend.
  const once = (faster: boolean): { main: string; told: number } => {
    const [only, lasting] = faster ? [words.fasterOnce, words.fasterLast] : [words.slowerOnce, words.slowerLast];
    return { main: (low === high ? only : lasting)(kernel, base, high), told: high };
  };
  if (at.faster.includes(high)) return once(true);
  if (at.slower.includes(high)) return once(false);
  return { main: low === high ? words.unclearOnce(kernel, base, high) : words.unclear(kernel, base), told: undefined };
}
