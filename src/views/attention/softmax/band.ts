// Under the charts of the softmax view: the keys' numbers and tokens, and the arithmetic of the chosen key.
import type { SoftmaxTile } from '../../../frame/frame-types';
import { value } from '../../../ui/format';
import { textWidth, type Drawing, type Now } from './drawing';
import { GUTTER, keysOf } from './marks';
import { LINE, paint, type Pen, type Piece } from './pen';

/** Narrowest column that has room for a token, upright or turned. */
const COLUMN = 15;
const LONGEST = 6;
const short = (text: string): string =>
  [...text].length > LONGEST ? `${[...text].slice(0, LONGEST - 1).join('')}…` : text;
const fits = (token: string, step: number): boolean => textWidth(short(token)) <= step - 2;

/**
 * Height of the band for all tiles as wide as this one: what stands in a tile's place must not move from step to step.
 */
export function bandHeight(d: Drawing, tile: SoftmaxTile): number {
  const { per, step } = keysOf(d, tile);
  if (per > 1 || !d.tokens || step < COLUMN) return 16;
  return Math.max(36, ...d.tokens.map((t) => (fits(t.trim(), step) ? 0 : 21 + textWidth(short(t.trim())))));
}

/** Key numbers, and tokens where there is room: upright when they fit, else turned. */
export function paintKeys(d: Drawing, tile: SoftmaxTile, chosen: number | undefined, canvas: HTMLCanvasElement): void {
  const { size } = d;
  const { per, count, step } = keysOf(d, tile);
  const every = Math.max(1, Math.ceil(34 / step));
  // Only a key whose number is shown stands out here.
  const marked = chosen !== undefined && per === 1 && (chosen - tile.from) % every === 0 ? chosen : undefined;
  paint(canvas, d.ink, size.width, size.band, [tile.from, count, per, marked], (pen) => {
    const x = (i: number): number => GUTTER + (i + 0.5) * step;
    for (let i = 0; i < count; i += every) {
      const key = tile.from + i * per;
      const on = key === marked;
      const at = Math.min(x(i), size.width - 4 * String(key).length);
      pen.text(String(key), at, 0, on ? 'bold-number' : 'number', on ? 'ink' : 'ink-3', 'center');
    }
    if (size.band > LINE && per === 1)
      for (let i = 0; i < count; i++) paintToken(pen, d.tokens?.[tile.from + i]?.trim() ?? '', x(i), step);
  });
}

function paintToken(pen: Pen, token: string, x: number, step: number): void {
  if (fits(token, step)) return pen.text(short(token), x, 17, 'text', 'ink-2', 'center');
  const { context } = pen;
  // Turned there and back by hand: restoring would also take back the face that the pen has set.
  context.translate(x - 4, 19);
  context.rotate(Math.PI / 2);
  pen.text(short(token), 0, -13, 'text', 'ink-2');
  context.rotate(-Math.PI / 2);
  context.translate(4 - x, -19);
}

/** s and p of the chosen key in numbers; in the narrowest place on two lines. */
export function paintReading(d: Drawing, now: Now, chosen: number | undefined, canvas: HTMLCanvasElement): void {
  const { size } = d;
  const { softmax, tile } = now;
  const i = chosen === undefined ? -1 : chosen - tile.from;
  const state = [
    tile.from,
    chosen,
    tile.s[i],
    tile.p[i],
    tile.m,
    softmax.kind === 'direct' ? tile.l : undefined,
    tile.masked,
  ];
  paint(canvas, d.ink, size.width, size.reading, state, (pen) => {
    if (tile.masked.every(Boolean)) return pen.line('reading', [{ text: d.words.masksAll }], 0, 0);
    if (chosen === undefined) return;
    const { who, shortly, score, weight } = readingOf(d, now, chosen);
    const gap: Piece = { gap: 10 };
    if (weight.length > 0 && size.reading > LINE) {
      pen.line('reading', pen.fitting([[...who, gap, ...score], who], size.width), 0, 0);
      return pen.line('reading', weight, 0, LINE);
    }
    const full = [...who, gap, ...score, gap, ...weight];
    const variants = weight.length > 0 ? [full, [...who, gap, ...weight], [...shortly, gap, ...weight]] : [full];
    pen.line('reading', pen.fitting(variants, size.width), 0, 0);
  });
}

interface Reading {
  who: Piece[];
  /** The key without its token. */
  shortly: Piece[];
  /** s, or what is said in its place; p stands here where it is masked. */
  score: Piece[];
  weight: Piece[];
}

function readingOf({ words, tokens }: Drawing, { softmax, tile }: Now, key: number): Reading {
  const i = key - tile.from;
  const [s, p, { l }] = [tile.s[i], tile.p[i], tile];
  const m = tile.divided?.mTile ?? tile.m;
  const token = tokens?.[key]?.trim();
  const shortly: Piece[] = [{ text: `${words.key} ${key}`, colour: 'ink' }];
  const who: Piece[] = token ? [...shortly, { text: ` “${token}”`, colour: 'input' }] : shortly;
  const said = (text: string, quiet = false): Piece[] => [
    { text, face: quiet ? 'text' : 'number', colour: quiet ? 'ink-3' : 'ink-2' },
  ];
  if (tile.masked[i])
    return { who, shortly, score: said(`${words.masked}${p === undefined ? '' : `, p = ${value(p)}`}`), weight: [] };
  if (s === undefined) return { who, shortly, score: said(words.notYet, true), weight: [] };
  if (p === undefined || m === undefined) return { who, shortly, score: said(`s = ${value(s)}`), weight: [] };
  const share = softmax.kind === 'direct' && l !== undefined ? ` / ${value(l)}` : '';
  const sum = `p = ${words.exp}(${value(s)} − ${m < 0 ? `(${value(m)})` : value(m)})${share} = `;
  const weight: Piece[] = [...said(sum), { text: value(p), face: 'bold-number', colour: 'ink', name: 'p' }];
  return { who, shortly, score: said(`s = ${value(s)}`), weight };
}
