// Paints the timeline: one lane for each request while lanes are readable, else one pixel for several; and the tokens
// of each step against the budget.
import { rgb } from 'd3';
import type { RequestStatus, Series } from '../../../paging';
import { binned, rankPixels, RANKS, stretches, type Window } from '../shared/bins';
import { momentTicks, type Sheet } from '../shared/time-stage';
import { whole } from '../../../ui/whole';

export const TIMELINE_INK = [
  'panel',
  'line',
  'line-strong',
  'ink',
  'ink-2',
  'ink-3',
  'input',
  'sram',
  'live',
  'live-soft',
  'reg',
  'reg-soft',
  'warn',
  'font',
  'text-s',
  'mono',
] as const;
export type TimelineInk = Record<(typeof TIMELINE_INK)[number], string>;

/** Heights of a timeline, in CSS pixels. */
export interface Lanes {
  /**
   * The height of all lanes together, and of one. A lane lower than NAMED has no name; lower than DRAWN lanes become
   * pixels.
   */
  readonly rows: number;
  readonly row: number;
  /** The top of the lane of tokens, and its height. */
  readonly tokens: number;
  readonly bars: number;
  readonly height: number;
}

export const NAMED = 16;
export const DRAWN = 5;
const TALL = 26;
const MOST = 400;
const GAP = 22;
const BARS = 46;
const AXIS = 22;

/** Lanes of 26 px for up to fifteen requests, then thinner, so that the picture stays within its height. */
export function lanesOf(requests: number): Lanes {
  const count = Math.max(3, requests);
  const row = Math.min(TALL, MOST / count);
  const rows = Math.round(row * count);
  return { rows, row, tokens: rows + GAP, bars: BARS, height: rows + GAP + BARS + AXIS };
}

/** The colour of each status, where a lane does not use its request's own hue. */
export const statusInk = (ink: TimelineInk): Record<RequestStatus, string> => ({
  running: ink.input,
  waiting: ink['line-strong'],
  preempted: ink.live,
  swapped: ink.reg,
  finished: ink.panel,
});

export interface Painted {
  readonly ink: TimelineInk;
  readonly series: Series;
  readonly rows: readonly number[];
  readonly lanes: Lanes;
  readonly budget: number;
  readonly chosen: number | undefined;
  nameOf(request: number): string;
  colourOf(request: number): string;
  readonly words: Readonly<Record<'budget' | 'tokens' | 'moment' | 'requests', string>>;
}

export function paintTimeline(sheet: Sheet, what: Painted): void {
  if (what.lanes.row >= DRAWN) paintLanes(sheet, what);
  else paintPixels(sheet, what);
  paintTokens(sheet, what);
  paintAxis(sheet, what);
}

function paintLanes(sheet: Sheet, { ink, series, rows, lanes, chosen, nameOf, colourOf, words }: Painted): void {
  const { pen, left, width } = sheet;
  const named = lanes.row >= NAMED;
  const inset = named ? 4 : 0.75;
  for (const [place, id] of rows.entries()) {
    const y = place * lanes.row;
    for (const { from, to, status } of stretches(series.spans(id), sheet.window))
      paintStretch(
        pen,
        ink,
        status,
        colourOf(id),
        sheet.x(from),
        y + inset,
        sheet.unit * (to - from),
        lanes.row - 2 * inset,
      );
    if (!named) continue;
    pen.fillStyle = ink.line;
    pen.fillRect(left, y + lanes.row - 0.5, width - left, 0.5);
    pen.fillStyle = colourOf(id);
    pen.fillRect(0, y + 4, 3, lanes.row - 8);
    pen.fillStyle = id === chosen ? ink.ink : ink['ink-2'];
    pen.font = `${id === chosen ? '700 ' : ''}${ink['text-s']} ${ink.font}`;
    pen.textBaseline = 'middle';
    pen.fillText(fitted(pen, nameOf(id), left - 16), 9, y + lanes.row / 2 + 1);
  }
  if (!named) crowd(pen, ink, words.requests, left);
}

