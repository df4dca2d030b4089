// Which workgroups of a pass work for the plane on screen, in playback order, and which rows are whose: as they wrote
// them, not by formula.
import type { Frame, Rect } from '../../frame/frame-types';
import { blockAxis } from '../../frame/arrays';
import { sceneOf, type PassScene } from '../../frame/scene';
import type { Dictionary, Language } from '../../words';
import { speak } from '../../words';
import { range, some } from '../../ui/format';

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

const blockWords = {
  keys: {
    en: (from: number, to: number) => some('key', range(from, to)),
    zh: (from: number, to: number) => `第 ${range(from, to)} 个 key`,
  },
  rows: {
    en: (from: number, to: number) => some('row', range(from, to)),
    zh: (from: number, to: number) => `第 ${range(from, to)} 行`,
  },
} as const satisfies Dictionary;

/** The rows or keys that the frame's workgroup owns: "rows 0–15", "keys 16–31" where it owns K and V. */
export function ownedBlock({ trace, cursor, block }: Frame, language: Language): string {
  const words = speak(blockWords, language);
  const pass = trace.passes[cursor.pass];
  return (pass && blockAxis(pass) === 'key' ? words.keys : words.rows)(block.r0, block.r1);
}
