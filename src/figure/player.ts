// Playback as pure functions: from one cursor to the next or previous by workgroup, tile, phase or source line. The
// order of workgroups is ours (ascending, of one plane); the GPU promises none.
import { clampCursor } from '../frame/frame-now';
import { sceneOf, workgroupScene, type Scene } from '../frame/scene';
import type { Cursor, Rect } from '../frame/frame-types';
import { isOwn, type CapturedWorkgroup, type Trace } from '../trace/trace';
import type { Granularity } from '../views/strip/strip';

export type Direction = 1 | -1;

/** Stands for the last phase of a workgroup whose phases are not known yet. */
export const LAST_PHASE = 0xffff;

/** What stepping needs to know of a captured workgroup. */
interface Track {
  captured: CapturedWorkgroup;
  phases: number;
  /** Tile number and static phase of each executed phase. */
  tile: ArrayLike<number>;
  id: ArrayLike<number>;
}

export const capturedAt = (trace: Trace, pass: number, workgroup: number): CapturedWorkgroup | undefined =>
  trace.passes[pass]?.captured.find((c) => c.workgroup === workgroup);

function trackOf(trace: Trace, plane: number, cursor: Cursor): Track | undefined {
  const scene = sceneOf(trace, plane).passes[cursor.pass];
  const captured = capturedAt(trace, cursor.pass, cursor.workgroup);
  if (!scene || !captured) return undefined;
  return {
    captured,
    phases: captured.order.length,
    tile: workgroupScene(scene, captured, trace).tile,
    id: captured.order,
  };
}

/** Entries of the thread's log in a phase; 0 when that thread was not captured. */
export function linesIn(captured: CapturedWorkgroup, phase: number, thread: number): number {
  if (!captured.lines || captured.lines.invocation !== thread) return 0;
  return (captured.lines.starts[phase + 1] ?? 0) - (captured.lines.starts[phase] ?? 0);
}

/**
 * The nearest cursor that exists in this trace, its line too. A phase of a workgroup that is not captured yet is kept
 * as it is.
 */
export function existing(trace: Trace, plane: number, cursor: Cursor, thread: number): Cursor {
  const { pass, workgroup, phase, line } = clampCursor(trace, cursor, plane);
  const captured = capturedAt(trace, pass, workgroup);
  const lines = captured ? linesIn(captured, phase, thread) : 0;
  return line === undefined || lines === 0
    ? { pass, workgroup, phase }
    : { pass, workgroup, phase, line: Math.min(line, lines - 1) };
}

/** The neighbouring workgroup of the plane in playback order, across passes; undefined at either end. */
export function neighbour(
  scene: Scene,
  cursor: Cursor,
  direction: Direction,
): { pass: number; workgroup: number } | undefined {
  const order = scene.passes[cursor.pass]?.order;
  const position = (scene.passes[cursor.pass]?.positionOf.get(cursor.workgroup) ?? 0) + direction;
  const here = order?.[position];
  if (here !== undefined && position >= 0) return { pass: cursor.pass, workgroup: here };
  const pass = cursor.pass + direction;
  const there = scene.passes[pass]?.order.at(direction > 0 ? 0 : -1);
  return there === undefined ? undefined : { pass, workgroup: there };
}

/** The phase one tile on: the same static phase where the next tile has it, else the first phase of that tile. */
function phaseOfTile(track: Track, phase: number, direction: Direction): number | undefined {
  const wanted = (track.tile[phase] ?? 0) + direction;
  let found: number | undefined;
  for (let k = 0; k < track.phases; k++) {
    if (track.tile[k] !== wanted) continue;
    if (track.id[k] === track.id[phase]) return k;
    found ??= k;
  }
  return found;
}

/**
 * Enters a workgroup from outside: its first phase going on, its last going back; by line, at the first or last entry.
 */
function enter(
  trace: Trace,
  at: { pass: number; workgroup: number },
  by: Granularity,
  direction: Direction,
  thread: number,
): Cursor {
  const phase = direction > 0 && by !== 'workgroup' ? 0 : LAST_PHASE;
  const captured = capturedAt(trace, at.pass, at.workgroup);
  const known = captured ? Math.min(phase, captured.order.length - 1) : phase;
  const lines = by === 'line' && captured ? linesIn(captured, known, thread) : 0;
  return lines === 0 ? { ...at, phase: known } : { ...at, phase: known, line: direction > 0 ? 0 : lines - 1 };
}

/**
 * One line on or back inside the workgroup; undefined at its end. No `line` means the end of the phase, after its last
 * entry.
 */