/**
 * Running: filled. Waiting: a thin dashed line. Preempted: hatched. Swapped out: an empty frame. They can be told apart
 * without colour.
 */
function paintStretch(
  pen: Sheet['pen'],
  ink: TimelineInk,
  status: RequestStatus,
  own: string,
  x: number,
  y: number,
  w: number,
  h: number,
): void {
  if (status === 'running') {
    pen.fillStyle = own;
    pen.beginPath();
    pen.roundRect(x, y, w, h, Math.min(4, w / 3));
    pen.fill();
    return;
  }
  if (status === 'waiting') {
    pen.strokeStyle = ink['ink-3'];
    pen.lineWidth = 2;
    pen.setLineDash([3, 3]);
    pen.beginPath();
    pen.moveTo(x + 1, y + h / 2);
    pen.lineTo(x + w - 1, y + h / 2);
    pen.stroke();
    pen.setLineDash([]);
    return;
  }
  const [soft, hard] = status === 'preempted' ? [ink['live-soft'], ink.live] : [ink['reg-soft'], ink.reg];
  pen.save();
  pen.beginPath();
  pen.rect(x, y, w, h);
  pen.clip();
  pen.fillStyle = soft;
  pen.fill();
  pen.strokeStyle = hard;
  pen.lineWidth = 1.5;
  if (status === 'preempted') {
    pen.beginPath();
    for (let d = x - h; d < x + w; d += 6) {
      pen.moveTo(d, y + h);
      pen.lineTo(d + h, y);
    }
    pen.stroke();
  }
  pen.lineWidth = Math.min(3, h / 2);
  pen.strokeRect(x, y, w, h);
  pen.restore();
}

/** Many requests: every device pixel shows the rarest status under it. */
function paintPixels({ pen, left, width, window }: Sheet, { ink, series, rows, lanes, words }: Painted): void {
  const density = devicePixelRatio || 1;
  const across = Math.max(1, Math.round((width - left) * density));
  const down = Math.max(1, Math.round(lanes.rows * density));
  const ranks = rankPixels(series, rows, window, across, down);
  const colours = statusInk(ink);
  const table = RANKS.map((status, rank) => {
    const { r, g, b } = rgb(colours[status]);
    return rank === 0 ? 0 : 0xff000000 | (b << 16) | (g << 8) | r;
  });
  const plate = new OffscreenCanvas(across, down);
  const image = new ImageData(across, down);
  const pixels = new Uint32Array(image.data.buffer);
  for (const [i, rank] of ranks.entries()) pixels[i] = table[rank] ?? 0;
  plate.getContext('2d')?.putImageData(image, 0, 0);
  pen.drawImage(plate, left, 0, width - left, lanes.rows);
  pen.strokeStyle = ink.line;
  pen.strokeRect(left + 0.5, 0.5, width - left - 1, lanes.rows - 1);
  crowd(pen, ink, words.requests, left);
}

/** The number of requests, for lanes without names; in two lines when one has no room. */
function crowd(pen: Sheet['pen'], ink: TimelineInk, text: string, left: number): void {
  pen.font = `${ink['text-s']} ${ink.font}`;
  const cut = pen.measureText(text).width > left - 8 ? text.indexOf(' ') : -1;
  gutter(pen, ink, cut < 0 ? text : text.slice(0, cut), left, 9);
  if (cut >= 0) gutter(pen, ink, text.slice(cut + 1), left, 26);
}

function gutter(pen: Sheet['pen'], ink: TimelineInk, text: string, left: number, y: number): void {
  pen.fillStyle = ink['ink-2'];
  pen.font = `${ink['text-s']} ${ink.font}`;
  pen.textBaseline = 'middle';
  pen.textAlign = 'left';
  pen.fillText(fitted(pen, text, left - 8), 0, y);
}

