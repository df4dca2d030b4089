// Why a cell has no value at the cursor: told from what every workgroup touched, so that "not yet" is said only of what
// still comes.
import { sees } from '../ops/attention/shape';
import type { Role } from '../ops/layout';
import type { CellRef } from './cell';
import type { Rect } from './frame-types';
import { holds, within } from './chip';
import { around, touchesOf } from './places';
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
 * Query rows and keys of each workgroup of a pass, in playback order: what it read of Q and K, else the rows that it
 * wrote.
 */
function reachOf(scene: Scene, pass: PassScene): readonly Reach[] {
  const known = reaches.get(pass);
  if (known) return known;
  const made = Array.from(pass.order, (workgroup, position) => {
    let [rows, keys]: (Rect | undefined)[] = [];
    for (const { id } of pass.pass.phases) {
      const { reads } = touchesOf(
        pass.pass,
        pass.pass.totals,
        workgroup * pass.pass.phases.length + id,
        scene.trace.header.run.shape,
      );
      if (reads.Q) rows = around(rows, reads.Q);
      if (reads.K) keys = around(keys, reads.K);
    }
    return { rows: rows ?? pass.wrote.P?.[position] ?? pass.wrote.O?.[position], keys };
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
  if (scene.tensors.has(role)) return within(pass.wrote[role as 'S']?.[position], row, col);
  if (!holds(pass, role)) return false;
  const { rows, keys } = reachOf(scene, pass)[position] ?? {};
  if (rows === undefined || row < rows.r0 || row > rows.r1) return false;
  // A block that sees no key may have loaded some ahead, and then computes nothing of them.
  if (!writes(pass, position, role)) return false;
  if (role !== 'S' && role !== 'P') return true;
  const paged = pass.pass.bindings.some(({ tensor }) => tensor === 'KPool');
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
    const hidden = (role === 'S' || role === 'P') && !sees(scene.trace.header.run.shape, row, col);
    const blind = role === 'alpha' && scene.passes.some((pass) => holds(pass, role));
    return { why: hidden || blind ? 'skipped' : 'none' };
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
