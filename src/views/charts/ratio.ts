// Each kernel's time over that of the first, paired by round. Above 1 it loses, and that is drawn like winning; what
// cannot be told stays hollow.
import type { Crossover, Row } from '../../bench/analysis';
import { speak } from '../../words';
import { around, logTicks, plot } from './chart';
import { crossGuides, drawn, frameOf, lengthAxis, readingOf, rowsOfKernel, type SweepChart } from './time';
import { chartWords } from './chart.words';
import { count } from '../../ui/format';

/** What is there at the chosen N; where the first kernel was not timed, that. */
export function ratioReading(
  rows: readonly Row[],
  chosen: number | undefined,
  stand: (row: Row) => string,
  noBase: string,
): string {
  const compared = rows.some(({ n, ratio }) => n === chosen && ratio);
  if (chosen !== undefined && !compared) return `N = ${chosen} · ${noBase}`;
  return readingOf(
    rows,
    chosen,
    (row) => row.ratio && `${row.kernel} × ${ratioText(row.ratio, row.verdict)} ${stand(row)}`,
  );
}

/** The median with its p10 to p90; where nobody is ahead p10 to p90 alone, for one number would read as a verdict. */
function ratioText({ median, p10, p90 }: NonNullable<Row['ratio']>, verdict: Row['verdict']): string {
  const range = `${count(p10)}–${count(p90)}`;
  return verdict === 'faster' || verdict === 'slower' ? `${count(median)} (${range})` : range;
}

/** Height of a note in the plot, px. */
const NOTE = 26;

export function ratioChart(chart: SweepChart, crossings: readonly Crossover[], stand: (row: Row) => string) {
  const { rows, kernels, lengths, language } = chart;
  const words = speak(chartWords, language);
  const [base = '', ...others] = kernels;
  const series = drawn(
    others.map((kernel) => ({
      kernel,
      points: rowsOfKernel(rows, kernel).flatMap(({ n, ratio, verdict }) =>
        ratio && ratio.n > 0
          ? [
              {
                n,
                x: n,
                y: ratio.median,
                lo: ratio.p10,
                hi: ratio.p90,
                hollow: verdict !== 'faster' && verdict !== 'slower',
              },
            ]
          : [],
      ),
    })),
  );
  // 1 is always in sight, with room on both sides: neither winning nor losing is off the chart.
  const [low, high] = around(
    [0.7, 1.4, ...series.flatMap(({ points }) => points.flatMap(({ lo, hi }) => [lo, hi]))],
    1.1,
  );
  // The words above and below have a line of their own, where no band comes.
  const room = (high / low) ** (NOTE / Math.max(NOTE, chart.height - 4 * NOTE));
  const domain = [low / room, high * room] as const;
  const x = lengthAxis(chart, lengths);
  return plot({
    ...frameOf(chart),
    x,
    y: { domain, ticks: logTicks(domain), format: count, label: words.ratio(base) },
    series,
    guides: [
      { kind: 'one', from: [x.domain[0], 1], to: [x.domain[1], 1], label: '' },
      ...crossGuides(crossings, lengths, domain, words),
    ],
    notes: [
      { text: words.slower(base), place: 'top' },
      { text: words.faster(base), place: 'bottom' },
    ],
    reading: ratioReading(rows, chart.chosen, stand, words.noBase(base)),
  });
}
