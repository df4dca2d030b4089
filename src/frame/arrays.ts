// The kernel's own arrays as matrices that people know: sS as S or P, each thread's acc as rows of O. Labels come from
// the site that wrote the value.
import { tableOf, type ArrayLayout, type Axis, type Role } from '../ops/layout';
import type { ArrayFrame, Rect } from './frame-types';
import { liveAt, livePlane, type PassScene, type WorkgroupScene } from './scene';
import { around, shownAs } from './places';
import {
  filledAt,
  type ArrayInfo,
  type CapturedWorkgroup,
  type Filled,
  type Tensor,
  type TracePass,
} from '../trace/trace';

interface Placed {
  values: Float32Array;
  writer: Uint16Array;
  at: Uint16Array;
}

const placed = new WeakMap<Filled, Placed>();

/**
 * A record's scalars laid out as rows x cols, in the units of the role that it holds. Kept with the record, so equal
 * frames share arrays.
 */
function place(filled: Filled, info: ArrayInfo, layout: ArrayLayout, named: Role): Placed {
  const known = placed.get(filled);
  if (known) return known;
  const laid = layout.terms ? scatter(filled, info, layout) : straight(filled, layout);
  const factor = layout.factors?.[named];
  const made = factor === undefined ? laid : { ...laid, values: laid.values.map((x) => x * factor) };
  placed.set(filled, made);
  return made;
}

function straight(filled: Filled, { rows, cols }: ArrayLayout): Placed {
  const size = rows * cols;
  return {
    values: new Float32Array(filled.bits.buffer, filled.bits.byteOffset, filled.bits.length).subarray(0, size),
    writer: filled.writer.subarray(0, size),
    at: filled.at.subarray(0, size),
  };
}

function scatter(filled: Filled, info: ArrayInfo, layout: ArrayLayout): Placed {
  const size = layout.rows * layout.cols;
  const from = new Float32Array(filled.bits.buffer, filled.bits.byteOffset, filled.bits.length);
  const made = { values: new Float32Array(size), writer: new Uint16Array(size), at: new Uint16Array(size) };
  const table = tableOf(layout, info.length, from.length / info.length);
  for (let i = 0; i < from.length; i++) {
    const to = table[i] ?? -1;
    if (to < 0) continue;
    made.values[to] = from[i] ?? 0;
    made.writer[to] = filled.writer[i] ?? 0;
    made.at[to] = filled.at[i] ?? 0;
  }
  return made;
}

/** The role of what a record holds: by the phase of the site that wrote its newest scalars. */
export function roleOf(filled: Filled, role: ArrayLayout['role'], pass: TracePass): Role {
  if (typeof role === 'string') return role;
  for (let i = 0; i < filled.writer.length; i++) {
    const writer = filled.writer[i] ?? 0;
    if (writer === 0 || filled.at[i] !== filled.from) continue;
    const phase = pass.phases[pass.writers[writer - 1]?.phase ?? -1];
    return role[phase?.name ?? ''] ?? 'other';
  }
  return 'other';
}

/**
 * The part of the problem that the workgroup is at along an axis: the rows last touched of the tensor that the array is
 * of, else of the first read.
 */
function rowsAlong(pass: TracePass, axis: Axis, role: Role, index: WorkgroupScene, k: number): Rect | undefined {
  const along = pass.bindings.filter(({ access }) => access === 'read').map(shownAs);
  const tensor = along.find((one) => one.axis === axis && one.shown === role) ?? along.find((one) => one.axis === axis);
  return tensor && liveAt(index, tensor.shown, k);
}

/** What the rows of a workgroup's block count: those of the first matrix that it writes. */
export const blockAxis = ({ bindings }: TracePass): Axis =>
  bindings.find(({ access, axes }) => access === 'read_write' && axes[0] !== 'part' && axes[1] !== 'one')?.axes[0] ??
  'query';

/**
 * Where an array's rows or columns lie in the whole problem, as far as they belong to it. An array that has room for
 * all rows of the block holds those; a smaller one goes along them, and is where the tensor was last touched.
 */
function reach(
  pass: TracePass,
  axis: Axis,
  role: Role,
  length: number,
  index: WorkgroupScene,
  k: number,
  block: Rect,
): [first: number, last: number] {
  const first = axis === 'dim' ? block.c0 : 0;
  if (axis !== 'query' && axis !== 'key') return [first, first + length - 1];
  const own = blockAxis(pass) === axis;
  const fixed = own && block.r1 - block.r0 < length;
  const at = fixed ? block : (rowsAlong(pass, axis, role, index, k) ?? (own ? block : undefined));
  return at ? [at.r0, Math.min(at.r1, at.r0 + length - 1)] : [0, length - 1];
}

