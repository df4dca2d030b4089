// What the parts of the softmax view share while they draw one frame: width, colours, words, the focused cell and the events.
import type { CellRef } from '../capture/cell';
import type { SoftmaxTile } from '../capture/frame-types';
import type { speak } from '../words';
import { value } from './format';
import type { Ink } from './softmax-plot';
import type { ViewEvents } from './view';
import type { softmaxWords } from './softmax.words';

export interface Drawing {
  /** Width of a part in CSS pixels. */
  width: number;
  /** Height to spare in CSS pixels, which the charts share. */
  spare: number;
  words: ReturnType<typeof speak<typeof softmaxWords>>;
  signed: Uint32Array;
  unit: Uint32Array;
  theme: 'dark' | 'light';
  ink: Ink;
  tokens: readonly string[] | undefined;
  cell: CellRef | undefined;
  /** Provenance marks for what the kernel wrote and for what the page worked out. */
  captured: string;
  computed: string;
  on: ViewEvents;
  /** Moves along a range by the arrow keys, or to another row; false when the key means nothing here. */
  step(event: KeyboardEvent, now: number, from: number, to: number, go: (to: number) => void): boolean;
  /** A key of the tile in words, for screen readers. */
  keyText(tile: SoftmaxTile, key: number, role: 'S' | 'P'): string;
}

/** How `Drawing.step` moves: left and right along the range, Home and End to its ends, up and down to the neighbouring rows. */
export function stepper(row: number, rows: number, on: ViewEvents): Drawing['step'] {
  return (event, now, from, to, go) => {
    const goal = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: from, End: to }[event.key];
    if (goal !== undefined) go(Math.max(from, Math.min(to, goal)));
    else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      const next = row + (event.key === 'ArrowUp' ? -1 : 1);
      if (next >= 0 && next < rows) on.row(next);
    } else return false;
    return true;
  };
}

/** `Drawing.keyText` for these words and tokens. */
export function keyTeller(words: Drawing['words'], tokens: readonly string[] | undefined): Drawing['keyText'] {
  return (tile, key, role) => {
    const i = key - tile.from;
    const x = role === 'S' ? tile.s[i] : tile.p[i];
    const told = tile.masked[i] ? words.masked : x === undefined ? words.notYet : `${role === 'S' ? 's' : 'p'} = ${value(x)}`;
    return `${words.key} ${key}${tokens?.[key] ? ` “${tokens[key]}”` : ''}: ${told}`;
  };
}
