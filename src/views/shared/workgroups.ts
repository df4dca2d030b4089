// Which workgroups of a pass work for the plane on screen, in playback order, and which rows are whose: as they wrote
// them, not by formula.
import type { Frame, Rect } from '../../frame/frame-types';
import { sceneOf, type PassScene } from '../../frame/scene';

const passOf = (frame: Frame): PassScene | undefined => sceneOf(frame.trace, frame.plane).passes[frame.cursor.pass];

/** Position of the frame's workgroup among those of its plane, their count, and the id at any position. */
export function workgroupsOf(frame: Frame): { position: number; count: number; idAt(position: number): number } {
  const pass = passOf(frame);
  const here = frame.cursor.workgroup;
  return {
    position: pass?.positionOf.get(here) ?? 0,
    count: Math.max(1, pass?.order.length ?? 1),
    idAt: (position) => pass?.order[position] ?? here,
  };
}

/**
 * The workgroup of this pass and plane that writes `row`, in the same columns as the current one where the pass cuts
 * columns too.
 */
export function workgroupOfRow(frame: Frame, row: number): number | undefined {
  const pass = passOf(frame);
  if (!pass) return undefined;
  const holds = (rect: Rect): boolean => row >= rect.r0 && row <= rect.r1;
  for (const [tensor, rects] of Object.entries(pass.wrote)) {
    // A number of a row says nothing of columns.
    if (pass.pass.bindings.find((bound) => bound.tensor === tensor)?.axes[1] === 'one') continue;
    const same = rects.findIndex((rect) => holds(rect) && rect.c0 === frame.block.c0);
    const any = same >= 0 ? same : rects.findIndex(holds);
    if (any >= 0) return pass.order[any];
  }
  return undefined;
}
