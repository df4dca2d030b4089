// A bar chart of the softmax view: what stands in it, and how it is painted.
import type { Pen } from './pen';

export interface PlotBar {
  x: number;
  y: number;
  width: number;
  height: number;
  fill: string;
}

/** All that a chart draws, in CSS pixels of its canvas. */
export interface Plot {
  kind: 's' | 'p';
  width: number;
  /** Where the labels end and the plot begins. */
  gutter: number;
  /** Where the chart begins under its legend, and how high it is. */
  top: number;
  height: number;
  bars: readonly PlotBar[];
  /** Columns of masked keys as [x, width]. */
  hatched: readonly (readonly [number, number])[];
  ticks: readonly { text: string; y: number; base: boolean }[];
  /** The running maximum before and after this tile. */
  levels: readonly { y: number; old: boolean }[];
  /** Column of the chosen key as [x, width]. */
  hot: readonly [number, number] | undefined;
  /** ParamReader in place of bars. */
  empty: string | undefined;
}

export function paintPlot(pen: Pen, plot: Plot): void {
  pen.painted.shapes.set('plot', plot);
  const { context, ink } = pen;
  paintGround(pen, plot);
  context.beginPath();
  for (const { x, y, width, height, fill } of plot.bars) {
    context.fillStyle = fill;
    context.fillRect(x, y, width, height);
    context.rect(x, y, width, height);
  }
  context.strokeStyle = ink.colours[plot.kind === 'p' ? 'live' : 'line-strong'];
  context.globalAlpha = 0.75;
  context.stroke();
  context.globalAlpha = 1;
  for (const { y, old } of plot.levels) pen.level(old, plot.gutter, plot.width, y);
  if (plot.empty !== undefined)
    pen.text(plot.empty, (plot.gutter + plot.width) / 2, plot.top + plot.height / 2 - 8, 'text', 'ink-3', 'center');
}

function paintGround(pen: Pen, { width, top, height, gutter, hot, hatched, ticks }: Plot): void {
  const { context, ink } = pen;
  if (hot) {
    context.fillStyle = ink.colours.raised;
    context.strokeStyle = ink.colours['line-strong'];
    context.fillRect(hot[0], top + 0.5, hot[1], height - 1);
    context.strokeRect(hot[0], top + 0.5, hot[1], height - 1);
  }
  context.globalAlpha = 0.55;
  for (const [x, wide] of hatched) pen.hatch(x, top, wide, height, 10);
  context.globalAlpha = 1;
  for (const { text, y, base } of ticks) {
    context.fillStyle = ink.colours[base ? 'line-strong' : 'line'];
    context.fillRect(gutter, Math.round(y), width - gutter, 1);
    pen.text(text, gutter - 6, y - 8, 'number', 'ink-3', 'right');
  }
}
