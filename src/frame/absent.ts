// Why a cell has no value at the cursor: told from what every workgroup touched, so that "not yet" is said only of what
// still comes.
import { sees } from '../ops/attention/shape';
import type { Role } from '../ops/layout';
import type { CellRef } from './cell';
import type { Rect } from './frame-types';
import { holds, within } from './chip';
import { blockOf } from './arrays';
import { axesOf, isPairs } from './axes';
import { around, shownAs, touchesOf } from './places';
import type { PassScene, Scene } from './scene';

/**
 * `now`: this workgroup has not got there yet. `later`: another one writes it, after this one. `gone`: it lived on chip
 * while another one ran, and nothing keeps it. `skipped`: no workgroup computes it, since the mask hides what it would
 * come from. `none`: this kernel has no such number. `capturing`: it is not known yet.
 */
export interface Absent {
  why: 'now' | 'later' | 'gone' | 'skipped' | 'none' | 'capturing';
  /** Id of the other workgroup, and the pass that it belongs to. */
  workgroup?: number;
  pass?: number;
}

interface Reach {
  rows: Rect | undefined;
  keys: Rect | undefined;
}

const reaches = new WeakMap<PassScene, readonly Reach[]>();

/**
 * Query rows and keys of each workgroup of a pass, in playback order: those that it read of tensors whose rows they
 * are, else the rows that it wrote.
 */
function reachOf(scene: Scene, pass: PassScene): readonly Reach[] {
  const known = reaches.get(pass);
  if (known) return known;
  const { phases, totals, bindings } = pass.pass;
  const along = bindings.map(shownAs);
  const made = Array.from(pass.order, (workgroup, position) => {
    let [rows, keys]: (Rect | undefined)[] = [];
    for (const { id } of phases) {
      const { reads } = touchesOf(pass.pass, totals, workgroup * phases.length + id, scene.trace.header.run.shape);
      for (const { axis, shown } of along) {
        const rect = reads[shown];
        if (rect && axis === 'query') rows = around(rows, rect);
        if (rect && axis === 'key') keys = around(keys, rect);
      }
    }
    return { rows: rows ?? blockOf(pass, position, undefined), keys };
  });
  reaches.set(pass, made);
  return made;
}

/**
 * Whether a phase that the workgroup went through writes the role: one that sees no key goes through few. Where that
 * was not captured, it does.
 */
function writes({ pass, order, layouts }: PassScene, position: number, role: Role): boolean {
  const captured = pass.captured.find(({ workgroup }) => workgroup === order[position]);
  if (!captured) return true;
  return pass.writers.some(({ array, phase }) => {
    const named = layouts[pass.arrays[array]?.name ?? '']?.role;
    const said = typeof named === 'string' ? named : named?.[pass.phases[phase]?.name ?? ''];
    return said === role && captured.order.includes(phase);
  });
}

/** Whether the workgroup at `position` makes the cell, in HBM or on chip. */
function makes(scene: Scene, pass: PassScene, position: number, { role, row, col }: CellRef): boolean {
  if (scene.tensors.has(role)) return within(pass.wrote[role]?.[position], row, col);
  if (!holds(pass, role)) return false;
  const { rows, keys } = reachOf(scene, pass)[position] ?? {};
  if (rows === undefined || row < rows.r0 || row > rows.r1) return false;
  // A block that sees no key may have loaded some ahead, and then computes nothing of them.
  if (!writes(pass, position, role)) return false;
  if (!isPairs(axesOf(scene.trace, role))) return true;
  const paged = pass.pass.bindings.some(({ planesOf }) => planesOf === 'blocks');
  // Through a block table no range of keys is known: there a workgroup is for one row, and reads what that row sees.
  return paged ? sees(scene.trace.header.run.shape, row, col) : keys !== undefined && col >= keys.r0 && col <= keys.r1;
}

/** Why the cell has no value at the end of the phases done so far by the workgroup at `position` of a pass. */
export function absentAt(scene: Scene, passIndex: number, position: number, cell: CellRef, known: boolean): Absent {
  const found: { pass: number; position: number }[] = [];
  for (const [p, pass] of scene.passes.entries()) {
    for (let at = 0; at < pass.order.length; at++)
      if (makes(scene, pass, at, cell)) found.push({ pass: p, position: at });
  }
  const { role, row, col } = cell;
  if (found.length === 0) {
    const hidden = isPairs(axesOf(scene.trace, role))
      ? !sees(scene.trace.header.run.shape, row, col)
      : // A number on the chip that no workgroup ever makes is of a row that sees nothing.
        scene.passes.some((pass) => holds(pass, role));
    return { why: hidden ? 'skipped' : 'none' };
  }
  if (found.some((one) => one.pass === passIndex && one.position === position))
    return { why: known ? 'now' : 'capturing' };
  const next = found.find((one) => one.pass > passIndex || (one.pass === passIndex && one.position > position));
  const other = next ?? found.at(-1);
  if (!other) return { why: 'none' };
  return {
    why: next ? 'later' : 'gone',
    workgroup: scene.passes[other.pass]?.order[other.position] ?? 0,
    pass: other.pass,
  };
}
