// Paints the block tables: a row of logical blocks, the physical blocks below, then rows of sharers, and the links
// between them.
import { linkVertical } from 'd3';
import type { Cell, Pen } from '../shared/board';
import { chip, fillShared, hatchRect, type PoolInk } from '../shared/ink';
import type { TableRow, TablesModel } from './model';

export const TABLE_SIZES = { cell: 34, gap: 4, link: 48, caption: 22 } as const;

/** The smallest width of a block with its gap: room for two digits, or for as many as block numbers have. */
export const leastWidth = (blocks: number): number => Math.max(38, String(blocks - 1).length * 9 + 18);

export interface TablesWords {
  readonly logical: (name: string) => string;
  readonly physical: string;
  readonly sharer: (name: string, shared: number) => string;
  readonly others: (n: number) => string;
  readonly nameOf: (request: number) => string;
  readonly copy: string;
}

export interface TablesLayout {
  readonly cellW: number;
  /** The upper edges of the rows. */
  readonly chosenY: number;
  readonly physicalY: number;
  readonly sharerY: readonly number[];
  readonly height: number;
}

export function tablesLayout(model: TablesModel, width: number): TablesLayout {
  // Without rows and without blocks there is nothing to show.
  if (model.physical.length === 0) return { cellW: 1, chosenY: 0, physicalY: 0, sharerY: [], height: 1 };
  const { cell, gap, link, caption } = TABLE_SIZES;
  const least = leastWidth(model.state.config.blocks);
  const longest = Math.max(
    1,
    model.physical.length,
    ...[model.chosen, ...model.sharers.map(({ row }) => row)].map((row) => row?.entries.length ?? 0),
  );
  const cellW = Math.min(68, Math.max(least - gap, Math.floor((width - 2) / longest) - gap));
  const chosenY = caption;
  const physicalY = chosenY + cell + link;
  const sharerY = model.sharers.map((_, i) => physicalY + cell + caption + link + i * (cell + caption + 10));
  const last = sharerY.at(-1) ?? physicalY;
  return { cellW, chosenY, physicalY, sharerY, height: last + cell + caption + (model.others > 0 ? 20 : 2) };
}

const xOf = (layout: TablesLayout, i: number): number => 1 + i * (layout.cellW + TABLE_SIZES.gap);

/** Paints everything; returns the cells that can be pointed at. */
export function paintTables(
  pen: Pen,
  model: TablesModel,
  layout: TablesLayout,
  ink: PoolInk,
  words: TablesWords,
): Cell[] {
  const { chosen, sharers, physical } = model;
  if (physical.length === 0) return [];
  const { cell } = TABLE_SIZES;
  const place = new Map(physical.map((block, i) => [block, i]));
  const middle = (i: number): number => xOf(layout, i) + layout.cellW / 2;
  const cells: Cell[] = [];
  const links = (row: TableRow, from: number, to: number): void => {
    for (const [i, { block, before }] of row.entries.entries()) {
      const at = place.get(block);
      if (at !== undefined && block !== 0) {
        const shared = model.state.blocks.at(block).refCount > 1;
        paintLink(pen, [middle(i), from], [middle(at), to], ink.tone(row.request.id).strong, shared ? 3 : 1.75, []);
      }
      const was = before === undefined || before === block || before === 0 ? undefined : place.get(before);
      if (was !== undefined) paintLink(pen, [middle(i), from], [middle(was), to], ink['ink-3'], 1.5, [4, 4]);
    }
  };
  // Links first: rows are drawn over them.
  sharers.forEach(({ row }, i) => links(row, layout.sharerY[i] ?? 0, layout.physicalY + cell));
  if (chosen) links(chosen, layout.chosenY + cell, layout.physicalY);
  if (chosen) {
    label(
      pen,
      words.logical(words.nameOf(chosen.request.id)),
      1,
      layout.chosenY - 7,
      ink.tone(chosen.request.id).strong,
      ink,
    );
    cells.push(...paintRow(pen, chosen, layout.chosenY, model, layout, ink));
  }
  cells.push(...paintPhysical(pen, model, layout, ink, words));
  for (const [i, { row, shared }] of sharers.entries()) {
    const y = layout.sharerY[i] ?? 0;
    cells.push(...paintRow(pen, row, y, model, layout, ink));
    label(
      pen,
      words.sharer(words.nameOf(row.request.id), shared),
      1,
      y + cell + 16,
      ink.tone(row.request.id).strong,
      ink,
    );
  }
  if (model.others > 0) label(pen, words.others(model.others), 1, layout.height - 4, ink['ink-2'], ink);
  return cells;
}

function label(pen: Pen, text: string, x: number, base: number, colour: string, ink: PoolInk): void {
  pen.font = `600 ${ink['text-s']} ${ink.font}`;
  pen.textAlign = 'left';
  // An outline in the panel's colour, so that links do not run through the letters.
  pen.strokeStyle = ink.panel;
  pen.lineWidth = 5;
  pen.lineJoin = 'round';
  pen.strokeText(text, x, base);
  pen.fillStyle = colour;
  pen.fillText(text, x, base);
}

