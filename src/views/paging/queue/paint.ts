// Paints the free queue: cards in order, or for a long queue its two ends and a strip.
import type { Block, State } from '../../../paging';
import type { Cell, Pen } from '../shared/board';
import { did, type Facts } from '../shared/facts';
import { chip, type PoolInk } from '../shared/ink';
import { entryOf } from '../shared/descriptions';

const CARD = { w: 66, h: 44, gap: 12, row: 68 } as const;
const STRIP = 34;
const MOST_ROWS = 5;

export interface QueueLayout {
  readonly columns: number;
  /** The places that are shown as cards, and after how many cards some are left out. */
  readonly places: readonly number[];
  readonly cut: number;
  readonly strip: boolean;
  readonly height: number;
}

export function queueLayout(width: number, length: number): QueueLayout {
  const columns = Math.max(1, Math.floor((width - 2 + CARD.gap) / (CARD.w + CARD.gap)));
  const room = columns * MOST_ROWS;
  const whole = Array.from({ length: Math.min(length, room) }, (_, i) => i);
  const rows = Math.ceil(whole.length / columns);
  if (length <= room) return { columns, places: whole, cut: -1, strip: false, height: Math.max(1, rows * CARD.row) };
  // The last row shows the back of the queue.
  const cut = room - columns;
  const places = whole.map((i) => (i < cut ? i : length - room + i));
  return { columns, places, cut, strip: true, height: STRIP + rows * CARD.row + 22 };
}

export interface QueueWords {
  readonly next: string;
  readonly evicted: string;
  readonly both: string;
  readonly came: string;
  readonly strip: string;
  readonly void: string;
  readonly more: (n: number) => string;
}

export function paintQueue(
  pen: Pen,
  state: State,
  facts: Facts,
  layout: QueueLayout,
  width: number,
  ink: PoolInk,
  words: QueueWords,
): Cell[] {
  const { order } = facts;
  const { columns, places, cut } = layout;
  const top = layout.strip ? STRIP : 0;
  if (layout.strip) paintStrip(pen, state, order, width, ink, words);
  if (cut >= 0) {
    pen.font = `${ink['text-s']} ${ink.font}`;
    pen.fillStyle = ink['ink-2'];
    pen.textAlign = 'left';
    pen.fillText(words.more(order.length - places.length), 1, top + (cut / columns) * CARD.row + 14);
  }
  const cards = places.map((place, i): Card => {
    const block = state.blocks.at(order[place] ?? 0);
    const x = 1 + (i % columns) * (CARD.w + CARD.gap);
    const y = top + Math.floor(i / columns) * CARD.row + (cut >= 0 && i >= cut ? 22 : 0) + 1;
    return { block, place, x, y };
  });
  grounds(pen, cards, facts, ink);
  texts(pen, cards, state, ink, words);
  for (const [i, { block, place, x, y }] of cards.entries()) {
    if (i % columns < columns - 1 && i + 1 < places.length) arrow(pen, x + CARD.w + 1, y + CARD.h / 2, ink['ink-3']);
    mark(pen, block.id, place, facts, x, y + CARD.h + 3, ink, words);
  }
  return cards.map(({ block: { id }, x, y }) => ({ x, y, w: CARD.w, h: CARD.h, selection: () => ({ block: id }) }));
}

/** A block of the queue with the position of its card. */
interface Card {
  readonly block: Block;
  readonly place: number;
  readonly x: number;
  readonly y: number;
}

function grounds(pen: Pen, cards: readonly Card[], facts: Facts, ink: PoolInk): void {
  for (const { block, x, y } of cards) {
    const filled = block.tokens.length > 0;
    const came = did(facts, block.id, 'freed');
    pen.fillStyle = filled ? ink.tone(block.writer).faint : ink.panel;
    pen.beginPath();
    pen.roundRect(x, y, CARD.w, CARD.h, 5);
    pen.fill();
    pen.strokeStyle = came ? ink.warn : ink['line-strong'];
    pen.lineWidth = came ? 2 : 1;
    pen.setLineDash(filled ? [] : [4, 3]);
    pen.stroke();
  }
  pen.setLineDash([]);
}

