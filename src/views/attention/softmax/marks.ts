// What stands in a chart of the softmax view by its numbers: bars, ticks and levels of the scores and of the weights.
import { ticks } from 'd3';
import type { SoftmaxTile } from '../../../frame/frame-types';
import { colourAt, positionOf } from '../../../ui/palette';
import { barsOf, keysPerBar, type Bar } from './bars';
import type { Drawing } from './drawing';
import { LINE } from './pen';
import type { Plot, PlotBar } from './plot';

/** Room for the numbers of an axis, and above and below the plot. */
export const GUTTER = 40;
const PAD = 8;

/** Where the keys of a tile stand along the width. */
export interface Keys {
  /** Keys that share a bar. */
  per: number;
  count: number;
  step: number;
}

export function keysOf({ size }: Drawing, tile: SoftmaxTile): Keys {
  const plot = Math.max(40, size.width - GUTTER - 2);
  const per = keysPerBar(tile.masked.length, plot);
  const count = Math.ceil(tile.masked.length / per);
  return { per, count, step: plot / count };
}

type Marks = Pick<Plot, 'bars' | 'ticks' | 'levels'>;

/** A tick in the four characters that the gutter holds. */
const tickText = (v: number): string =>
  (String(Math.abs(v)).length > 4 ? v.toExponential(0) : String(v)).replace('-', '−');

const axis = (values: readonly number[], y: (v: number) => number): Plot['ticks'] =>
  values.map((v) => ({ text: tickText(v), y: y(v), base: v === 0 }));

function barAt({ step }: Keys, i: number, y0: number, y1: number, fill: string): PlotBar {
  const gap = step >= 8 ? 2 : step >= 4 ? 1 : 0;
  const x = GUTTER + i * step + gap / 2;
  return { x, y: Math.min(y0, y1), width: Math.max(1, step - gap), height: Math.max(1, Math.abs(y1 - y0)), fill };
}

function scoreMarks(
  d: Drawing,
  keys: Keys,
  bars: readonly Bar[],
  [lo, hi]: readonly [number, number],
  levels: readonly (number | undefined)[],
): Marks {
  const height = d.size.scores;
  const y = (v: number): number => LINE + PAD + ((hi - v) / (hi - lo)) * (height - 2 * PAD);
  const max = Math.max(-lo, hi);
  return {
    bars: bars.flatMap((b, i) =>
      b.s === undefined ? [] : [barAt(keys, i, y(0), y(b.s), colourAt(d.signed, positionOf(b.s, 'diverging', max)))],
    ),
    ticks: axis(ticks(lo, hi, height < 90 ? 2 : 3), y),
    levels: levels.flatMap((x, i) => (x === undefined || x <= -1e30 ? [] : [{ y: y(x), old: i === 0 }])),
  };
}

/** Top of the weights' axis: divided by l they can all be small. */
function nice(p: SoftmaxTile['p']): number {
  const most = p.reduce<number>((max, x) => Math.max(max, x ?? 0), 0);
  return most === 0 ? 1 : Math.min(1, 1.1 * most);
}

function weightMarks(d: Drawing, keys: Keys, bars: readonly Bar[], most: number): Marks {
  const height = d.size.weights;
  const y = (v: number): number => LINE + PAD + (1 - v / most) * (height - 2 * PAD);
  return {
    bars: bars.flatMap((b, i) =>
      b.p === undefined || b.masked ? [] : [barAt(keys, i, y(0), y(b.p), colourAt(d.unit, 0.35 + (0.4 * b.p) / most))],
    ),
    ticks: axis(ticks(0, most, most === 1 || height < 60 ? 1 : 2), y),
    levels: [],
  };
}

/** Runs of masked bars as [x, width]. */
function hatched(bars: readonly Bar[], step: number): [number, number][] {
  const found: [from: number, to: number][] = [];
  bars.forEach((bar, i) => {
    const last = found.at(-1);
    if (!bar.masked) return;
    if (last && last[1] === i) last[1] = i + 1;
    else found.push([i, i + 1]);
  });
  return found.map(([from, to]) => [GUTTER + from * step, (to - from) * step]);
}

/** What both charts have: where the keys stand, which is chosen, and what is said in place of bars. */
function frameOf(
  d: Drawing,
  keys: Keys,
  bars: readonly Bar[],
  tile: SoftmaxTile,
  chosen: number | undefined,
  written: boolean,
) {
  const hot = chosen === undefined ? -1 : Math.floor((chosen - tile.from) / keys.per);
  return {
    width: d.size.width,
    gutter: GUTTER,
    top: LINE,
    hatched: hatched(bars, keys.step),
    hot: hot < 0 || !written ? undefined : ([GUTTER + hot * keys.step, keys.step] as const),
    empty: written ? undefined : d.words.notYet,
  };
}

/** The scores of a tile against the running maximum, on an axis from `range[0]` to `range[1]`. */
export function scorePlot(
  d: Drawing,
  tile: SoftmaxTile,
  chosen: number | undefined,
  range: readonly [number, number],
  mOld: number | undefined,
): Plot {
  const keys = keysOf(d, tile);
  const bars = barsOf(tile, keys.per);
  const written = bars.some((b) => b.s !== undefined) || tile.masked.every(Boolean);
  const marks = scoreMarks(d, keys, bars, range, [mOld, tile.m]);
  return { kind: 's', height: d.size.scores, ...frameOf(d, keys, bars, tile, chosen, written), ...marks };
}

/** The weights p of a tile; `direct` ones are divided by l. */
export function weightPlot(d: Drawing, tile: SoftmaxTile, chosen: number | undefined, direct: boolean): Plot {
  const keys = keysOf(d, tile);
  const bars = barsOf(tile, keys.per);
  const written =
    bars.some((b) => b.p !== undefined && !b.masked) || (tile.masked.every(Boolean) && tile.m !== undefined);
  const marks = weightMarks(d, keys, bars, direct ? nice(tile.p) : 1);
  return { kind: 'p', height: d.size.weights, ...frameOf(d, keys, bars, tile, chosen, written), ...marks };
}