function paintLink(
  pen: Pen,
  source: [number, number],
  target: [number, number],
  colour: string,
  wide: number,
  dash: number[],
): void {
  pen.strokeStyle = colour;
  pen.lineWidth = wide;
  pen.setLineDash(dash);
  pen.beginPath();
  // d3 can write to any path; its type names only one kind of context.
  linkVertical().context(pen as CanvasRenderingContext2D)({ source, target });
  pen.stroke();
  pen.setLineDash([]);
}

/** A row of logical blocks: their number, and the physical number in the table. */
function paintRow(pen: Pen, row: TableRow, y: number, model: TablesModel, layout: TablesLayout, ink: PoolInk): Cell[] {
  const { cell } = TABLE_SIZES;
  const { blockSize } = model.state.config;
  const { request, entries } = row;
  const tone = ink.tone(request.id);
  return entries.map(({ logical, block, before }, i) => {
    const x = xOf(layout, i);
    if (block === 0) {
      pen.fillStyle = ink.panel;
      pen.fillRect(x, y, layout.cellW, cell);
      hatchRect(pen, ink['line-strong'], x, y, layout.cellW, cell);
    } else fillShared(pen, [tone.fill], x, y, layout.cellW, cell);
    const isNew = before !== block;
    pen.strokeStyle = isNew ? ink.input : tone.strong;
    pen.lineWidth = isNew ? 2 : 1;
    pen.strokeRect(x + 0.5, y + 0.5, layout.cellW - 1, cell - 1);
    pen.textAlign = 'left';
    pen.font = `${ink['text-s']} ${ink.mono}`;
    pen.fillStyle = ink['ink-2'];
    pen.fillText(String(logical), x + 4, y + 14);
    pen.textAlign = 'right';
    pen.font = `700 14px ${ink.mono}`;
    pen.fillStyle = ink.ink;
    pen.fillText(String(block), x + layout.cellW - 4, y + cell - 6);
    const selection = { block, request: request.id, position: logical * blockSize };
    return {
      x,
      y,
      w: layout.cellW,
      h: cell,
      selection: () => (block === 0 ? { request: request.id, position: logical * blockSize } : selection),
    };
  });
}

function paintPhysical(pen: Pen, model: TablesModel, layout: TablesLayout, ink: PoolInk, words: TablesWords): Cell[] {
  const { cell } = TABLE_SIZES;
  const { facts, state, physical } = model;
  const y = layout.physicalY;
  const cells = physical.map((block, i): Cell => {
    const x = xOf(layout, i);
    const w = layout.cellW;
    const { refCount, free } = state.blocks.at(block);
    const owners = facts.owners(block, 4);
    pen.fillStyle = ink.panel;
    pen.fillRect(x, y, w, cell);
    if (block === 0) hatchRect(pen, ink['line-strong'], x, y, w, cell);
    else if (owners.length > 0)
      fillShared(
        pen,
        owners.map((owner) => ink.tone(owner).fill),
        x,
        y,
        w,
        cell,
      );
    pen.strokeStyle = ink['line-strong'];
    pen.lineWidth = 1;
    pen.setLineDash(free ? [4, 3] : []);
    pen.strokeRect(x + 0.5, y + 0.5, w - 1, cell - 1);
    pen.setLineDash([]);
    pen.textAlign = 'left';
    pen.font = `700 14px ${ink.mono}`;
    pen.fillStyle = free ? ink['ink-3'] : ink.ink;
    pen.fillText(String(block), x + 4, y + 15);
    if (refCount > 1)
      chip(
        pen,
        `×${refCount}`,
        x + w - 1,
        y + cell - 18,
        ink.ink,
        ink.panel,
        'right',
        `600 ${ink['text-s']} ${ink.font}`,
      );
    const held = facts.holders(block)[0];
    const selection = held
      ? { block, request: held.request, position: held.logical * state.config.blockSize }
      : { block };
    return { x, y, w, h: cell, selection: () => selection };
  });
  label(pen, words.physical + (model.gapped ? ' …' : ''), 1, y + cell + 16, ink['ink-2'], ink);
  for (const { from, to } of facts.copies) {
    const [a, b] = [physical.indexOf(from), physical.indexOf(to)];
    if (a < 0 || b < 0) continue;
    const [x0, x1] = [xOf(layout, a) + layout.cellW / 2, xOf(layout, b) + layout.cellW / 2];
    pen.strokeStyle = ink.reg;
    pen.lineWidth = 3;
    pen.beginPath();
    pen.moveTo(x0, y + cell);
    pen.quadraticCurveTo((x0 + x1) / 2, y + cell + 84, x1, y + cell + 3);
    pen.stroke();
    pen.fillStyle = ink.reg;
    pen.beginPath();
    pen.moveTo(x1, y + cell);
    pen.lineTo(x1 - 6, y + cell + 9);
    pen.lineTo(x1 + 6, y + cell + 9);
    pen.fill();
    chip(
      pen,
      words.copy,
      (x0 + x1) / 2 + 20,
      y + cell + 33,
      ink.reg,
      ink.panel,
      'right',
      `600 ${ink['text-s']} ${ink.font}`,
    );
  }
  return cells;
}
