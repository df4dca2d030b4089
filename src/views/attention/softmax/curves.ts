// m, l and alpha of the row after each tile, up to the cursor; the places of later tiles stay empty.
import type { SoftmaxFrame } from '../../../frame/frame-types';
import { value } from '../../../ui/format';
import type { Drawing } from './drawing';
import { LINE, type Colour, type Pen } from './pen';

export interface Series {
  role: 'm' | 'l' | 'alpha';
  name: string;
  colour: Colour;
}

export const SERIES: readonly Series[] = [
  { role: 'm', name: 'm', colour: 'live' },
  { role: 'l', name: 'l', colour: 'live' },
  { role: 'alpha', name: 'α', colour: 'reg' },
];

/** Column of the label beside the three charts, the gaps, and the room inside a chart. */
const LABEL = 58;
const GAP = 8;
const EDGE = 7;
const INSET = 8;
/** Up to so many tiles each has its dot. */
const DOTS = 24;

export function paintCurves(d: Drawing, pen: Pen, softmax: SoftmaxFrame, top: number): void {
  const width = (d.size.width - LABEL - 3 * GAP) / 3;
  SERIES.forEach((series, i) => {
    const x = LABEL + GAP + i * (width + GAP);
    const current = softmax.tiles.at(-1)?.[series.role];
    const said = current === undefined ? d.words.notYet : value(current);
    if (current !== undefined) pen.note(series.role, said);
    const known = current !== undefined;
    pen.text(
      said,
      x + width - INSET,
      top + 1,
      known ? 'bold-number' : 'text',
      known ? 'ink' : 'ink-3',
      'right',
      width - 2 * INSET - 12,
    );
    paintCurve(pen, softmax, series, { x, y: top + 1 + LINE, width, height: d.size.curve });
  });
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

function paintCurve(pen: Pen, softmax: SoftmaxFrame, { role, colour }: Series, box: Box): void {
  const points = softmax.tiles.flatMap((t) =>
    t[role] === undefined || t[role] <= -1e30 ? [] : [{ tile: t.index, v: t[role] }],
  );
  pen.painted.shapes.set(`curve ${role}`, points);
  const values = points.map((p) => p.v);
  const lo = role === 'm' ? Math.min(...values) : 0;
  const hi = role === 'alpha' ? 1 : Math.max(...values, lo);
  const inner = box.width - 2 * EDGE - 2;
  const { tileCount } = softmax;
  const x = (t: number): number => box.x + 1 + EDGE + (tileCount < 2 ? inner / 2 : (t / (tileCount - 1)) * inner);
  const y = (v: number): number =>
    box.y + box.height - EDGE - 4 - (hi === lo ? 0.5 : (v - lo) / (hi - lo)) * (box.height - 2 * EDGE - 2);
  places(pen, x, tileCount, inner, box.y + box.height);
  const { context, ink } = pen;
  context.strokeStyle = ink.colours['ink-3'];
  context.fillStyle = ink.colours['ink-3'];
  context.lineWidth = 1.5;
  context.beginPath();
  for (const p of points) context.lineTo(x(p.tile), y(p.v));
  context.stroke();
  context.lineWidth = 1;
  context.beginPath();
  if (points.length <= DOTS) for (const p of points) dot(pen, x(p.tile), y(p.v), 2.5);
  context.fill();
  const now = points.at(-1);
  if (!now) return;
  context.fillStyle = ink.colours[colour];
  context.beginPath();
  dot(pen, x(now.tile), y(now.v), 4.5);
  context.fill();
}

function dot({ context }: Pen, x: number, y: number, radius: number): void {
  context.moveTo(x + radius, y);
  context.arc(x, y, radius, 0, 2 * Math.PI);
}

/** A stroke at the foot for each tile there is, or for every n-th where they would touch. */
function places(
  { context, ink }: Pen,
  x: (tile: number) => number,
  tileCount: number,
  inner: number,
  foot: number,
): void {
  const every = Math.ceil((tileCount * 5) / inner);
  context.strokeStyle = ink.colours['line-strong'];
  context.beginPath();
  for (let t = 0; t < tileCount; t += every) {
    context.moveTo(x(t), foot - 4);
    context.lineTo(x(t), foot - 1);
  }
  context.stroke();
}
