// Time over N, log-log: the median of each kernel with its p10-p90 band, and the N from which on one is faster.
import type { Crossover, Row } from '../../bench/analysis';
import { speak, type Language } from '../../words';
import { around, logTicks, plot, type Guide, type Plot, type PlotSeries } from './chart';
import { chartWords } from './chart.words';
import { duration } from '../../ui/format';

/** What every chart of a sweep is given: the rows of one mask, and which N is chosen. */
export interface SweepChart {
  rows: readonly Row[];
  kernels: readonly string[];
  /** One query over N keys; else as many queries. */
  decoding: boolean;
  lengths: readonly number[];
  language: Language;
  width: number;
  height: number;
  chosen: number | undefined;
  choose(n: number): void;
}

/** The rows of a kernel, by N. */
export const rowsOfKernel = (rows: readonly Row[], kernel: string): Row[] =>
  rows.filter((row) => row.kernel === kernel).toSorted((a, b) => a.n - b.n);

/** Below this width the axes have short names, and what stands on a line elsewhere goes above the plot. */
export const NARROW = 460;

/** The x axis of lengths. */
export function lengthAxis(
  { width, language, decoding }: Pick<SweepChart, 'width' | 'language' | 'decoding'>,
  lengths: readonly number[],
): Plot['x'] {
  const words = speak(chartWords, language);
  const [short, full] = decoding ? [words.keysShort, words.keys] : [words.nShort, words.n];
  return { domain: around(lengths, 1.12), ticks: lengths, format: String, label: width < NARROW ? short : full };
}

/** Everything of a plot that the charts share. */
export const frameOf = ({
  width,
  height,
  chosen,
  choose,
  lengths,
  language,
}: SweepChart): Pick<Plot, 'width' | 'height' | 'chosen' | 'choose' | 'lengths' | 'name'> => ({
  width,
  height,
  chosen,
  choose,
  lengths,
  name: speak(chartWords, language).chooseN,
});

/** Lines with nothing timed on them are left out. */
export const drawn = (series: readonly PlotSeries[]): PlotSeries[] => series.filter(({ points }) => points.length > 0);

/** What is there at the chosen N, in one line. */
export function readingOf(
  rows: readonly Row[],
  chosen: number | undefined,
  say: (row: Row) => string | undefined,
): string {
  const said = rows.filter(({ n }) => n === chosen).flatMap((row) => say(row) ?? []);
  return chosen === undefined ? '' : [`N = ${chosen}`, ...said].join(' · ');
}

export const timeReading = (rows: readonly Row[], chosen: number | undefined): string =>
  readingOf(
    rows,
    chosen,
    ({ kernel, time }) => time && `${kernel} ${duration(time.median)} (${duration(time.p10)}–${duration(time.p90)})`,
  );

export function timeChart(chart: SweepChart, crossings: readonly Crossover[]) {
  const { rows, kernels, lengths, language } = chart;
  const words = speak(chartWords, language);
  const series = drawn(
    kernels.map((kernel) => ({
      kernel,
      points: rowsOfKernel(rows, kernel).flatMap(({ n, time }) =>
        time ? [{ n, x: n, y: time.median, lo: time.p10, hi: time.p90 }] : [],
      ),
    })),
  );
  const domain = around(series.flatMap(({ points }) => points.flatMap(({ lo, hi }) => [lo, hi])));
  return plot({
    ...frameOf(chart),
    x: lengthAxis(chart, lengths),
    y: { domain, ticks: logTicks(domain), format: duration, label: words.time },
    series,
    guides: crossGuides(crossings, lengths, domain, words),
    reading: timeReading(rows, chart.chosen),
  });
}

/** Kernels as one name: more than two are counted, and the curves say which. */
export const together = (kernels: readonly string[], several: (n: number) => string): string =>
  kernels.length > 2 ? several(kernels.length) : kernels.join(', ');

/**
 * Marks at the N of crossovers, one for all kernels that win or lose from the same N on; who is ahead or behind at
 * every N has none to mark.
 */
export function crossGuides(
  crossings: readonly Crossover[],
  lengths: readonly number[],
  [low, high]: readonly [number, number],
  words: Pick<ReturnType<typeof speak<typeof chartWords>>, 'fasterFrom' | 'slowerFrom' | 'several'>,
): Guide[] {
  return lengths.slice(1).flatMap((n) =>
    (['fasterFrom', 'slowerFrom'] as const).flatMap((from): Guide[] => {
      const kernels = crossings.filter((one) => one[from] === n).map(({ kernel }) => kernel);
      return kernels.length === 0
        ? []
        : [{ kind: 'cross', from: [n, low], to: [n, high], label: words[from](together(kernels, words.several), n) }];
    }),
  );
}
