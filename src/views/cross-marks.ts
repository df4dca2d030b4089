// What lies over and under the canvases as SVG: masks, the live tile outlined across all matrices, reads and writes of the step, the chosen
// row, and the inputs of the cell that is pointed at. Marks are data first, so that tests can read them.
import { select } from 'd3';
import { sees, type Shape } from '../attention/shape';
import type { Frame, Rect } from '../capture/frame-types';
import { boundsOf, inHbm, liveTile, middleRole, roleAtSpot, SPOTS, type Spot } from './cross-cells';
import { boxOf, grown, type Box, type Place } from './cross-layout';
import { clip } from './cross-region';

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
  return [...SPOTS.flatMap((spot) => touched(frame, spot, choice)), ...rowMarks(frame, choice), ...linked(frame)];
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
    const [mine, other] = middleRole(frame, choice) === 'P' ? [frame.tensors.P, frame.tensors.S] : [frame.tensors.S, frame.tensors.P];
    return { live, reads: mine?.reads ?? other?.reads, writes: mine?.writes };
  }
  const array = frame.arrays.find((a) => a.space === 'workgroup' && (a.role === 'S' || a.role === 'P'));
  const here = array && live && array.col0 === live.c0;
  return { live, reads: here && array.reads ? live : undefined, writes: here && array.writes ? live : undefined };
}

function rowMarks(frame: Frame, choice?: 'S' | 'P'): Mark[] {
  const { row } = frame.gaze;
  const { shape } = frame.trace.header.run;
  if (row < 0 || row >= shape.queries) return [];
  const last = inHbm(frame) ? shape.keys - 1 : (liveTile(frame, choice)?.c1 ?? -1);
  const across: readonly [Spot, number][] = [['Q', shape.dim - 1], ['S', last], ['O', shape.dim - 1]];
  return across.flatMap(([spot, c1]) => (c1 < 0 ? [] : [{ id: `row-${spot}`, kind: 'row' as const, spot, rect: { r0: row, r1: row, c0: 0, c1 }, tag: '' as const }]));
}

function linked(frame: Frame): Mark[] {
  const { explanation, gaze } = frame;
  const { shape } = frame.trace.header.run;
  const marks: Mark[] = [];
  for (const [i, { tensor, rect }] of (explanation?.inputs ?? []).entries()) {
    const spot = roleAtSpot(tensor);
    const inside = spot && clip(rect, boundsOf(spot, shape));
    if (spot && inside) marks.push({ id: `input-${i}`, kind: 'input', spot, rect: inside, tag: '' });
  }
  const spot = gaze.cell && roleAtSpot(gaze.cell.role);
  if (gaze.cell && spot) {
    const { row, col } = gaze.cell;
    marks.push({ id: 'cell', kind: 'cell', spot, rect: { r0: row, r1: row, c0: col, c1: col }, tag: '' });
  }
  return marks;
}

const SMALLEST: Record<MarkKind, number> = { live: 6, read: 6, write: 6, row: 4, input: 6, cell: 9 };

/** Draws marks at their places; only what a window shows. */
export function drawMarks(svg: SVGSVGElement, marks: readonly Mark[], places: Partial<Places>): void {
  const shown = marks.flatMap((mark) => {
    const place = places[mark.spot];
    const rect = place && clip(mark.rect, place.window);
    return place && rect ? [{ ...mark, box: grown(boxOf(place, rect), SMALLEST[mark.kind]), cut: rect }] : [];
  });
  const groups = select(svg)
    .selectAll<SVGGElement, (typeof shown)[number]>('g.mark')
    .data(shown, (d) => d.id)
    .join((enter) => {
      const g = enter.append('g');
      g.append('rect').attr('class', 'halo');
      g.append('rect').attr('class', 'line');
      return g;
    })
    .attr('class', (d) => `mark ${d.kind} at-${d.spot}`)
    .order();
  for (const part of ['halo', 'line'] as const) {
    groups
      .select(`rect.${part}`)
      .attr('x', (d) => d.box.x - 1)
      .attr('y', (d) => d.box.y - 1)
      .attr('width', (d) => d.box.w + 2)
      .attr('height', (d) => d.box.h + 2);
  }
  const tags = shown.filter((d) => d.tag !== '');
  select(svg)
    .selectAll<SVGGElement, (typeof shown)[number]>('g.tag')
    .data(tags, (d) => d.id)
    .join((enter) => {
      const g = enter.append('g');
      g.append('rect').attr('height', 18).attr('rx', 3);
      g.append('text').attr('y', 14).attr('x', 4);
      return g;
    })
    .attr('class', (d) => `tag ${d.kind} at-${d.spot}`)
    .attr('transform', (d) => `translate(${tagAt(d.box).join(' ')})`)
    .call((g) => g.select('rect').attr('width', (d) => 8 + 9 * d.tag.length))
    .call((g) => g.select('text').text((d) => d.tag));
}

/** A tag sits on the outline's upper left corner, so that it hides little. */
const tagAt = (box: Box): readonly [number, number] => [Math.max(0, box.x - 2), Math.max(0, box.y - 17)];

/** The masked cells of a window as one path. Exact where a cell has pixels of its own; sampled above 512 cells a side. */
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
