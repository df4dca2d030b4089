// Paints one block of the pool: a card with its slots, or one square.
import type { Block } from '../../../paging';
import type { Board, Pen } from '../shared/board';
import type { Change } from '../shared/facts';
import { chip, fillShared, hatchRect, type PoolInk } from '../shared/ink';
import { cornerOf, type PoolLayout, slotCornerOf, TOKEN_FROM } from './layout';

/** All that is drawn of one block. */
export interface BlockPicture {
  readonly block: Block;
  readonly isNull: boolean;
  /** Its holders; for a free block that still has tokens, its last writer. */
  readonly owners: readonly number[];
  /** Its place in the free queue, -1 when it is not free. */
  readonly place: number;
  readonly change: Change | undefined;
  /** Slots written in this moment. */
  readonly fresh: { readonly offset: number; readonly count: number } | undefined;
}

export interface PaintWords {
  readonly null: string;
  readonly change: Readonly<Record<Change, string>>;
  /** A place in the free queue, counted from 1. */
  readonly place: (place: number) => string;
  /** The table entry that holds it: "Ada[2]". */
  readonly entry: (request: number, logical: number) => string;
  readonly was: (entry: string) => string;
  readonly tokenText: (token: number) => string;
}

export interface Painter {
  readonly board: Board;
  readonly ink: PoolInk;
  readonly words: PaintWords;
  readonly layout: PoolLayout;
  readonly blockSize: number;
}

/** Paints a block at its place in the grid, over whatever was there. */
export function paintBlock(painter: Painter, picture: BlockPicture): void {
  const { board, layout } = painter;
  if (layout.detail === 'squares') return board.direct((pen) => paintSquare(pen, painter, picture));
  const [x, y] = cornerOf(layout, picture.block.id);
  board.part(x, y, layout.cardW, layout.cardH, (pen) => paintCard(pen, painter, picture, x, y));
}

function paintCard(pen: Pen, painter: Painter, picture: BlockPicture, x: number, y: number): void {
  const { ink, layout } = painter;
  const { block, owners, change } = picture;
  const { cardW: w, cardH: h } = layout;
  pen.fillStyle = block.free || picture.isNull ? ink.panel : ink.raised;
  pen.beginPath();
  pen.roundRect(x, y, w, h, 6);
  pen.fill();
  if (picture.isNull) hatchRect(pen, ink['line-strong'], x + 1, y + layout.head, w - 2, h - layout.head - 1, 7);
  else paintSlots(pen, painter, picture);
  const highlighted = change && change !== 'written';
  pen.lineWidth = highlighted ? 2 : 1;
  pen.strokeStyle = highlighted ? ink.change(change) : ink['line-strong'];
  pen.setLineDash(block.free ? [4, 3] : []);
  pen.beginPath();
  const inset = highlighted ? 1 : 0.5;
  pen.roundRect(x + inset, y + inset, w - 2 * inset, h - 2 * inset, 6);
  pen.stroke();
  pen.setLineDash([]);
  if (!block.free) paintBand(pen, painter, owners, x, y, w);
  paintHead(pen, painter, picture, x, y, w);
  if (layout.foot > 0) paintFoot(pen, painter, picture, x, y + h - layout.foot, w);
}

/** A band along the upper edge with one piece for each holder. */
function paintBand(pen: Pen, { ink }: Painter, owners: readonly number[], x: number, y: number, w: number): void {
  const wide = (w - 8) / Math.max(1, owners.length);
  for (const [i, owner] of owners.entries()) {
    pen.fillStyle = ink.tone(owner).strong;
    pen.fillRect(x + 4 + i * wide, y + 1, wide - (i < owners.length - 1 ? 1 : 0), 3);
  }
}