/** First all numbers, then all signs, then all entries: changing the font costs more than drawing a text. */
function texts(pen: Pen, cards: readonly Card[], state: State, ink: PoolInk, words: QueueWords): void {
  pen.textAlign = 'left';
  pen.font = `700 14px ${ink.mono}`;
  pen.fillStyle = ink.ink;
  for (const { block, x, y } of cards) pen.fillText(String(block.id), x + 6, y + 17);
  const hashed = cards.filter(({ block }) => block.hash !== undefined);
  if (hashed.length > 0) {
    pen.textAlign = 'right';
    pen.font = `600 ${ink['text-s']} ${ink.font}`;
    pen.fillStyle = ink.ok;
    for (const { x, y } of hashed) pen.fillText('#', x + CARD.w - 6, y + 17);
    pen.textAlign = 'left';
  }
  pen.font = `${ink['text-s']} ${ink.font}`;
  const fits = new Map<string, string>();
  for (const { block, x, y } of cards) {
    const filled = block.tokens.length > 0;
    const held = filled ? entryOf(state, block.writer, block.logical) : words.void;
    const text = fits.get(held) ?? fittedEntry(held, (part) => pen.measureText(part).width <= CARD.w - 8);
    fits.set(held, text);
    pen.fillStyle = filled ? ink.tone(block.writer).strong : ink['ink-3'];
    pen.fillText(text, x + 6, y + 36);
  }
}

/**
 * `Ada 2[14]` where it fits, else `Ad…[14]`: the name is shortened, since a number cut short would be another number.
 */
export function fittedEntry(entry: string, fits: (text: string) => boolean): string {
  if (fits(entry)) return entry;
  const at = entry.lastIndexOf('[');
  const [name, number] = at < 0 ? [entry, ''] : [entry.slice(0, at), entry.slice(at)];
  for (let kept = name.length - 1; kept > 0; kept--) {
    const text = `${name.slice(0, kept)}…${number}`;
    if (fits(text)) return text;
  }
  return number || '…';
}

function arrow(pen: Pen, x: number, y: number, colour: string): void {
  pen.fillStyle = colour;
  pen.beginPath();
  pen.moveTo(x + 2, y - 4);
  pen.lineTo(x + 8, y);
  pen.lineTo(x + 2, y + 4);
  pen.fill();
}

/** Marks the block that is taken next, the one that is evicted next, and those that just came in. */
function mark(
  pen: Pen,
  id: number,
  place: number,
  facts: Facts,
  x: number,
  y: number,
  ink: PoolInk,
  words: QueueWords,
): void {
  const font = `600 ${ink['text-s']} ${ink.font}`;
  const evicted = id === facts.evictedNext;
  if (place === 0)
    chip(pen, evicted ? words.both : words.next, x, y, evicted ? ink.bad : ink.input, ink.panel, 'left', font);
  else if (evicted) chip(pen, words.evicted, x, y, ink.bad, ink.panel, 'left', font);
  else if (did(facts, id, 'freed')) chip(pen, words.came, x, y, ink.warn, ink.panel, 'left', font);
}

/** A strip with a column for each block, or for several; published ones in the hue of who filled them. */
function paintStrip(
  pen: Pen,
  state: State,
  order: Facts['order'],
  width: number,
  ink: PoolInk,
  words: QueueWords,
): void {
  const columns = Math.min(order.length, Math.floor(width - 2));
  const wide = (width - 2) / columns;
  const gap = wide > 4 ? 1 : 0;
  // Grouped by colour: changing the colour costs more than drawing a column.
  const pieces = new Map<string, number[]>();
  for (let i = 0; i < columns; i++) {
    const { hash, tokens, writer } = state.blocks.at(order[Math.floor((i * order.length) / columns)] ?? 0);
    const fill = hash !== undefined ? ink.tone(writer).strong : tokens.length > 0 ? ink['line-strong'] : ink.hatch;
    const same = pieces.get(fill);
    if (same) same.push(i);
    else pieces.set(fill, [i]);
  }
  for (const [fill, at] of pieces) {
    pen.fillStyle = fill;
    for (const i of at) pen.fillRect(1 + i * wide, 0, Math.max(1, wide - gap), 12);
  }
  pen.font = `${ink['text-s']} ${ink.font}`;
  pen.fillStyle = ink['ink-2'];
  pen.textAlign = 'left';
  pen.fillText(words.strip, 1, 26);
}
