// Memory over N: the buffers that each kernel needs at once, by formula, and the N at which one meets a limit of the device.
import { speak } from '../words';
import { around, plot, type Guide, type PlotSeries } from './chart';
import { drawn, frameOf, lengthAxis, together, type SweepChart } from './chart-time';
import { chartWords } from './chart.words';
import { bytes } from './format';

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
        ...lines.flatMap(({ kernel, points }) => points.filter(({ n }) => n === chosen).map((at) => `${kernel} ${bytes(at.bytes)}`)),
      ].join(' · ');

/** Ticks are whole numbers of their unit. */
const byteTick = (x: number): string => bytes(x).replace(/\.0+ /, ' ');

/** Powers of 1024 with a few between. */
function byteTicks([low, high]: readonly [number, number]): number[] {
  const ticks: number[] = [];
  const every = Math.log2(high / low) > 24 ? 10 : Math.log2(high / low) > 10 ? 4 : 2;
  for (let e = Math.ceil(Math.log2(low) / every) * every; 2 ** e <= high; e += every) ticks.push(2 ** e);
  return ticks;
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
