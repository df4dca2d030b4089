// Paints the forest of hash chains: cards with links while there is room, else squares in as many columns as fit.
import { linkHorizontal } from 'd3';
import type { ChainNode, Forest } from './model';
import type { Cell, Pen } from '../shared/board';
import { did, type Facts } from '../shared/facts';
import { fillShared, hatchRect, type PoolInk } from '../shared/ink';

export interface ChainLayout {
  readonly cards: boolean;
  readonly w: number;
  readonly h: number;
  readonly gapX: number;
  readonly gapY: number;
  /** How many rows of chains there are, and how many columns of them. */
  readonly rowsPerColumn: number;
  readonly hidden: number;
  readonly height: number;
}

const TALLEST = 400;
/** A square of this side or more has room for a number. */
const NUMBERED = 18;
const CARD = { h: 42, gapX: 16, gapY: 8, least: 52, most: 92 } as const;
/** Room at the left for the mark of an orphan's missing parent. */
const MARGIN = 2;

export function chainLayout({ nodes, rows, columns }: Forest, width: number): ChainLayout {
  const w = Math.min(CARD.most, Math.floor((width - 2 * MARGIN + CARD.gapX) / columns) - CARD.gapX);
  if (w >= CARD.least && rows * (CARD.h + CARD.gapY) <= TALLEST) {
    return {
      cards: true,
      w,
      h: CARD.h,
      gapX: CARD.gapX,
      gapY: CARD.gapY,
      rowsPerColumn: rows,
      hidden: 0,
      height: Math.max(1, rows * (CARD.h + CARD.gapY)),
    };
  }
  for (let step = 24; ; step--) {
    const across = Math.max(1, Math.floor((width - 2) / ((columns + 1) * step)));
    const high = Math.ceil(rows / across);
    if (high * step > TALLEST && step > 4) continue;
    const rowsPerColumn = Math.min(high, Math.floor(TALLEST / step));
    const hidden = nodes.filter(({ row }) => row >= rowsPerColumn * across).length;
    const gap = step > 6 ? 2 : 1;
    return {
      cards: false,
      w: step - gap,
      h: step - gap,
      gapX: gap,
      gapY: gap,
      rowsPerColumn,
      hidden,
      height: rowsPerColumn * step + (hidden > 0 ? 22 : 2),
    };
  }
}

export interface ChainWords {
  readonly lost: string;
  readonly hidden: (n: number) => string;
  readonly tokenText: (token: number) => string;
}

export function paintChains(
  pen: Pen,
  forest: Forest,
  facts: Facts,
  layout: ChainLayout,
  width: number,
  ink: PoolInk,
  words: ChainWords,
): Cell[] {
  const { w, h, gapX, gapY, rowsPerColumn } = layout;
  const across = (forest.columns + 1) * (w + gapX);
  const at = ({ column, row }: ChainNode): [number, number] => [
    MARGIN + Math.floor(row / rowsPerColumn) * across + column * (w + gapX),
    1 + (row % rowsPerColumn) * (h + gapY),
  ];
  const shown = layout.hidden === 0 ? forest.nodes : forest.nodes.filter((node) => at(node)[0] + w <= width);
  if (layout.cards) for (const node of shown) linkOf(pen, node, forest, at, layout, ink, words);
  const cells = shown.map((node): Cell => {
    const [x, y] = at(node);
    if (layout.cards) card(pen, node, facts, x, y, layout, ink, words);
    else square(pen, node, facts, x, y, w, ink);
    return { x, y, w, h, selection: () => ({ block: node.block.id }) };
  });
  if (layout.hidden > 0) {
    pen.font = `${ink['text-s']} ${ink.font}`;
    pen.fillStyle = ink['ink-2'];
    pen.textAlign = 'left';
    pen.fillText(words.hidden(layout.hidden), 1, layout.height - 5);
  }
  return cells;
}

