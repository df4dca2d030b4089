// The marks of the cross as one canvas over its matrices: outlines that move at every step cost nothing to lay out
// there.
import type { Spot } from './cells';
import { inkOf, sizeCanvas, stamp } from '../../../ui/paint/ink';
import { placed, TAG_HEIGHT, tagWidth, type Mark, type MarkKind, type Shown } from './marks';
import type { Place } from './layout';
import type { Box } from '../../../ui/paint/box';

type Ink = Record<'input' | 'live' | 'reg' | 'ink' | 'focus' | 'panel' | 'mono', string>;

export interface Board {
  canvas: HTMLCanvasElement;
  /** Takes a size in CSS pixels; what was painted is gone. */
  size(width: number, height: number): void;
  /** Paints the marks that these places show, and nothing when they are what stands there. */
  show(marks: readonly Mark[], places: Partial<Readonly<Record<Spot, Place>>>): void;
}

const painted = new WeakMap<Element, readonly Shown[]>();

/** The marks that a board shows, lowest first. */
export const marksOn = (canvas: Element): readonly Shown[] => painted.get(canvas) ?? [];

/** Colour says which matrix, dash and width what happens in it. */
const WIDTH: Record<MarkKind, number> = { live: 1.25, read: 2, write: 2, row: 1, input: 2, cell: 2.5 };
const DASH: Partial<Record<MarkKind, readonly number[]>> = { read: [6, 4], input: [2, 3] };
const HALO = 4;
const ROW_HALO = 2.5;

const widthOf = ({ kind, spot }: Shown): number => (kind === 'live' && spot === 'S' ? 2 : WIDTH[kind]);

const ofSpot = (spot: Spot, ink: Ink): string => (spot === 'S' ? ink.live : spot === 'O' ? ink.reg : ink.input);

function colourOf({ kind, spot }: Shown, ink: Ink): string {
  if (kind === 'row') return ink.ink;
  return kind === 'input' || kind === 'cell' ? ink.focus : ofSpot(spot, ink);
}

/** @param host an element whose custom properties give the colours; @param tagged whether corners say R and W */
export function makeBoard(name: string, host: Element, tagged: boolean): Board {
  const canvas = document.createElement('canvas');
  canvas.className = name;
  canvas.ariaHidden = 'true';
  const ink = inkOf(host, 'input', 'live', 'reg', 'ink', 'focus', 'panel', 'mono');
  const context = canvas.getContext('2d');
  let [width, height] = [0, 0];
  let key = '';

  const outline = (mark: Shown, colour: string, wide: number): void => {
    const { box } = mark;
    if (!context) return;
    context.strokeStyle = colour;
    context.lineWidth = wide;
    context.strokeRect(box.x - 1, box.y - 1, box.w + 2, box.h + 2);
  };

  const paint = (mark: Shown): void => {
    if (!context) return;
    context.setLineDash([]);
    context.globalAlpha = 0.75;
    outline(mark, ink.panel, mark.kind === 'row' ? ROW_HALO : HALO);
    context.globalAlpha = 1;
    context.setLineDash([...(DASH[mark.kind] ?? [])]);
    outline(mark, colourOf(mark, ink), widthOf(mark));
  };

  const tags = new Map<string, ImageBitmap>();
  const tagOf = (tag: string, colour: string): ImageBitmap => {
    const made = tags.get(tag + colour) ?? stamp(tagWidth(tag), TAG_HEIGHT, (pen) => paintTag(pen, tag, colour, ink));
    tags.set(tag + colour, made);
    return made;
  };
  const label = ({ tag, at: [x, y], spot }: Shown): void => {
    if (tag !== '') context?.drawImage(tagOf(tag, ofSpot(spot, ink)), x, y, tagWidth(tag), TAG_HEIGHT);
  };

  return {
    canvas,
    size(wide, high) {
      [width, height] = [wide, high];
      sizeCanvas(canvas, wide, high);
      tags.clear();
      key = '';
    },
    show(marks, places) {
      const shown = placed(marks, places);
      const now = shown.map(keyOf).join(';');
      if (now === key) return;
      key = now;
      painted.set(canvas, shown);
      context?.clearRect(0, 0, width, height);
      for (const mark of shown) paint(mark);
      if (tagged) for (const mark of shown) label(mark);
    },
  };
}

function paintTag(pen: OffscreenCanvasRenderingContext2D, tag: string, colour: string, ink: Ink): void {
  pen.fillStyle = colour;
  pen.beginPath();
  pen.roundRect(0, 0, tagWidth(tag), TAG_HEIGHT, 3);
  pen.fill();
  pen.fillStyle = ink.panel;
  pen.font = `700 13px ${ink.mono}`;
  pen.fillText(tag, 4, 14);
}

const ofBox = ({ x, y, w, h }: Box): string => `${x},${y},${w},${h}`;

const keyOf = ({ kind, spot, tag, box }: Shown): string => `${kind}${spot}${tag}${ofBox(box)}`;