/** First all backgrounds, then all tokens, then all numbers: changing the font costs more than drawing a text. */
function paintSlots(pen: Pen, painter: Painter, { block, owners, fresh }: BlockPicture): void {
  const { ink, layout, blockSize } = painter;
  const { size } = layout;
  const inner = size - (size > 6 ? 2 : 1);
  const colours = owners.map((owner) => (block.free ? ink.tone(owner).faint : ink.tone(owner).fill));
  pen.strokeStyle = ink.line;
  pen.lineWidth = 1;
  for (let offset = 0; offset < blockSize; offset++) {
    const [x, y] = slotCornerOf(layout, block.id, offset);
    if (offset < block.tokens.length) fillShared(pen, colours, x + 1, y + 1, inner, inner);
    else pen.strokeRect(x + 1.5, y + 1.5, inner - 1, inner - 1);
  }
  if (fresh) {
    const thick = Math.max(2, inner / 12);
    pen.fillStyle = ink.live;
    for (let offset = fresh.offset; offset < fresh.offset + fresh.count; offset++) {
      const [x, y] = slotCornerOf(layout, block.id, offset);
      pen.fillRect(x + 1, y + 1 + inner - thick, inner, thick);
    }
  }
  if (size >= TOKEN_FROM) paintTexts(pen, painter, block);
}

/** The tokens, and the slots' numbers where there is room. */
function paintTexts(pen: Pen, { ink, words, layout, blockSize }: Painter, block: Block): void {
  const { size } = layout;
  const big = layout.foot > 0;
  const base = big ? (size * 3) / 4 - 10 : size / 2 + 5;
  pen.fillStyle = block.free ? ink['ink-3'] : ink.ink;
  pen.font = `600 ${big ? 17 : 13}px ${ink.mono}`;
  pen.textAlign = 'center';
  for (const [offset, token] of block.tokens.entries()) {
    const [x, y] = slotCornerOf(layout, block.id, offset);
    const text = words.tokenText(token);
    // A model's tokens may be wider than their slot; single letters never are.
    if (text.length > 1) pen.fillText(text, x + size / 2, y + base, size - 3);
    else pen.fillText(text, x + size / 2, y + base);
  }
  if (!big) return;
  pen.fillStyle = ink['ink-3'];
  pen.font = `${ink['text-s']} ${ink.font}`;
  for (let offset = 0; offset < blockSize; offset++) {
    const [x, y] = slotCornerOf(layout, block.id, offset);
    pen.fillText(String(block.id * blockSize + offset), x + size / 2, y + size - 5);
  }
}

/** The head of a card: number and reference count, then its place in the queue or what happened to it. */
function paintHead(
  pen: Pen,
  { ink, words, layout }: Painter,
  picture: BlockPicture,
  x: number,
  y: number,
  w: number,
): void {
  const { block, change, place, isNull } = picture;
  const text = layout.detail === 'tokens';
  const base = y + layout.head - 7 + (text ? 1 : 3);
  const sans = `600 ${ink['text-s']} ${ink.font}`;
  pen.textAlign = 'left';
  pen.font = `700 ${text ? '14px' : ink['text-s']} ${ink.mono}`;
  pen.fillStyle = block.free ? ink['ink-2'] : ink.ink;
  const number = String(block.id);
  pen.fillText(number, x + layout.pad + 1, base);
  let left = x + layout.pad + 5 + pen.measureText(number).width;
  let right = x + w - layout.pad;
  if (isNull) {
    label(pen, words.null, right, base, ink['ink-2'], sans, 'right', right - left);
    return;
  }
  const changeName = text && change ? words.change[change] : '';
  if (changeName && change) {
    pen.font = sans;
    if (pen.measureText(changeName).width + 10 <= right - left - (block.refCount > 1 ? 26 : 0)) {
      right = chip(pen, changeName, right, y + 5, ink.change(change), ink.panel, 'right', sans) - 4;
    }
  }
  if (block.refCount > 1) {
    if (text) left = chip(pen, `×${block.refCount}`, left, y + 5, ink.ink, ink.panel, 'left', sans) + 4;
    else right = label(pen, `×${block.refCount}`, right, base, ink.ink, sans, 'right', right - left) - 3;
  }
  // A sign for published blocks, also where the hash itself has no room.
  if (block.hash !== undefined && layout.foot === 0)
    left = label(pen, '#', left, base, ink.ok, sans, 'left', right - left) + 3;
  if (place >= 0)
    label(
      pen,
      text ? words.place(place + 1) : String(place + 1),
      right,
      base,
      ink['ink-3'],
      `${ink['text-s']} ${ink.font}`,
      'right',
      right - left,
    );
}