/** The part of its role's matrix that an array held in executed phase k. */
export function heldBy(
  { pass }: PassScene,
  { axes, rows, cols }: ArrayLayout,
  role: Role,
  index: WorkgroupScene,
  k: number,
  block: Rect,
): Rect {
  const [r0, r1] = reach(pass, axes[0], role, rows, index, k, block);
  const [c0, c1] = reach(pass, axes[1], role, cols, index, k, block);
  return { r0, r1, c0, c1 };
}

const NOWHERE: Rect = { r0: 0, r1: 0, c0: 0, c1: 0 };

/**
 * Rows and columns that the workgroup is for: all matrices that it writes to HBM, whichever phase does; where it writes
 * none, the rows that it read.
 */
export function blockOf({ pass, wrote }: PassScene, position: number, index: WorkgroupScene | undefined): Rect {
  let block: Rect | undefined;
  for (const { tensor, axes } of pass.bindings) {
    const rect = wrote[tensor]?.[position];
    if (rect && isMatrix(axes)) block = around(block, rect);
  }
  const rows = pass.bindings.find(({ axes }) => axes[0] === 'query')?.tensor;
  return block ?? (index && rows ? liveAt(index, rows, index.touches.length - 1) : undefined) ?? NOWHERE;
}

/** Whether rows and columns are those of a matrix of the problem: no number a row, no part of one. */
const isMatrix = ([rows, cols]: Tensor['axes']): boolean => rows !== 'part' && cols !== 'one';

/** All arrays with a role, as they stand at executed phase k. */
export function arraysAt(
  scene: PassScene,
  captured: CapturedWorkgroup,
  index: WorkgroupScene,
  k: number,
  now: number,
  block: Rect,
): ArrayFrame[] {
  const frames: ArrayFrame[] = [];
  for (const info of scene.pass.arrays) {
    const role = scene.layouts[info.name];
    if (!role) continue;
    const frame = arrayAt(scene, captured, index, info, role, k, block);
    const touched = sitesTouch(scene.pass, captured, info.name, now);
    frames.push({ ...frame, reads: touched.reads, writes: touched.writes || (k === now && frame.fresh) });
  }
  return frames;
}

/** One array at executed phase k; `fresh` when phase k itself wrote it. */
export function arrayAt(
  scene: PassScene,
  captured: CapturedWorkgroup,
  index: WorkgroupScene,
  info: ArrayInfo,
  role: ArrayLayout,
  k: number,
  block: Rect,
): ArrayFrame & { fresh: boolean } {
  const filled = filledAt(captured.arrays[info.id] ?? [], k);
  const copies = info.scope === 'invocation' ? scene.pass.workgroupSize : 1;
  const base = {
    info,
    space: info.scope,
    rows: role.rows,
    cols: role.cols,
    reads: false,
    writes: false,
    bytes: info.length * copies * 4,
  };
  if (!filled) {
    const size = role.rows * role.cols;
    const fixed = typeof role.role === 'string' ? role.role : 'other';
    const empty = { values: new Float32Array(size), writer: new Uint16Array(size), at: new Uint16Array(size) };
    return { ...base, ...empty, role: fixed, row0: block.r0, col0: 0, fresh: false };
  }
  const named = roleOf(filled, role.role, scene.pass);
  const { r0: row0, c0: col0 } = heldBy(scene, role, named, index, filled.from, block);
  const plane = livePlane(index, named, filled.from);
  return {
    ...base,
    ...(plane !== undefined && { plane }),
    ...place(filled, info, role, named),
    role: named,
    row0,
    col0,
    fresh: filled.from === k,
  };
}

function sitesTouch(
  pass: TracePass,
  captured: CapturedWorkgroup,
  name: string,
  k: number,
): { reads: boolean; writes: boolean } {
  let reads = false;
  let writes = false;
  for (const site of pass.sites) {
    if (site.buffer !== name || site.space !== 'workgroup') continue;
    if (!(captured.counts[(k * pass.sites.length + site.id) * 3] ?? 0)) continue;
    if (site.mode !== 'store') reads = true;
    if (site.mode !== 'load') writes = true;
  }
  return { reads, writes };
}
