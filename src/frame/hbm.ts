// What is written in HBM at the cursor, and by whom: an earlier pass, an earlier workgroup, or this one so far.
import type { TensorId } from '../ops/op';
import { placeOf, within, type Place } from './chip';
import type { Rect } from './frame-types';
import { workgroupScene, writtenBefore, type PassScene, type Scene } from './scene';

/** How far the replay has come: the end of phase k of the workgroup at a position of a pass. */
export interface Point {
  pass: number;
  position: number;
  k: number;
}

/** Whether cell [row, col] of a tensor that is no input is written at the cursor. */
export function hbmWritten(
  scene: Scene,
  id: TensorId,
  { pass: passIndex, position, k }: Point,
  row: number,
  col: number,
): boolean {
  for (let p = 0; p < passIndex; p++) if (scene.passes[p]?.wrote[id]) return true;
  const pass = scene.passes[passIndex];
  if (!pass?.wrote[id]) return false;
  if (earlierRects(pass, id, position).some((rect) => within(rect, row, col))) return true;
  const captured = pass.pass.captured.find((c) => c.workgroup === pass.order[position]);
  if (!captured) return false;
  const { touches } = workgroupScene(pass, captured, scene.trace);
  return touches.slice(0, k + 1).some((t) => within(t.writes[id], row, col));
}

let lastRects: { pass: PassScene; id: TensorId; position: number; rects: Rect[] } | undefined;

/** Joined rectangles of earlier workgroups; the last answer is kept, for a row asks once a cell. */
function earlierRects(pass: PassScene, id: TensorId, position: number): Rect[] {
  if (lastRects?.pass !== pass || lastRects.id !== id || lastRects.position !== position) {
    lastRects = { pass, id, position, rects: writtenBefore(pass, id, position) };
  }
  return lastRects.rects;
}

/** The last pass at or before the cursor that wrote a tensor, and the workgroup of it that wrote the cell. */
export function writerOf(
  scene: Scene,
  id: TensorId,
  { pass: passIndex, position }: Point,
  row: number,
  col: number,
): { pass: number; position: number } | undefined {
  const p = scene.passes.findLastIndex((one, i) => i <= passIndex && one.wrote[id]);
  const pass = scene.passes[p];
  if (!pass) return undefined;
  const last = p < passIndex ? pass.order.length - 1 : position;
  const from = (pass.wrote[id] ?? []).findLastIndex((rect, at) => at <= last && within(rect, row, col));
  return from < 0 ? undefined : { pass: p, position: from };
}

/** The workgroup that wrote a cell that stands in HBM, and its phase that did; undefined where it was not captured. */
export function storeOf(
  scene: Scene,
  id: TensorId,
  point: Point,
  row: number,
  col: number,
): { at: Place; phase: number } | undefined {
  const found = writerOf(scene, id, point, row, col);
  const at = found && placeOf(scene, found.pass, found.position);
  if (!at) return undefined;
  const here = found.pass === point.pass && found.position === point.position;
  const { touches } = at.index;
  const phase = touches.findLastIndex((one, j) => (!here || j <= point.k) && within(one.writes[id], row, col));
  return phase < 0 ? undefined : { at, phase };
}
