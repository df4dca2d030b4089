// One row of O as strips of colour: before this tile, times alpha (computed), after P V (captured), and O = acc / l where
// it is not divided in every tile.
import { value } from '../../../ui/format';
import { magnitude } from '../../../ui/paint/heatmap';
import { updatedRow } from './bars';
import { positionOf } from '../../../ui/palette';
import type { Drawing, Now } from './drawing';
import type { Pen } from './pen';

export interface Strip {
  id: 'before' | 'times' | 'after' | 'final';
  name: string;
  values: ArrayLike<number> | undefined;
  max: number;
  /** ParamReader in the empty place. */
  empty: string;
}

/** The strips of the row's O at the cursor, in the order of the update. */
export function stripsOf({ words }: Drawing, { frame, softmax, tile }: Now): Strip[] {
  const { accBefore: before, o } = softmax;
  const final: Strip = { id: 'final', name: words.final, values: o, max: magnitude(o ?? []), empty: words.notYet };
  if (softmax.kind === 'direct') return [{ ...final, name: words.finalDirect }];
  const after = updatedRow(frame);
  const max = Math.max(magnitude(before ?? []), magnitude(after ?? []));
  const { alpha } = tile;
  const times = before && alpha !== undefined ? Float32Array.from(before, (x) => x * alpha) : undefined;
  const first = tile.index === 0 && !before;
  const strips: Strip[] = [
    { id: 'before', name: words.before, values: before, max, empty: first ? words.zero : words.notYet },
    {
      id: 'times',
      name: alpha === undefined ? words.times : `× ${value(alpha)}`,
      values: times,
      max,
      empty: first && alpha !== undefined ? '0' : words.notYet,
    },
    { id: 'after', name: words.after, values: after, max, empty: words.notYet },
  ];
  return softmax.inHbm ? strips : [...strips, final];
}

/** From one strip to the next, and how high each is. */
export const PITCH = 17;
const HIGH = 13;
const INSET = 2;

/** Where the strips stand on their canvas. */
export interface Place {
  x: number;
  y: number;
  width: number;
}

let pixels: OffscreenCanvasRenderingContext2D | null | undefined;

/** Paints the strips, and a frame around the channel in those that have numbers. */
export function paintStrips(pen: Pen, table: Uint32Array, strips: readonly Strip[], at: Place, channel: number): void {
  const { context, ink } = pen;
  const known = strips.filter((s) => s.values);
  pen.painted.shapes.set(
    'strips',
    known.map((s) => s.id),
  );
  const dim = known[0]?.values?.length ?? 0;
  const image = dim > 0 ? colours(known, dim, table) : undefined;
  context.imageSmoothingEnabled = false;
  strips.forEach((strip, i) => {
    const y = at.y + INSET + i * PITCH;
    if (image && strip.values)
      return context.drawImage(image, 0, known.indexOf(strip), dim, 1, at.x, y, at.width, HIGH);
    context.strokeStyle = ink.colours.line;
    context.setLineDash([3, 3]);
    context.strokeRect(at.x + 0.5, y + 0.5, at.width - 1, HIGH - 1);
    context.setLineDash([]);
    pen.text(strip.empty, at.x + 9, y - 2, 'text', 'ink-3', 'left', at.width - 18);
  });
  if (dim > 0) frameChannel(pen, strips, at, { from: at.x + (channel * at.width) / dim, width: at.width / dim });
}

/** One pixel a channel, one row a strip. */
function colours(known: readonly Strip[], dim: number, table: Uint32Array): OffscreenCanvas | undefined {
  pixels ??= new OffscreenCanvas(dim, 4).getContext('2d', { willReadFrequently: true });
  if (!pixels) return undefined;
  if (pixels.canvas.width < dim) pixels.canvas.width = dim;
  const image = pixels.createImageData(dim, known.length);
  const cells = new Uint32Array(image.data.buffer);
  known.forEach(({ values, max }, row) => {
    for (let c = 0; c < dim; c++) {
      const at = Math.round(255 * positionOf(values?.[c] ?? 0, 'diverging', max));
      cells[row * dim + c] = table[Math.max(0, Math.min(255, at))] ?? 0;
    }
  });
  pixels.putImageData(image, 0, 0);
  return pixels.canvas;
}

/** Strips that follow each other share one frame. Where there is no number there is no channel. */
function frameChannel(
  { context, ink }: Pen,
  strips: readonly Strip[],
  at: Place,
  column: { from: number; width: number },
): void {
  context.strokeStyle = ink.colours.ink;
  context.lineWidth = 2;
  strips.forEach((strip, i) => {
    if (!strip.values || strips[i - 1]?.values) return;
    let last = i;
    while (strips[last + 1]?.values) last++;
    const y = at.y + INSET + i * PITCH;
    context.strokeRect(column.from - 1, y - 1, column.width + 2, (last - i) * PITCH + HIGH + 2);
  });
  context.lineWidth = 1;
}
