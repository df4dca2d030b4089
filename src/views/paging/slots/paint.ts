// Paints the arrays of a batch: strips of numbers in the hue of the request they belong to, and the padded table as
// rows.
import type { Cell, Pen } from '../shared/board';
import type { PoolInk } from '../shared/ink';
import type { PageSelection } from '../view';

/** One number of an array. */
export interface Entry {
  readonly value: number;
  /** The request it belongs to; -1 for none: padding, or the end of a range. */
  readonly request: number;
  readonly selection: PageSelection;
}

/** An array in the picture: `rows` for the padded table, else one row that wraps. */
export interface ArrayPicture {
  readonly name: string;
  /** Its shape, as "[3, 5]". */
  readonly size: string;
  readonly about: string;
  readonly rows: readonly { readonly label: string; readonly request: number; readonly entries: readonly Entry[] }[];
  /** How many entries a wrapped row leaves out, or how many rows the table does. */
  readonly hiddenRows: number;
}

/** A cell with the number it shows. */
export interface ArrayCell extends Cell {
  readonly array: string;
  readonly index: string;
  readonly entry: Entry;
}

export interface SlotsWords {
  readonly more: (n: number) => string;
  readonly moreRows: (n: number) => string;
}

const LINE = 25;
const TITLE = 21;
const MOST_LINES = 3;
const LABEL = 62;

const digits = (array: ArrayPicture): number =>
  Math.max(1, ...array.rows.flatMap(({ entries }) => entries.map(({ value }) => String(value).length)));

/** Paints one array at a position; returns its cells and its height. Without `pen` it only measures. */
export function paintArray(
  pen: Pen | undefined,
  array: ArrayPicture,
  x: number,
  y: number,
  width: number,
  ink: PoolInk,
  words: SlotsWords,
): { cells: ArrayCell[]; height: number } {
  if (pen) title(pen, array, x, y, width, ink);
  const wide = Math.max(26, digits(array) * 8 + 10);
  const cells: ArrayCell[] = [];
  const table = array.rows.length > 1 || array.rows[0]?.label !== '';
  let line = 0;
  const at = (row: string, entry: Entry, i: number, left: number, top: number): void => {
    cells.push({
      x: left,
      y: top,
      w: wide - 2,
      h: LINE - 3,
      selection: () => entry.selection,
      array: array.name,
      index: `${row}${i}`,
      entry,
    });
    if (pen) number(pen, entry, left, top, wide - 2, ink);
  };
  for (const [r, { label, request, entries }] of array.rows.entries()) {
    const start = table ? x + LABEL : x;
    const room = Math.max(1, Math.floor((x + width - start) / wide));
    const most = table ? room : room * MOST_LINES;
    // The last cell of a full row says how many are left out.
    const shown = entries.length <= most ? entries.length : most - Math.ceil(52 / wide) - 1;
    for (let i = 0; i < shown; i++)
      at(
        table ? `${r}, ` : '',
        entries[i] as Entry,
        i,
        start + (i % room) * wide,
        y + TITLE + (line + Math.floor(i / room)) * LINE,
      );
    if (table && pen)
      text(
        pen,
        label,
        x,
        y + TITLE + line * LINE + 16,
        ink.tone(request).strong,
        `600 ${ink['text-s']} ${ink.font}`,
        LABEL - 6,
      );
    const lines = Math.max(1, Math.ceil(Math.min(entries.length, most) / room));
    if (shown < entries.length && pen) {
      const more = table ? `+${entries.length - shown}` : words.more(entries.length - shown);
      text(
        pen,
        more,
        start + (shown % room) * wide + 4,
        y + TITLE + (line + Math.floor(shown / room)) * LINE + 16,
        ink['ink-2'],
        `${ink['text-s']} ${ink.font}`,
        200,
      );
    }
    line += lines;
  }
  if (array.hiddenRows > 0) {
    if (pen)
      text(
        pen,
        words.moreRows(array.hiddenRows),
        x,
        y + TITLE + line * LINE + 14,
        ink['ink-2'],
        `${ink['text-s']} ${ink.font}`,
        width,
      );
    line += 1;
  }
  return { cells, height: TITLE + line * LINE + 10 };
}

function title(pen: Pen, { name, size, about }: ArrayPicture, x: number, y: number, width: number, ink: PoolInk): void {
  pen.textAlign = 'left';
  pen.font = `650 ${ink['text-s']} ${ink.mono}`;
  pen.fillStyle = ink.ink;
  pen.fillText(name, x, y + 13);
  let left = x + pen.measureText(name).width + 5;
  pen.font = `${ink['text-s']} ${ink.mono}`;
  pen.fillStyle = ink['ink-3'];
  pen.fillText(size, left, y + 13);
  left += pen.measureText(size).width + 8;
  text(pen, about, left, y + 13, ink['ink-2'], `${ink['text-s']} ${ink.font}`, x + width - left);
}

/** A text, cut with an ellipsis when it does not fit. */
function text(pen: Pen, full: string, x: number, base: number, colour: string, font: string, room: number): void {
  pen.font = font;
  pen.fillStyle = colour;
  pen.textAlign = 'left';
  let shown = full;
  while (shown.length > 1 && pen.measureText(shown).width > room) shown = `${shown.slice(0, -2)}…`;
  if (room > 12) pen.fillText(shown, x, base);
}

function number(pen: Pen, { value, request }: Entry, x: number, y: number, wide: number, ink: PoolInk): void {
  const nobody = request < 0;
  pen.fillStyle = nobody ? ink.raised : ink.tone(request).fill;
  pen.fillRect(x, y, wide, LINE - 3);
  pen.fillStyle = nobody ? ink['ink-3'] : ink.ink;
  pen.font = `${ink['text-s']} ${ink.mono}`;
  pen.textAlign = 'center';
  pen.fillText(String(value), x + wide / 2, y + 16);
}
