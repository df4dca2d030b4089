// The layout of the pool: as large as fits, from cards with readable tokens down to one small square for each block.

export type Detail = 'tokens' | 'slots' | 'squares';

export interface PoolLayout {
  readonly detail: Detail;
  /** Side of a slot, or of a square. */
  readonly size: number;
  readonly columns: number;
  /** Slots a row inside a card. */
  readonly perRow: number;
  readonly cardW: number;
  readonly cardH: number;
  /** Between columns, and between rows. */
  readonly gapX: number;
  readonly gap: number;
  readonly head: number;
  readonly foot: number;
  readonly pad: number;
  readonly width: number;
  readonly height: number;
}

const TOKEN_SIZES = [48, 44, 40, 36, 34, 32, 28, 25, 22, 20, 18];
const SLOT_SIZES = [24, 22, 20, 18, 16, 14, 12, 10, 8, 7, 6, 5, 4];
/** A slot of this side or more has room for a token. */
export const TOKEN_FROM = 16;
/** From this side of a slot on, cards have a last line: who holds them, and their hash. */
export const FOOT_FROM = 34;

/**
 * @param width of the picture in CSS pixels
 * @param most height that it may take; only squares may take more
 */
export function layoutOf(width: number, most: number, blocks: number, blockSize: number): PoolLayout {
  const rowsOf = [...new Set([blockSize, 8, 4, 16].filter((n) => n <= blockSize))];
  for (const detail of ['tokens', 'slots'] as const)
    for (const size of detail === 'tokens' ? TOKEN_SIZES : SLOT_SIZES) {
      const fits = rowsOf
        .map((perRow) => cards(width, blocks, blockSize, detail, size, perRow))
        .filter((layout) => layout.columns > 0 && layout.height <= most)
        .toSorted((a, b) => a.height - b.height);
      if (fits[0]) return stretched(fits[0], width, most, blocks, blockSize);
    }
  return squares(width, most, blocks);
}

/** The same columns, with slots as wide as the picture allows. */
function stretched(fit: PoolLayout, width: number, most: number, blocks: number, blockSize: number): PoolLayout {
  const { columns, perRow, pad, gap, detail, size } = fit;
  const room = Math.floor(((width - 2 - (columns - 1) * gap) / columns - 2 * pad) / perRow);
  for (let wide = Math.min(room, size + 10); wide > size; wide--) {
    const wider = cards(width, blocks, blockSize, detail, wide, perRow);
    if (wider.columns === columns && wider.height <= most) return wider;
  }
  return fit;
}

function cards(
  width: number,
  blocks: number,
  blockSize: number,
  detail: Detail,
  size: number,
  perRow: number,
): PoolLayout {
  const text = detail === 'tokens';
  const pad = text ? 5 : 3;
  const gap = text ? 8 : 5;
  const head = text ? 24 : 19;
  const foot = text && size >= FOOT_FROM ? 22 : 0;
  // A card has room for its number and its place in the queue.
  const cardW = Math.max(perRow * size + 2 * pad, text ? 84 : 46);
  const cardH = head + Math.ceil(blockSize / perRow) * size + pad + foot;
  const columns = Math.min(blocks, Math.floor((width - 2 + gap) / (cardW + gap)));
  // The rest of a row is spread between its cards, within limits.
  const between = columns < 2 ? gap : Math.min(gap + 8, Math.floor((width - 2 - columns * cardW) / (columns - 1)));
  const rows = Math.ceil(blocks / Math.max(1, columns));
  return {
    detail,
    size,
    columns,
    perRow,
    cardW,
    cardH,
    gapX: between,
    gap,
    head,
    foot,
    pad,
    width,
    height: rows * (cardH + gap) - gap + 4,
  };
}

function squares(width: number, most: number, blocks: number): PoolLayout {
  let size = 24;
  const columnsOf = (side: number): number => Math.max(1, Math.floor(width / side));
  while (size > 4 && Math.ceil(blocks / columnsOf(size)) * size > most) size -= 1;
  const columns = columnsOf(size);
  const gap = size > 4 ? 1 : 0;
  const side = size - gap;
  const base = {
    detail: 'squares',
    size: side,
    columns,
    perRow: 1,
    cardW: side,
    cardH: side,
    gapX: gap,
    gap,
    head: 0,
    foot: 0,
    pad: 0,
  } as const;
  return { ...base, width, height: Math.ceil(blocks / columns) * size + 2 };
}

/** The upper left corner of a block. */
export function cornerOf({ columns, cardW, cardH, gapX, gap }: PoolLayout, block: number): readonly [number, number] {
  return [1 + (block % columns) * (cardW + gapX), 2 + Math.floor(block / columns) * (cardH + gap)];
}

/** The upper left corner of a slot. */
export function slotCornerOf(layout: PoolLayout, block: number, offset: number): readonly [number, number] {
  const [x, y] = cornerOf(layout, block);
  const { perRow, size, head, pad } = layout;
  return [x + pad + (offset % perRow) * size, y + head + Math.floor(offset / perRow) * size];
}