/** The foot of a card: table entries at the left, the hash at the right. */
function paintFoot(
  pen: Pen,
  { ink, words }: Painter,
  { block, owners, isNull }: BlockPicture,
  x: number,
  y: number,
  w: number,
): void {
  if (isNull) return;
  const base = y + 15;
  let right = x + w - 8;
  if (block.hash !== undefined) {
    const tag = `#${block.hash.slice(0, 4)}`;
    right = label(pen, tag, right, base, ink.ok, `${ink['text-s']} ${ink.mono}`, 'right', 60) - 6;
  }
  let left = x + 8;
  const font = `600 ${ink['text-s']} ${ink.font}`;
  for (const owner of owners) {
    const entry = words.entry(owner, block.logical);
    const text = block.free ? words.was(entry) : entry;
    pen.font = font;
    if (left + pen.measureText(text).width > right) {
      label(pen, '…', left, base, ink['ink-2'], font, 'left', right - left);
      return;
    }
    left =
      label(pen, text, left, base, block.free ? ink['ink-3'] : ink.tone(owner).strong, font, 'left', right - left) + 8;
  }
}

/** Draws a text where it fits. Returns where it ends, away from `x`; `x` itself when it does not fit. */
function label(
  pen: Pen,
  text: string,
  x: number,
  base: number,
  colour: string,
  font: string,
  align: 'left' | 'right',
  room: number,
): number {
  pen.font = font;
  const wide = pen.measureText(text).width;
  if (wide > room + 1) return x;
  pen.fillStyle = colour;
  pen.textAlign = align;
  pen.fillText(text, x, base);
  return align === 'left' ? x + wide : x - wide;
}

/** How many pixels of a square are filled. */
const levelOf = ({ block }: BlockPicture, { layout, blockSize }: Painter): number =>
  Math.ceil((layout.size * block.tokens.length) / blockSize);

const RINGS: readonly Change[] = [
  'freed',
  'swapped-out',
  'copied',
  'evicted',
  'swapped-in',
  'allocated',
  'hit',
  'shared',
  'copied-from',
  'left',
];

/** All that a square shows, as one number: the same number means the same square. */
export function lookOf(picture: BlockPicture, painter: Painter): number {
  const [first = -1, second = -1] = picture.owners;
  const { block } = picture;
  const ring = picture.change ? RINGS.indexOf(picture.change) + 1 : 0;
  return (
    (((first + 1) * 65_536 + (second + 1)) * 32 + levelOf(picture, painter)) * 64 +
    ring * 4 +
    (block.free ? 2 : 0) +
    (block.hash === undefined ? 0 : 1)
  );
}

/**
 * Paints only the part by which a square was filled further. Returns false when more than that changed, or several
 * requests share it.
 */
export function paintGrown(
  { board, ink, layout }: Painter,
  { block, owners }: BlockPicture,
  before: number,
  look: number,
): boolean {
  const [was, high] = [Math.floor(before / 64) % 32, Math.floor(look / 64) % 32];
  // Only the level changed, and there is no ring around it.
  if (look - before !== (high - was) * 64 || high < was || look % 64 > 1) return false;
  const [owner, another] = owners;
  if (owner === undefined || another !== undefined) return false;
  const [x, y] = cornerOf(layout, block.id);
  board.direct((pen) => {
    pen.fillStyle = ink.tone(owner).strong;
    pen.fillRect(x, y + layout.size - high, layout.size, high - was);
  });
  return true;
}

/** A square, filled as high as its slots are; hollow when free and empty, faint when free with tokens. */
function paintSquare(pen: Pen, painter: Painter, picture: BlockPicture): void {
  const { ink, layout } = painter;
  const { block, isNull, owners, change } = picture;
  const [x, y] = cornerOf(layout, block.id);
  const { size } = layout;
  pen.fillStyle = isNull ? ink['line-strong'] : ink.hatch;
  pen.fillRect(x, y, size, size);
  if (isNull) return;
  const high = levelOf(picture, painter);
  const colours = owners
    .slice(0, 2)
    .map((owner) =>
      block.free ? ink.tone(owner)[block.hash === undefined ? 'faint' : 'fill'] : ink.tone(owner).strong,
    );
  for (const [i, colour] of colours.entries()) {
    pen.fillStyle = colour;
    pen.fillRect(x + (i * size) / colours.length, y + size - high, size / colours.length, high);
  }
  if (!change || change === 'written') return;
  pen.strokeStyle = ink.change(change);
  pen.lineWidth = 1;
  pen.strokeRect(x + 0.5, y + 0.5, size - 1, size - 1);
}
