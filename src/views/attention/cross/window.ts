// Which cells the enlarged tile shows: the live tile, or, where that is larger than a screen (rows of naive's softmax),
// a part around the selection.
import type { Frame, Rect } from '../../../frame/frame-types';
import { boundsOf, freshArray, inHbm, liveTile, type Spot } from './cells';
import { clip } from './region';

/** Pixels that the tile's picture has; it takes no more, so that nothing around it need scroll. */
export interface Room {
  width: number;
  height: number;
}

const MOST_ROWS = 32;
const MOST_COLS = 32;
/** Of a part: rows and columns that fit, in eights. */
const NARROWEST_CELL = 13;
export const LOWEST_CELL = 14;
const LABELS = 60;
/** The heading above the tile's picture. */
export const HEAD = 40;
const KEYS = 60;
/** Of a cell whose value can be read. */
const READABLE = 42;

/** A block of one of the five matrices. */
export interface Block {
  spot: Spot;
  rect: Rect;
}

/**
 * What the step works on: the tile of scores once one was computed; before that the block that is loaded for it, and at
 * the end the rows of O that are written. Undefined where nothing is known of the workgroup.
 */
export function blockAtWork(frame: Frame, choice?: 'S' | 'P'): Block | undefined {
  const tile = liveTile(frame, choice);
  const scores: Block | undefined = tile && { spot: 'S', rect: tile };
  if (scores && inHbm(frame)) return scores;
  const { O, K, Q } = frame.tensors;
  const side = (spot: 'O' | 'K' | 'Q', rect: Rect | undefined): Block | undefined => {
    const inside = rect && clip(rect, boundsOf(spot, frame.trace.header.run.shape));
    return inside && { spot, rect: inside };
  };
  return (
    side('O', O?.writes) ??
    (freshArray(frame) && scores) ??
    side('K', K?.reads) ??
    side('Q', Q?.reads) ??
    scores ??
    side('Q', Q?.live)
  );
}

/** The cells to enlarge in this room. */
export function tileWindow(frame: Frame, { width, height }: Room, { spot, rect }: Block): Rect {
  const { cell, row } = frame.selection;
  const pointed = cell && (cell.role === 'P' ? 'S' : cell.role) === spot ? cell : undefined;
  const rows = fitting(height - HEAD - KEYS, LOWEST_CELL, MOST_ROWS);
  const cols = spot === 'S' ? fitting(width - LABELS, NARROWEST_CELL, MOST_COLS) : channels(width - LABELS);
  const [r0, r1] = part(rect.r0, rect.r1, rows, pointed?.row ?? (spot === 'K' ? rect.r0 : row));
  const [c0, c1] = part(rect.c0, rect.c1, cols, pointed?.col ?? rect.c0);
  return { r0, r1, c0, c1 };
}

/** As many channels as have room for their values. */
function channels(room: number): number {
  const most = Math.floor(room / READABLE);
  return most >= 8 ? Math.min(16, 8 * Math.floor(most / 8)) : Math.max(4, most);
}

/** How many cells of at least `least` pixels stand in `room`, in eights. */
const fitting = (room: number, least: number, most: number): number =>
  Math.max(8, Math.min(most, 8 * Math.floor(room / least / 8)));

/** A page of at most `most` of from..to that holds `at`. */
function part(from: number, to: number, most: number, at: number): readonly [number, number] {
  const page = Math.floor((Math.max(from, Math.min(to, at)) - from) / most);
  const start = from + page * most;
  return [start, Math.min(to, start + most - 1)];
}

/**
 * Decimals that let every value up to `max` be written in so many letters: one count for all cells, so that they line
 * up.
 */
export function digitsFor(max: number, signed: boolean, letters: number): number {
  const whole = max <= 1 ? 0 : Math.floor(Math.log10(max)) + 1;
  return Math.max(0, Math.min(4, letters - 1 - whole - (signed ? 1 : 0)));
}

/** A value with so many decimals and no leading zero: .25, −1.4; what rounds to nothing is 0, without a sign. */
export function brief(x: number, digits: number): string {
  if (x <= -1e29) return '−∞';
  if (x === 0 || x === 1) return `${x}`;
  const fixed = Math.abs(x).toFixed(digits);
  if (Number(fixed) === 0) return '0';
  return (x < 0 ? '−' : '') + (digits > 0 && fixed.startsWith('0.') ? fixed.slice(1) : fixed);
}
