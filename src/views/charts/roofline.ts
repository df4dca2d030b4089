// The roofline of this device: both roofs as its probes measured them, and every timed point by the bytes that are
// chosen to count.
import { runOf, type Row } from '../../bench/analysis';
import { attainable, place, ridge, type BytesBy, type RooflinePoint, type Roofs } from '../../bench/roofline';
import { speak } from '../../words';
import { around, logTicks, plot, type Guide } from './chart';
import { drawn, frameOf, readingOf, rowsOfKernel, type SweepChart } from './time';
import { chartWords } from './chart.words';
import { bytes, count } from '../../ui/format';
import { byteRate, flopRate } from '../../ui/rates';

/** From this width on the roof's name fits on the slope; else it stands above the plot. */
const ROOMY = 560;

const placed = ({ point, result, time }: Row, roofs: Roofs, by: BytesBy): RooflinePoint | undefined =>
  time && place(runOf(point.shape, result), time.median, roofs, by);

export const rooflineReading = (
  rows: readonly Row[],
  chosen: number | undefined,
  roofs: Roofs,
  by: BytesBy,
  { ofRoof }: Pick<ReturnType<typeof speak<typeof chartWords>>, 'ofRoof'>,
): string =>
  readingOf(rows, chosen, (row) => {
    const at = placed(row, roofs, by);
    return (
      at && `${row.kernel} ${count(at.intensity)} FLOP/B, ${flopRate(at.rate)} ${ofRoof(`${count(100 * at.share)} %`)}`
    );
  });

export function rooflineChart(chart: SweepChart, roofs: Roofs, by: BytesBy) {
  const { rows, kernels, language } = chart;
  const words = speak(chartWords, language);
  const series = drawn(
    kernels.map((kernel) => ({
      kernel,
      points: rowsOfKernel(rows, kernel).flatMap((row) => {
        const at = placed(row, roofs, by);
        return at ? [{ n: row.n, x: at.intensity, y: at.rate }] : [];
      }),
    })),
  );
  const points = series.flatMap(({ points: own }) => own);
  const meet = ridge(roofs);
  const x = around([meet / 3, meet * 3, ...points.map((q) => q.x)], 1.5);
  const low = Math.min(...points.map((q) => q.y), attainable(roofs, x[0]));
  const y = around([low, roofs.flops], 1.8);
  const guides: Guide[] = [
    {
      kind: 'roof',
      from: [x[0], attainable(roofs, x[0])],
      to: [meet, roofs.flops],
      label: roofs.copied
        ? words.copyRoof(byteRate(roofs.bytes), bytes(roofs.copied / 2))
        : words.copyRoofPlain(byteRate(roofs.bytes)),
      ...(chart.width >= ROOMY && { at: 0.6 }),
    },
    { kind: 'roof', from: [meet, roofs.flops], to: [x[1], roofs.flops], label: words.fmaRoof(flopRate(roofs.flops)) },
  ];
  return plot({
    ...frameOf(chart),
    x: { domain: x, ticks: logTicks(x), format: count, label: words.intensity },
    y: { domain: y, ticks: logTicks(y), format: (v) => flopRate(v).replace('FLOP/s', ''), label: words.rate },
    series,
    guides,
    reading: rooflineReading(rows, chart.chosen, roofs, by, words),
  });
}
