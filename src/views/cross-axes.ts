// Labels along the axes of a matrix: tokens, or numbers at tile bounds. They thin out when crowded and never touch each other.

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
const LETTERS = 8;

/** A token as one short visible word: blanks and line breaks shown, long ones cut. */
export function tokenText(token: string): string {
  const shown = token.replaceAll('\n', '⏎').trim() || '␣';
  const letters = [...shown];
  return letters.length > LETTERS ? `${letters.slice(0, LETTERS - 1).join('')}…` : shown;
}

/** The label of row or column i: its token, else its number. */
export const labelText = (tokens: readonly string[] | undefined, i: number): string => {
  const token = tokens?.[i];
  return token === undefined ? String(i) : tokenText(token);
};

let ruler: CanvasRenderingContext2D | null | undefined;

/** Width of a 13 px label in pixels. */
export function widthOf(text: string, font: string): number {
  ruler ??= document.createElement('canvas').getContext('2d');
  if (!ruler) return text.length * 8;
  ruler.font = font;
  return ruler.measureText(text).width;
}

/** How labels of these texts stand when each has `room` pixels. */
export function stanceOf(texts: readonly string[], room: number, font: string): Stance {
  const widest = Math.max(0, ...texts.map((t) => widthOf(t, font)));
  if (widest + 4 <= room) return 'level';
  return room >= SLANTED ? 'slanted' : 'upright';
}

/**
 * Which of `count` places get a label. `need` = pixels one label takes along the axis; `every` = the natural distance (a tile) where labels are
 * numbers. The chosen place always has one, and pushes its neighbours away.
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
  if (chosen !== undefined && chosen >= 0 && chosen < count) labels.push({ index: chosen, at: at(chosen), text: text(chosen), chosen: true });
  return labels.toSorted((a, b) => a.index - b.index);
}

/** Labels down the left of a matrix. */
export const rowLabels = (tokens: readonly string[] | undefined, count: number, length: number, every: number, chosen?: number): Label[] =>
  thinned(count, length, LINE, tokens ? 1 : every, (i) => labelText(tokens, i), chosen);

/** Labels along the top of a matrix, and how they stand. */
export function columnLabels(
  tokens: readonly string[] | undefined,
  count: number,
  length: number,
  every: number,
  font: string,
  chosen?: number,
): { labels: Label[]; stance: Stance } {
  const text = (i: number): string => labelText(tokens, i);
  if (!tokens) {
    const need = widthOf(String(count), font) + 8;
    return { labels: thinned(count, length, need, every, text, chosen), stance: 'level' };
  }
  const texts = tokens.slice(0, count).map(tokenText);
  const stance = stanceOf(texts, length / Math.max(1, count), font) === 'level' ? 'level' : 'slanted';
  const need = stance === 'level' ? Math.max(...texts.map((t) => widthOf(t, font))) + 4 : SLANTED;
  return { labels: thinned(count, length, need, 1, text, chosen), stance };
}
