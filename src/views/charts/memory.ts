// Memory over N: the buffers that each kernel needs at once, by formula, and the N at which one meets a limit of the
// device.
import { speak } from '../../words';
import { around, plot, type Guide, type PlotSeries } from './chart';
import { drawn, frameOf, lengthAxis, together, type SweepChart } from './time';
import { chartWords } from './chart.words';
import { bytes } from '../../ui/format';

export interface MemoryLine {
  kernel: string;
  points: readonly { n: number; bytes: number }[];
}

export interface Wall {
  kernel: string;
  n: number;
}

export const memoryReading = (lines: readonly MemoryLine[], chosen: number | undefined): string =>
  chosen === undefined
    ? ''
    : [
        `N = ${chosen}`,
        ...lines.flatMap(({ kernel, points }) =>
          points.filter(({ n }) => n === chosen).map((at) => `${kernel} ${bytes(at.bytes)}`),
        ),
      ].join(' · ');

/** Ticks in as few digits as they need. */
const byteTick = (x: number): string =>
  bytes(x)
    .replace(/(\.\d*?)0+ /, '$1 ')
    .replace('. ', ' ');

/** Powers of 1024 with a few between, and where the axis is short, what lies between two powers of 2. */
export function byteTicks([low, high]: readonly [number, number]): number[] {
  const ticks: number[] = [];
  const octaves = Math.log2(high / low);
  const every = octaves > 24 ? 10 : octaves > 13 ? 4 : octaves > 6 ? 2 : 1;
  const parts = octaves > 4 ? [1] : [1, 1.5];
  for (let e = Math.floor(Math.log2(low) / every) * every; 2 ** e <= high; e += every)
    ticks.push(...parts.map((part) => part * 2 ** e));
  return ticks.filter((tick) => tick >= low && tick <= high);
}

/** @param lines by N; their lengths may go beyond those timed, up to the walls */
export function memoryChart(chart: SweepChart, lines: readonly MemoryLine[], walls: readonly Wall[]) {
  const words = speak(chartWords, chart.language);
  const series: PlotSeries[] = drawn(
    lines.map(({ kernel, points }) => ({ kernel, points: points.map(({ n, bytes: y }) => ({ n, x: n, y })) })),
  );
  const lengths = [...new Set(lines.flatMap(({ points }) => points.map(({ n }) => n)))].toSorted((a, b) => a - b);
  const domain = around(
    series.flatMap(({ points }) => points.map(({ y }) => y)),
    2,
  );
  const guides: Guide[] = [...new Set(walls.map(({ n }) => n))].map((n) => ({
    kind: 'limit',
    from: [n, domain[0]],
    to: [n, domain[1]],
    label: words.wall(
      together(
        walls.filter((one) => one.n === n).map(({ kernel }) => kernel),
        words.several,
      ),
      n,
    ),
  }));
  return plot({
    ...frameOf(chart),
    lengths,
    x: lengthAxis(chart, lengths),
    y: { domain, ticks: byteTicks(domain), format: byteTick, label: words.memory },
    series,
    guides,
    reading: memoryReading(lines, chart.chosen),
  });
}
