// Labels along the axes of a matrix: tokens, or numbers at tile bounds. They thin out when crowded and never touch each
// other.
import { tokenText } from '../../shared/label';

export interface Label {
  index: number;
  /** Middle of the row or column, in pixels along the axis from its start. */
  at: number;
  text: string;
  /** The row or key that was chosen. */
  chosen: boolean;
}

/** How labels of columns stand: level, slanted by 45 degrees, or upright. */
export type Stance = 'level' | 'slanted' | 'upright';

const LINE = 16;
const SLANTED = 22;

let ruler: CanvasRenderingContext2D | null | undefined;

/** Width of a label in pixels. */
function widthOf(text: string, font: string): number {
  ruler ??= document.createElement('canvas').getContext('2d');
  if (!ruler) return text.length * 8;
  ruler.font = font;
  return ruler.measureText(text).width;
}

/** Width of the widest of these labels. */
export const widestOf = (texts: readonly string[], font: string): number =>
  Math.ceil(Math.max(0, ...texts.map((t) => widthOf(t, font))));

/** How labels stand when all of them are shown, each with `room` pixels. */
export function stanceOf(widest: number, room: number): Stance {
  if (widest + 2 <= room) return 'level';
  return room >= SLANTED ? 'slanted' : 'upright';
}

/** How labels stand on an axis that may leave some out: level where they fit or are as short as a slanted one. */
export const axisStance = (widest: number, room: number): 'level' | 'slanted' =>
  widest + 4 <= Math.max(room, SLANTED) ? 'level' : 'slanted';

/** Height that labels need above the matrix. */
export function headroom(widest: number, stance: Stance): number {
  return stance === 'level' ? 22 : stance === 'slanted' ? Math.ceil(widest * Math.SQRT1_2) + 16 : widest + 10;
}

/**
 * Which of `count` places get a label. `need` = pixels one label takes along the axis; `every` = the natural distance
 * (a tile) where labels are numbers. The chosen place always has one, and pushes its neighbours away.
 */
export function thinned(
  count: number,
  length: number,
  need: number,
  every: number,
  text: (i: number) => string,
  chosen?: number,
): Label[] {
  const step = length / Math.max(1, count);
  const stride = Math.max(1, Math.ceil(need / (step * every))) * every;
  const at = (i: number): number => (i + 0.5) * step;
  const labels: Label[] = [];
  for (let i = 0; i < count; i += stride) {
    if (chosen !== undefined && Math.abs(at(i) - at(chosen)) < need) continue;
    labels.push({ index: i, at: at(i), text: text(i), chosen: false });
  }
  if (chosen !== undefined && chosen >= 0 && chosen < count)
    labels.push({ index: chosen, at: at(chosen), text: text(chosen), chosen: true });
  return labels.toSorted((a, b) => a.index - b.index);
}

/** What stays the same about an axis while the panel keeps its size. */
export interface Axis {
  texts: (i: number) => string;
  count: number;
  length: number;
  /** Pixels that one label takes along the axis. */
  need: number;
  /** Natural distance between labels: 1 for tokens, a tile for numbers. */
  every: number;
  stance: Stance;
}

/** The labels to draw now. */
export const labelsOf = ({ count, length, need, every, texts }: Axis, chosen?: number): Label[] =>
  thinned(count, length, need, every, texts, chosen);

/** Labels down the left of a matrix, cut to `room` pixels. */
export function rowAxis(
  tokens: readonly string[] | undefined,
  count: number,
  length: number,
  every: number,
  room: number,
  font: string,
): Axis {
  const cut = tokens?.map((token) => fitted(tokenText(token), room, font));
  return { texts: (i) => cut?.[i] ?? String(i), count, length, need: LINE, every: tokens ? 1 : every, stance: 'level' };
}

/** Labels along the top of a matrix. */
export function keyAxis(
  tokens: readonly string[] | undefined,
  count: number,
  length: number,
  every: number,
  font: string,
): Axis {
  const texts = tokens?.map(tokenText);
  const widest = widestOf(texts ?? [String(count)], font);
  const stance = texts ? axisStance(widest, length / Math.max(1, count)) : 'level';
  const need = stance === 'slanted' ? SLANTED : widest + (texts ? 4 : 10);
  return { texts: (i) => texts?.[i] ?? String(i), count, length, need, every: texts ? 1 : every, stance };
}

/** A text cut until it is at most `room` pixels wide. */
function fitted(text: string, room: number, font: string): string {
  const letters = [...text];
  while (letters.length > 1 && widthOf(letters.join(''), font) > room) letters.splice(-2, 2, '…');
  return letters.join('');
}