function byLine(track: Track, cursor: Cursor, direction: Direction, thread: number): Cursor | undefined {
  const count = linesIn(track.captured, cursor.phase, thread);
  const line = (cursor.line ?? count - 1) + direction;
  if (count > 0 && line >= 0 && line < count) return { ...cursor, line };
  const phase = cursor.phase + direction;
  if (phase < 0 || phase >= track.phases) return undefined;
  const there = linesIn(track.captured, phase, thread);
  const { pass, workgroup } = cursor;
  return there === 0 ? { pass, workgroup, phase } : { pass, workgroup, phase, line: direction > 0 ? 0 : there - 1 };
}

/**
 * The cursor one step on or back; undefined at either end of the replay. `cursor` must be one that exists (see
 * existing).
 */
export function step(
  trace: Trace,
  plane: number,
  cursor: Cursor,
  by: Granularity,
  direction: Direction,
  thread: number,
): Cursor | undefined {
  const track = trackOf(trace, plane, cursor);
  const { pass, workgroup } = cursor;
  if (track && by === 'line') {
    const next = byLine(track, cursor, direction, thread);
    if (next) return next;
  }
  if (track && by === 'phase') {
    const phase = cursor.phase + direction;
    if (phase >= 0 && phase < track.phases) return { pass, workgroup, phase };
  }
  if (track && by === 'tile') {
    const phase = phaseOfTile(track, cursor.phase, direction);
    if (phase !== undefined) return { pass, workgroup, phase };
    const end = direction > 0 ? track.phases - 1 : 0;
    if (cursor.phase !== end) return { pass, workgroup, phase: end };
  }
  const there = neighbour(sceneOf(trace, plane), cursor, direction);
  return there && enter(trace, there, by, direction, thread);
}

/** The first or last step of this workgroup; from there, of the whole replay. */
export function edge(trace: Trace, plane: number, cursor: Cursor, direction: Direction): Cursor {
  const { pass, workgroup } = cursor;
  const last = (capturedAt(trace, pass, workgroup)?.order.length ?? 1) - 1;
  const phase = direction < 0 ? 0 : last;
  if (cursor.phase !== phase || cursor.line !== undefined) return { pass, workgroup, phase };
  const passes = sceneOf(trace, plane).passes;
  const end = direction < 0 ? 0 : passes.length - 1;
  const order = passes[end]?.order;
  return {
    pass: end,
    workgroup: order?.at(direction < 0 ? 0 : -1) ?? workgroup,
    phase: direction < 0 ? 0 : LAST_PHASE,
  };
}

/**
 * The workgroup of the pass that writes query row `row`, in the columns at `col` where several share the row; undefined
 * when none does.
 */
export function workgroupOfRow(trace: Trace, plane: number, pass: number, row: number, col = 0): number | undefined {
  const scene = sceneOf(trace, plane).passes[pass];
  const rects = (scene && Object.values(scene.wrote)[0]) ?? [];
  const inRow = (rect: Rect): boolean => rect.r0 <= row && row <= rect.r1;
  const exact = rects.findIndex((rect) => inRow(rect) && rect.c0 <= col && col <= rect.c1);
  const position = exact >= 0 ? exact : rects.findIndex(inRow);
  return position < 0 ? undefined : scene?.order[position];
}

/**
 * The rows and columns that the workgroup under a cursor writes, in plane coordinates; undefined where that is not
 * known.
 */
export function blockAt(trace: Trace, plane: number, at: { pass: number; workgroup: number }): Rect | undefined {
  const scene = sceneOf(trace, plane).passes[at.pass];
  const position = scene?.positionOf.get(at.workgroup) ?? -1;
  return Object.values(scene?.wrote ?? {})[0]?.[position];
}

/**
 * Where a picture opens when nobody has said where: at the beginning, the first phase of the first workgroup in
 * playback order. Where only a row was asked for, at the first phase of the first workgroup that works on it.
 */
export function openingCursor(trace: Trace, plane: number, row?: number): Cursor {
  const workgroup = row === undefined ? undefined : workgroupOfRow(trace, plane, 0, row);
  return { pass: 0, workgroup: workgroup ?? sceneOf(trace, plane).passes[0]?.order[0] ?? 0, phase: 0 };
}

/**
 * The row of a block that is looked at when nobody has chosen one: low enough in it that a causal mask leaves it
 * something to see.
 */
export const openingRow = ({ r0, r1 }: Pick<Rect, 'r0' | 'r1'>): number => r0 + Math.floor(0.75 * (r1 - r0));

/**
 * The plane that the views show: the chosen one where the trace is the generator's or of files, else the trace's own.
 */
export function planeShown(trace: Trace, choice: { input: string; plane: number }): number {
  const planes = trace.header.run.shape.batch * trace.header.run.shape.heads;
  return choice.input !== 'text' && isOwn(trace.header.provenance) && choice.plane < planes
    ? choice.plane
    : trace.header.plane;
}
