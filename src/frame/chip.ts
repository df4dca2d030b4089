// What a captured workgroup kept on the chip, cell by cell: the newest write of a number at or before a phase, whatever
// array it went to and whatever the array holds by now.
import type { ArrayLayout, Role } from '../ops/layout';
import type { ArrayInfo, CapturedWorkgroup, Filled } from '../trace/trace';
import { arrayAt, blockAxis, blockOf, heldBy } from './arrays';
import type { ArrayFrame, Rect } from './frame-types';
import { workgroupScene, type PassScene, type Scene, type WorkgroupScene } from './scene';

/** Whether a cell lies in a rectangle. */
export const within = (rect: Rect | undefined, row: number, col: number): boolean =>
  rect !== undefined && row >= rect.r0 && row <= rect.r1 && col >= rect.c0 && col <= rect.c1;

/** A captured workgroup and what is known of it. */
export interface Place {
  scene: Scene;
  pass: PassScene;
  captured: CapturedWorkgroup;
  index: WorkgroupScene;
  block: Rect;
}

/** The workgroup at a position of a pass; undefined where it was not captured. */
export function placeOf(scene: Scene, passIndex: number, position: number): Place | undefined {
  const pass = scene.passes[passIndex];
  const captured = pass?.pass.captured.find((one) => one.workgroup === pass.order[position]);
  if (!pass || !captured) return undefined;
  const index = workgroupScene(pass, captured, scene.trace);
  return { scene, pass, captured, index, block: blockOf(pass, position, index) };
}

/** A number on the chip: what it was, when it was written, and by which line. */
export interface OnChip {
  value: number;
  /** Executed phase. */
  phase: number;
  line: number | undefined;
}

export const couldHold = ({ role: named }: ArrayLayout, role: Role): boolean =>
  typeof named === 'string' ? named === role : Object.values(named).includes(role);

/** Whether an array of the pass holds a role, sooner or later. */
export const holds = ({ layouts }: PassScene, role: Role): boolean =>
  Object.values(layouts).some((layout) => couldHold(layout, role));

const holders = new WeakMap<PassScene, Map<Role, readonly (readonly [ArrayInfo, ArrayLayout])[]>>();

function holdersOf(pass: PassScene, role: Role): readonly (readonly [ArrayInfo, ArrayLayout])[] {
  const known = holders.get(pass) ?? new Map<Role, readonly (readonly [ArrayInfo, ArrayLayout])[]>();
  holders.set(pass, known);
  let made = known.get(role);
  if (!made) {
    made = pass.pass.arrays.flatMap((info) => {
      const layout = pass.layouts[info.name];
      return layout && couldHold(layout, role) ? [[info, layout] as const] : [];
    });
    known.set(role, made);
  }
  return made;
}

/** Records of an array at or before phase k, the newest first. */
function* recordsOf({ captured }: Place, info: ArrayInfo, k: number): Generator<Filled> {
  const records = captured.arrays[info.id] ?? [];
  for (let i = records.length - 1; i >= 0; i--) if ((records[i]?.from ?? Infinity) <= k) yield records[i] as Filled;
}

const asOf = (at: Place, info: ArrayInfo, layout: ArrayLayout, k: number): ArrayFrame & { fresh: boolean } =>
  arrayAt(at.pass, at.captured, at.index, info, layout, k, at.block);

/** The role of a number by the phase of the line that wrote it. */
function roleBy({ pass }: Place, { role }: ArrayLayout, writer: number): Role | undefined {
  if (typeof role === 'string') return role;
  return role[pass.pass.phases[pass.pass.writers[writer - 1]?.phase ?? -1]?.name ?? ''];
}

/** The number of cell [row, col] of a role as one array held it, written last at or before phase k. */
function inArray(
  at: Place,
  info: ArrayInfo,
  layout: ArrayLayout,
  role: Role,
  row: number,
  col: number,
  k: number,
): OnChip | undefined {
  // An array that holds the workgroup's own rows stays where it is: what it does not hold now it never held.
  const { axes, rows } = layout;
  const own = axes[0] === blockAxis(at.pass.pass) && at.block.r1 - at.block.r0 < rows;
  const stays = own && axes[1] !== 'key' && axes[1] !== 'query' && typeof layout.role === 'string';
  for (const record of recordsOf(at, info, k)) {
    const frame = asOf(at, info, layout, record.from);
    // What lies past the part of the problem that the array is at is padding.
    const held = heldBy(at.pass, layout, role, at.index, record.from, at.block);
    const i = (row - held.r0) * frame.cols + col - held.c0;
    const writer = within(held, row, col) ? (frame.writer[i] ?? 0) : 0;
    if (frame.role === role && writer > 0 && roleBy(at, layout, writer) === role) {
      const phase = frame.at[i] ?? record.from;
      // A number that stayed from when the array was elsewhere is another cell's.
      const then = phase === record.from ? held : heldBy(at.pass, layout, role, at.index, phase, at.block);
      if (then.r0 === held.r0 && then.c0 === held.c0)
        return { value: frame.values[i] ?? 0, phase, line: at.pass.pass.writers[writer - 1]?.line };
    }
    if (stays) return undefined;
  }
  return undefined;
}

/** The newest write of cell [row, col] of a role at or before phase k; undefined where there was none. */
export function onChip(at: Place, role: Role, row: number, col: number, k: number): OnChip | undefined {
  let newest: OnChip | undefined;
  for (const [info, layout] of holdersOf(at.pass, role)) {
    const found = inArray(at, info, layout, role, row, col, k);
    if (found && (!newest || found.phase > newest.phase)) newest = found;
  }
  return newest;
}

/** The part of a role's matrix that the chip held last at or before phase k, as far as it belongs to the problem. */
export function spanOnChip(at: Place, role: Role, k: number): Rect | undefined {
  let newest: { from: number; rect: Rect } | undefined;
  for (const [info, layout] of holdersOf(at.pass, role)) {
    for (const { from } of recordsOf(at, info, k)) {
      if (asOf(at, info, layout, from).role !== role) continue;
      if (!newest || from > newest.from)
        newest = { from, rect: heldBy(at.pass, layout, role, at.index, from, at.block) };
      break;
    }
  }
  return newest?.rect;
}