/** One bar for each moment, or the highest of several. */
function paintTokens(sheet: Sheet, { ink, series, lanes, budget, words }: Painted): void {
  const { pen, left, width, window, unit } = sheet;
  const tokens = series.column('batchTokens');
  const moments = window.to - window.from;
  const bins = Math.min(moments, Math.floor(width - left));
  const { high } = binned((i) => tokens[i] ?? NaN, window, bins);
  const most = high.reduce((a, b) => (b > a ? b : a), budget);
  const floor = lanes.tokens + lanes.bars;
  const bar = (width - left) / bins;
  const gap = unit >= 4 ? 1 : 0;
  pen.fillStyle = ink.sram;
  for (const [bin, value] of high.entries()) {
    const h = value > 0 ? Math.max(1, (value / most) * lanes.bars) : 0;
    if (h > 0) pen.fillRect(left + bin * bar + gap / 2, floor - h, bar - gap, h);
  }
  const line = floor - (budget / most) * lanes.bars;
  pen.strokeStyle = ink.warn;
  pen.lineWidth = 1.5;
  pen.setLineDash([5, 3]);
  pen.beginPath();
  pen.moveTo(left, line);
  pen.lineTo(width, line);
  pen.stroke();
  pen.setLineDash([]);
  pen.font = `${ink['text-s']} ${ink.font}`;
  pen.fillStyle = ink['ink-2'];
  pen.textBaseline = 'middle';
  pen.textAlign = 'left';
  pen.fillText(words.budget, left, line - 10);
  gutter(pen, ink, words.tokens, left, floor - lanes.bars / 2);
}

/** The axis of moments. */
export function paintAxis(sheet: Sheet, { ink, words }: Pick<Painted, 'ink' | 'words'>, apart = 44): void {
  const { pen, left, width, height } = sheet;
  const base = height - AXIS;
  pen.fillStyle = ink['line-strong'];
  pen.fillRect(left, base, width - left, 1);
  pen.textBaseline = 'alphabetic';
  pen.font = `${ink['text-s']} ${ink.mono}`;
  pen.fillStyle = ink['ink-2'];
  pen.textAlign = 'center';
  for (const tick of momentTicks(sheet, apart)) {
    const x = Math.min(width - 14, sheet.x(tick) + Math.max(1, sheet.unit) / 2);
    pen.fillRect(x, base, 1, 4);
    pen.fillText(whole(tick), x, height - 3);
  }
  gutter(pen, ink, words.moment, left, base + AXIS / 2 + 1);
}

/** A text, cut with an ellipsis when it does not fit. */
export function fitted(pen: Sheet['pen'], text: string, room: number): string {
  if (pen.measureText(text).width <= room) return text;
  let cut = text;
  while (cut.length > 1 && pen.measureText(`${cut}…`).width > room) cut = cut.slice(0, -1);
  return `${cut}…`;
}

/** The height of the overview, which shows running and waiting requests over the whole run. */
export const OVERVIEW = 44;

export function paintOverview(sheet: Sheet, series: Series, near: Window, ink: TimelineInk): void {
  const { pen, left, width, height, window } = sheet;
  const bins = Math.floor(width - left);
  const [running, waiting, swapped] = [series.column('running'), series.column('waiting'), series.column('swapped')];
  const run = binned((i) => running[i] ?? NaN, window, bins).high;
  const all = binned((i) => (running[i] ?? NaN) + (waiting[i] ?? 0) + (swapped[i] ?? 0), window, bins).high;
  const most = all.reduce((a, b) => (b > a ? b : a), 1);
  for (let bin = 0; bin < bins; bin++) {
    const bar = (value: number | undefined, colour: string): void => {
      const h = ((value ?? 0) / most) * height;
      pen.fillStyle = colour;
      if (h > 0) pen.fillRect(left + bin, height - h, 1, h);
    };
    bar(all[bin], ink['ink-3']);
    bar(run[bin], ink.input);
  }
  pen.strokeStyle = ink.ink;
  pen.lineWidth = 1.5;
  const x = sheet.x(near.from);
  pen.strokeRect(x + 0.75, 0.75, Math.max(3, sheet.x(near.to) - x) - 1.5, height - 1.5);
}
