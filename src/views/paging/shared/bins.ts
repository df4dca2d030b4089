// A run of any length in few pixels: which moments are shown, which requests are in them, and one value for many
// moments. No DOM.
import type { RequestStatus, Series, Span } from '../../../paging';

/** Moments `from .. to - 1`. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/**
 * A window of `room` moments that contains moment `index`; all moments when they fit. It moves by half windows, so that
 * most steps move only the cursor.
 * @param moments how many there are
 */
export function windowAround(index: number, moments: number, room: number): Window {
  if (moments <= room) return { from: 0, to: moments };
  const half = Math.max(1, Math.floor(room / 2));
  const page = Math.floor((index - Math.floor(room / 4)) / half) * half;
  const from = Math.max(0, Math.min(moments - room, page));
  return { from, to: from + room };
}

/** The status at a moment; undefined before the request arrived. */
export function statusAt(spans: readonly Span[], index: number): RequestStatus | undefined {
  let status: RequestStatus | undefined;
  for (const span of spans) {
    if (span.from > index) break;
    status = span.status;
  }
  return status;
}

/** Requests that exist and are not finished at some moment of the window. */
export function rowsIn(series: Series, { from, to }: Window): number[] {
  const rows: number[] = [];
  for (let id = 0; id < series.requests; id++) {
    const spans = series.spans(id);
    const [first, last] = [spans[0], spans.at(-1)];
    if (!first || !last || first.from >= to || (last.status === 'finished' && last.from <= from)) continue;
    rows.push(id);
  }
  return rows;
}

/** Consecutive moments with one status inside a window. */
export interface Stretch extends Window {
  readonly status: RequestStatus;
}

/** The statuses of a request inside the window, without what comes after its end. */
export function stretches(spans: readonly Span[], { from, to }: Window): Stretch[] {
  const found: Stretch[] = [];
  for (const [i, span] of spans.entries()) {
    const end = Math.min(to, spans[i + 1]?.from ?? to);
    const start = Math.max(from, span.from);
    if (span.status !== 'finished' && start < end) found.push({ from: start, to: end, status: span.status });
  }
  return found;
}

/**
 * When one pixel stands for several requests or moments, the status further to the right in this list is shown: what is
 * rare must not vanish.
 */
export const RANKS = [
  'finished',
  'running',
  'waiting',
  'swapped',
  'preempted',
] as const satisfies readonly RequestStatus[];

/**
 * A picture of `width` x `height` pixels, row by row: for each pixel its index in RANKS, 0 when there is no request.
 */
export function rankPixels(
  series: Series,
  rows: readonly number[],
  window: Window,
  width: number,
  height: number,
): Uint8Array {
  const pixels = new Uint8Array(width * height);
  const moments = Math.max(1, window.to - window.from);
  for (const [place, id] of rows.entries()) {
    const top = Math.floor((place * height) / rows.length);
    const bottom = Math.max(top + 1, Math.floor(((place + 1) * height) / rows.length));
    for (const { from, to, status } of stretches(series.spans(id), window)) {
      const rank = RANKS.indexOf(status);
      const x0 = Math.min(width - 1, Math.floor(((from - window.from) * width) / moments));
      const x1 = Math.max(x0 + 1, Math.ceil(((to - window.from) * width) / moments));
      for (let y = top; y < bottom; y++)
        for (let x = x0; x < x1; x++) if ((pixels[y * width + x] as number) < rank) pixels[y * width + x] = rank;
    }
  }
  return pixels;
}

/** Smallest and largest value of a column in each of `bins` equal parts of a window; NaN for a part without a value. */
export interface Binned {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** @param valueAt the value at a moment; NaN when there is none */
export function binned(valueAt: (index: number) => number, { from, to }: Window, bins: number): Binned {
  const low = new Float64Array(bins).fill(NaN);
  const high = new Float64Array(bins).fill(NaN);
  const count = to - from;
  for (let bin = 0; bin < bins; bin++) {
    const start = from + Math.floor((bin * count) / bins);
    const end = Math.max(start + 1, from + Math.floor(((bin + 1) * count) / bins));
    for (let i = start; i < end; i++) {
      const value = valueAt(i);
      if (Number.isNaN(value)) continue;
      if (!(value >= (low[bin] as number))) low[bin] = value;
      if (!(value <= (high[bin] as number))) high[bin] = value;
    }
  }
  return { low, high };
}

/** The picture of a growing run may lack one moment in so many until the run rests. */
const STALE = 400;

/**
 * How many moments the picture of a growing run shows: as many as it was painted with, unless too many or the current
 * one are missing.
 * @param painted the length that it was painted with, -1 for none
 */
export const paintedLength = (painted: number, length: number, index: number): number =>
  painted >= 0 && painted <= length && (length - painted) * STALE < length && index <= painted ? painted : length;
