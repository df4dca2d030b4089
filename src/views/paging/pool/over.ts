// What is drawn over the pool's blocks and changes often: the path through the chosen request's table, copies on their
// way, and what is pointed at.
import { line, linkHorizontal } from 'd3';
import { factsOf, selectedBlocks, requestAt } from '../shared/facts';
import type { PoolInk } from '../shared/ink';
import { cornerOf, type PoolLayout, slotCornerOf } from './layout';
import type { PageFrame } from '../view';

type Point = [number, number];

/** What to paint, and a key that changes when it does. */
export interface Over {
  readonly key: string;
  readonly paint: (pen: CanvasRenderingContext2D) => void;
}

export function overOf(frame: PageFrame, layout: PoolLayout, ink: PoolInk): Over {
  const { moment, chosen, selection } = frame;
  const { state } = moment;
  const small = layout.detail === 'squares';
  const shown = small
    ? undefined
    : requestAt(state, selection.block === undefined ? (selection.request ?? chosen) : chosen);
  const looked = selection.request !== undefined;
  const copies = small ? [] : factsOf(moment).copies;
  const { blocks, slot } = selectedBlocks(frame);
  return {
    key: [
      shown?.id,
      shown?.table.join(),
      looked,
      copies.map(({ from, to }) => `${from}>${to}`).join(),
      blocks.join(),
      slot,
    ].join(';'),
    paint(pen) {
      if (shown) paintWay(pen, shown.table, looked, layout, ink.tone(shown.id).strong);
      for (const { from, to } of copies) paintCopy(pen, from, to, layout, ink);
      paintSelection(pen, blocks, slot, state.config.blockSize, layout, ink);
    },
  };
}

function paintSelection(
  pen: CanvasRenderingContext2D,
  blocks: readonly number[],
  slot: number,
  blockSize: number,
  layout: PoolLayout,
  ink: PoolInk,
): void {
  const { cardW, cardH } = layout;
  pen.lineWidth = 2;
  for (const block of blocks) {
    const [x, y] = cornerOf(layout, block);
    pen.strokeStyle = ink.focus;
    pen.beginPath();
    pen.roundRect(x - 1, y - 1, cardW + 2, cardH + 2, layout.detail === 'squares' ? 0 : 7);
    pen.stroke();
  }
  if (slot < 0 || layout.detail === 'squares') return;
  const [x, y] = slotCornerOf(layout, Math.floor(slot / blockSize), slot % blockSize);
  pen.strokeRect(x + 1, y + 1, layout.size - 2, layout.size - 2);
}

/** Longer paths are drawn only when the request is pointed at: they would cover half of the pool. */
const SHORT = 6;

/** A path from block to block in the order of the table: physical blocks need no order. */
function paintWay(
  pen: CanvasRenderingContext2D,
  table: readonly number[],
  looked: boolean,
  layout: PoolLayout,
  colour: string,
): void {
  const points = table
    .filter((block) => block > 0)
    .map((block): Point => {
      const [x, y] = cornerOf(layout, block);
      return [x + layout.cardW / 2, y + layout.head - 1];
    });
  if (points.length === 0) return;
  pen.save();
  pen.strokeStyle = colour;
  pen.fillStyle = colour;
  pen.lineWidth = 1.5;
  pen.globalAlpha = 0.65;
  pen.beginPath();
  if (looked || points.length <= SHORT) line().context(pen)(points);
  pen.stroke();
  for (const [i, [x, y]] of points.entries()) {
    pen.beginPath();
    // The first point is a ring, so that the direction can be seen.
    pen.arc(x, y, i === 0 ? 5 : 3.5, 0, 2 * Math.PI);
    if (i === 0) pen.stroke();
    else pen.fill();
  }
  pen.restore();
}

function paintCopy(
  pen: CanvasRenderingContext2D,
  from: number,
  to: number,
  layout: PoolLayout,
  { reg }: PoolInk,
): void {
  const middle = (block: number): Point => {
    const [x, y] = cornerOf(layout, block);
    return [x + layout.cardW / 2, y + layout.cardH / 2];
  };
  const [source, target] = [middle(from), middle(to)];
  pen.save();
  pen.strokeStyle = reg;
  pen.fillStyle = reg;
  pen.lineWidth = 3;
  pen.setLineDash([7, 4]);
  pen.beginPath();
  linkHorizontal().context(pen)({ source, target });
  pen.stroke();
  // The curve ends horizontally, so its arrow head points along x.
  const back = target[0] >= source[0] ? -1 : 1;
  pen.beginPath();
  pen.moveTo(...target);
  pen.lineTo(target[0] + back * 11, target[1] - 6);
  pen.lineTo(target[0] + back * 11, target[1] + 6);
  pen.fill();
  pen.restore();
}
