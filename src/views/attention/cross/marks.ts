// What is marked on the matrices: the live tile outlined across all of them, reads and writes of the step, the chosen
// row, the inputs of the cell that is pointed at; and the masked cells. Marks are data, so that tests can read them;
// `cross-board.ts` paints them.
import { sees, type Shape } from '../../../ops/attention/shape';
import type { Frame, Rect } from '../../../frame/frame-types';
import { boundsOf, freshArray, inHbm, liveTile, middleRole, roleAtSpot, SPOTS, type Spot } from './cells';
import type { Place } from './layout';
import { boxOf, grown } from '../../shared/place';
import { type Box } from '../../../ui/paint/box';
import { clip } from './region';

/** Colour says which thing, dash and tag say the same again without colour. */
export type MarkKind = 'live' | 'read' | 'write' | 'row' | 'input' | 'cell';

export interface Mark {
  id: string;
  kind: MarkKind;
  spot: Spot;
  rect: Rect;
  /** Corner tag: R read, W written in this step. */
  tag: '' | 'R' | 'W' | 'RW';
}

type Places = Readonly<Record<Spot, Place>>;

/** All marks of a frame, lowest first. */
export function marksOf(frame: Frame, choice?: 'S' | 'P'): Mark[] {
  return [...rowMarks(frame, choice), ...SPOTS.flatMap((spot) => touched(frame, spot, choice)), ...linked(frame)];
}

function touched(frame: Frame, spot: Spot, choice?: 'S' | 'P'): Mark[] {
  const bounds = boundsOf(spot, frame.trace.header.run.shape);
  const { live, reads, writes } = spot === 'S' ? middleTouches(frame, choice) : sideTouches(frame, spot);
  const rect = clip(writes ?? reads ?? live ?? { r0: 0, r1: -1, c0: 0, c1: -1 }, bounds);
  if (!rect) return [];
  const tag = reads && writes ? 'RW' : writes ? 'W' : reads ? 'R' : '';
  return [{ id: `tile-${spot}`, kind: writes ? 'write' : reads ? 'read' : 'live', spot, rect, tag }];
}

interface Touches {
  live?: Rect | undefined;
  reads?: Rect | undefined;
  writes?: Rect | undefined;
}

function sideTouches(frame: Frame, spot: Exclude<Spot, 'S'>): Touches {
  const tensor = frame.tensors[spot];
  if (spot !== 'O') return { live: tensor?.live, reads: tensor?.reads, writes: tensor?.writes };
  const acc = frame.arrays.find((a) => a.space === 'invocation' && a.role === 'O');
  const rows = frame.pass.bindings.some((b) => b.tensor === 'O') && frame.workgroup ? frame.block : undefined;
  return { live: tensor?.live ?? rows, writes: tensor?.writes ?? (acc?.writes ? rows : undefined) };
}

function middleTouches(frame: Frame, choice?: 'S' | 'P'): Touches {
  const live = liveTile(frame, choice);
  if (inHbm(frame)) {
    const [mine, other] =
      middleRole(frame, choice) === 'P' ? [frame.tensors.P, frame.tensors.S] : [frame.tensors.S, frame.tensors.P];
    return { live, reads: mine?.reads ?? other?.reads, writes: mine?.writes };
  }
  const fresh = freshArray(frame);
  return { live, reads: fresh?.reads ? live : undefined, writes: fresh?.writes ? live : undefined };
}

function rowMarks(frame: Frame, choice?: 'S' | 'P'): Mark[] {
  const { row } = frame.selection;
  const { shape } = frame.trace.header.run;
  if (row < 0 || row >= shape.queries) return [];
  const last = inHbm(frame) ? shape.keys - 1 : (liveTile(frame, choice)?.c1 ?? -1);
  const across: readonly [Spot, number][] = [
    ['Q', shape.dim - 1],
    ['S', last],
    ['O', shape.dim - 1],
  ];
  return across.flatMap(([spot, c1]) =>
    c1 < 0
      ? []
      : [{ id: `row-${spot}`, kind: 'row' as const, spot, rect: { r0: row, r1: row, c0: 0, c1 }, tag: '' as const }],
  );
}

function linked(frame: Frame): Mark[] {
  const { explanation, selection } = frame;
  const { shape } = frame.trace.header.run;
  const marks: Mark[] = [];
  for (const [i, { tensor, rect }] of (explanation?.inputs ?? []).entries()) {
    const spot = roleAtSpot(tensor);
    const inside = spot && clip(rect, boundsOf(spot, shape));
    if (spot && inside) marks.push({ id: `input-${i}`, kind: 'input', spot, rect: inside, tag: '' });
  }
  const spot = selection.cell && roleAtSpot(selection.cell.role);
  if (selection.cell && spot) {
    const { row, col } = selection.cell;
    marks.push({ id: 'cell', kind: 'cell', spot, rect: { r0: row, r1: row, c0: col, c1: col }, tag: '' });
  }
  return marks;
}

const SMALLEST: Record<MarkKind, number> = { live: 6, read: 6, write: 6, row: 4, input: 6, cell: 9 };

/** A mark where it is painted, with the corner of its tag. */
export type Shown = Mark & { box: Box; at: readonly [number, number] };

/** The marks that these places show, each in its box; of a window only what lies in it. */
export function placed(marks: readonly Mark[], places: Partial<Places>): Shown[] {
  return marks.flatMap((mark): Shown[] => {
    const place = places[mark.spot];
    const rect = place && clip(mark.rect, place.window);
    if (!place || !rect) return [];
    const box = grown(boxOf(place, rect), SMALLEST[mark.kind]);
    return [{ ...mark, box, at: tagAt(box, mark.tag, place) }];
  });
}

/** Width of a tag. */
export const tagWidth = (tag: string): number => 8 + 9 * tag.length;

export const TAG_HEIGHT = 18;

/** A tag sits in its outline's corner; in the middle, whose cells matter most, above it, beside it or below it. */
function tagAt(box: Box, tag: string, place: Place | undefined): readonly [number, number] {
  const wide = tagWidth(tag);
  if (place?.spot !== 'S') {
    // At the far edges of the drawing it moves in: half a letter says neither R nor W.
    const [right, bottom] = place ? [place.x + place.w - wide, place.y + place.h - TAG_HEIGHT] : [Infinity, Infinity];
    return [Math.min(box.x - 2, right), Math.min(box.y - 2, bottom)];
  }
  if (box.y - place.y >= 18) return [box.x - 2, box.y - 18];
  return box.x + box.w + wide < place.x + place.w ? [box.x + box.w + 2, box.y - 2] : [box.x - 2, box.y + box.h];
}

/**
 * The masked cells of a window as one path. Exact where a cell has pixels of its own; sampled above 512 cells a side.
 */
export function maskPath(shape: Shape, place: Place): string {
  const { window } = place;
  const stepR = Math.ceil((window.r1 - window.r0 + 1) / 512);
  const stepC = Math.ceil((window.c1 - window.c0 + 1) / 512);
  let path = '';
  for (let r = window.r0; r <= window.r1; r += stepR) {
    let from = -1;
    for (let c = window.c0; c <= window.c1 + stepC; c += stepC) {
      const masked = c <= window.c1 && !sees(shape, r, c);
      if (masked && from < 0) from = c;
      if (masked || from < 0) continue;
      const rect = { r0: r, r1: Math.min(window.r1, r + stepR - 1), c0: from, c1: Math.min(window.c1, c - 1) };
      const box = boxOf(place, rect);
      path += `M${box.x} ${box.y}h${box.w}v${box.h}h${-box.w}z`;
      from = -1;
    }
  }
  return path;
}
