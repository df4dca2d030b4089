// What the parts of the softmax view share: sizes, colours, words and events; and what a part is.
import type { CellRef } from '../../../frame/cell';
import type { Frame, SoftmaxFrame, SoftmaxTile } from '../../../frame/frame-types';
import type { speak } from '../../../words';
import { value } from '../../../ui/format';
import type { Ink } from './pen';
import type { softmaxWords } from './softmax.words';
import type { ViewEvents } from '../../view';

/** CSS pixels. The style sheet has the heights as custom properties. */
export interface Size {
  /** Width of a part. */
  width: number;
  /** Heights: of the two charts, of a curve over the tiles, of the keys' names, and of the arithmetic under them. */
  scores: number;
  weights: number;
  curve: number;
  band: number;
  reading: number;
}

export interface Drawing {
  /** Changed in place when the room changes. */
  size: Size;
  words: ReturnType<typeof speak<typeof softmaxWords>>;
  signed: Uint32Array;
  unit: Uint32Array;
  ink: Ink;
  tokens: readonly string[] | undefined;
  /** Whether O, m and l of rows are kept in HBM from tile to tile, O divided by l each time. */
  inHbm: boolean;
  /** Provenance marks for what the kernel wrote and for what the page worked out. */
  captured: string;
  computed: string;
  /** What changes scores before their softmax, by name and in a sentence; empty where nothing does. */
  shaped: { name: string; means: string };
  /** The name of a phase as the page says it. */
  phase(name: string): string;
  on: ViewEvents;
}

/** What is drawn in one step. */
export interface Now {
  frame: Frame;
  softmax: SoftmaxFrame;
  /** The current one. */
  tile: SoftmaxTile;
}

/** A standing part of the picture. */
export interface Part {
  element: HTMLElement;
  show(now: Now): void;
  /** Says in words, for screen readers, what was shown last. */
  rest(): void;
}

/**
 * Moves along a range by the arrow keys, Home and End, or to a neighbouring row by up and down; false when the key
 * means nothing here.
 */
export function moved(
  d: Drawing,
  now: Now,
  event: KeyboardEvent,
  at: number,
  from: number,
  to: number,
  go: (to: number) => void,
): boolean {
  const goal = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: from, End: to }[event.key];
  if (goal !== undefined) go(Math.max(from, Math.min(to, goal)));
  else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
    const next = now.softmax.row + (event.key === 'ArrowUp' ? -1 : 1);
    if (next >= 0 && next < now.frame.trace.header.run.shape.queries) d.on.row(next);
  } else return false;
  return true;
}

/** A key of the tile in words, for screen readers. */
export function keyText({ words, tokens }: Drawing, tile: SoftmaxTile, key: number, role: 'S' | 'P'): string {
  const i = key - tile.from;
  const x = role === 'S' ? tile.s[i] : tile.p[i];
  const told = tile.masked[i]
    ? words.masked
    : x === undefined
      ? words.notYet
      : `${role === 'S' ? 's' : 'p'} = ${value(x)}`;
  return `${words.key} ${key}${tokens?.[key] ? ` “${tokens[key]}”` : ''}${words.colon}${told}`;
}

/** The key under the pointer or focus, from whichever view it came. */
export function cellOfRow({ frame, softmax }: Now, ...roles: CellRef['role'][]): CellRef | undefined {
  const { cell } = frame.selection;
  return cell && cell.row === softmax.row && roles.includes(cell.role) ? cell : undefined;
}

/** Rough width of a text at 13 px: a Han character is a full em. */
export const textWidth = (text: string): number =>
  [...text].reduce((sum, c) => sum + (c.charCodeAt(0) > 0x2e80 ? 13.5 : 7.4), 0);
