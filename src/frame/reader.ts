// What an op's rule may ask of a trace about one cell: the numbers as they stood when the cell was written.
import { defaultScale, kvPlane, sees } from '../ops/attention/shape';
import type { Role } from '../ops/layout';
import type { Reader } from '../ops/rule';
import { holds, onChip, spanOnChip, type Place } from './chip';
import type { Home } from './home';
import { planeIn } from './places';
import { rewrittenIn } from './rewritten';
import { livePlane, type Scene } from './scene';

/** A workgroup and its executed phase: the moment that numbers are read at. */
export interface Moment {
  at: Place;
  phase: number;
}

/** A number of a tensor in HBM as it stood at a moment, in the plane that belongs to a plane of Q. */
function inHbm(
  scene: Scene,
  role: Role,
  row: number,
  col: number,
  plane: number,
  moment: Moment | undefined,
): number | undefined {
  const tensor = scene.tensors.get(role);
  if (!tensor || row >= tensor.rows || col >= tensor.cols) return undefined;
  const of = planeIn(tensor, plane, scene.trace.header.run.shape);
  const rewrites = moment && rewrittenIn(moment.at.pass, moment.at.captured, tensor, of);
  if (rewrites?.holds(row, col)) return rewrites.storeAt(moment?.phase ?? 0, row, col)?.value;
  return tensor.data[(of * tensor.rows + row) * tensor.cols + col];
}

/** The plane of Q that the workgroup was at: its own, or one of those that share K and V with it. */
function queryPlane(scene: Scene, moment: Moment | undefined): number {
  if (!moment) return scene.plane;
  const { bindings } = moment.at.pass.pass;
  for (const { tensor, planesOf } of bindings) {
    const live = planesOf === 'heads' ? livePlane(moment.at.index, tensor, moment.phase) : undefined;
    if (live !== undefined) return live;
  }
  return scene.plane;
}

/** The numbers at a moment, for a cell whose value is `where`. */
export function readerAt(scene: Scene, where: Home['where'] | undefined, moment: Moment | undefined): Reader {
  const { shape, scale } = scene.trace.header.run;
  const plane = queryPlane(scene, moment);
  const chip = (role: Role, row: number, col: number, phase: number): number | undefined =>
    moment && onChip(moment.at, role, row, col, phase)?.value;
  return {
    shape,
    plane,
    scale: scale ?? defaultScale(shape),
    scaled: scale === undefined ? [`/ √${shape.dim}`] : ['· ', scale],
    where: where === 'given' ? undefined : where,
    round: moment?.at.index.tile[moment.phase] ?? 0,
    sharers: Array.from({ length: shape.batch * shape.heads }, (_, i) => i).filter(
      (other) => kvPlane(other, shape) === kvPlane(scene.plane, shape),
    ),
    holds: (role) => {
      if (scene.tensors.has(role)) return 'hbm';
      return moment && holds(moment.at.pass, role) ? 'chip' : undefined;
    },
    value: (role, row, col, of = plane) =>
      scene.tensors.has(role) ? inHbm(scene, role, row, col, of, moment) : moment && chip(role, row, col, moment.phase),
    chip: (role, row, col) => moment && chip(role, row, col, moment.phase),
    stored: (role, row, col) => {
      const tensor = scene.tensors.get(role);
      if (!moment || !tensor) return undefined;
      const of = planeIn(tensor, plane, shape);
      const rewrites = rewrittenIn(moment.at.pass, moment.at.captured, tensor, of);
      return rewrites?.storeAt(moment.phase - 1, row, col)?.value;
    },
    before: (role, row, col) => moment && chip(role, row, col, moment.phase - 1),
    span: (role) => {
      const tensor = scene.tensors.get(role);
      if (tensor) return { r0: 0, r1: tensor.rows - 1, c0: 0, c1: tensor.cols - 1 };
      return moment && spanOnChip(moment.at, role, moment.phase);
    },
    planeOf: (role) => (plane === scene.plane || scene.tensors.get(role)?.planesOf !== 'heads' ? undefined : plane),
    sees: (row, key) => sees(shape, row, key),
  };
}