function linkOf(
  pen: Pen,
  node: ChainNode,
  { nodes }: Forest,
  at: (node: ChainNode) => [number, number],
  { w, h, gapX }: ChainLayout,
  ink: PoolInk,
  words: ChainWords,
): void {
  const [x, y] = at(node);
  const parent = nodes[node.parent];
  const target: [number, number] = [x, y + h / 2];
  pen.lineWidth = 1.5;
  if (parent) {
    const [px, py] = at(parent);
    pen.strokeStyle = node.orphan ? ink.bad : ink['ink-3'];
    pen.beginPath();
    linkHorizontal().context(pen as CanvasRenderingContext2D)({ source: [px + w, py + h / 2], target });
    pen.stroke();
    return;
  }
  if (!node.orphan) return;
  // The parent is gone: an empty frame, and a broken link.
  const left = x - gapX - w;
  pen.strokeStyle = ink.bad;
  pen.setLineDash([3, 3]);
  if (left >= 0) {
    pen.strokeRect(left + 0.5, y + 0.5, w - 1, h - 1);
    pen.font = `${ink['text-s']} ${ink.font}`;
    pen.fillStyle = ink.bad;
    pen.textAlign = 'center';
    pen.fillText(words.lost, left + w / 2, y + h / 2 + 5, w - 6);
  }
  pen.beginPath();
  pen.moveTo(Math.max(0, x - gapX), target[1]);
  pen.lineTo(...target);
  pen.stroke();
  pen.setLineDash([]);
}

/** The fill of a block: its holders' colours, or its last writer's, faint. */
function paint(
  pen: Pen,
  { block }: ChainNode,
  facts: Facts,
  x: number,
  y: number,
  w: number,
  h: number,
  ink: PoolInk,
): void {
  const owners = block.free ? [block.writer] : facts.owners(block.id, 4);
  fillShared(
    pen,
    owners.map((owner) => (block.free ? ink.tone(owner).faint : ink.tone(owner).fill)),
    x,
    y,
    w,
    h,
  );
}

function card(
  pen: Pen,
  node: ChainNode,
  facts: Facts,
  x: number,
  y: number,
  { w, h }: ChainLayout,
  ink: PoolInk,
  words: ChainWords,
): void {
  const { block, duplicates, orphan } = node;
  paint(pen, node, facts, x, y, w, h, ink);
  if (orphan) hatchRect(pen, ink['line-strong'], x, y, w, h, 8);
  const ring = orphan
    ? ink.bad
    : did(facts, block.id, 'published')
      ? ink.live
      : did(facts, block.id, 'hit')
        ? ink.ok
        : undefined;
  pen.strokeStyle = ring ?? ink['line-strong'];
  pen.lineWidth = ring ? 2 : 1;
  pen.setLineDash(block.free ? [4, 3] : []);
  pen.strokeRect(x + 0.5, y + 0.5, w - 1, h - 1);
  pen.setLineDash([]);
  pen.textAlign = 'left';
  pen.font = `700 14px ${ink.mono}`;
  pen.fillStyle = block.free ? ink['ink-2'] : ink.ink;
  pen.fillText(
    duplicates.length > 0 ? `${block.id} = ${duplicates.join(' = ')}` : String(block.id),
    x + 5,
    y + 16,
    w - 10,
  );
  pen.font = `${ink['text-s']} ${ink.mono}`;
  const most = Math.floor((w - 10) / 8);
  const text = block.tokens.map(words.tokenText).join('');
  pen.fillText(text.length > most ? `${text.slice(0, most - 1)}…` : text, x + 5, y + 34, w - 8);
}

function square(pen: Pen, node: ChainNode, facts: Facts, x: number, y: number, w: number, ink: PoolInk): void {
  const { block, orphan } = node;
  const owner = block.free ? block.writer : (facts.owners(block.id, 1)[0] ?? block.writer);
  // The soft colour under a number; else the strong one, which can be seen at two pixels.
  pen.fillStyle =
    w >= NUMBERED ? ink.tone(owner)[block.free ? 'faint' : 'fill'] : ink.tone(owner)[block.free ? 'fill' : 'strong'];
  pen.fillRect(x, y, w, w);
  if (orphan) {
    const thick = Math.max(1, Math.floor(w / 5));
    pen.fillStyle = ink.bad;
    pen.fillRect(x, y + w - thick, w, thick);
  }
  if (w < NUMBERED) return;
  pen.font = `${ink['text-s']} ${ink.mono}`;
  const number = String(block.id);
  if (pen.measureText(number).width > w) return;
  pen.fillStyle = ink.ink;
  pen.textAlign = 'center';
  pen.fillText(number, x + w / 2, y + 13);
}
