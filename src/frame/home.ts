// Where the value of a cell comes from: given, written to HBM, or on the chip; and the workgroup and phase that wrote
// it last.
import type { Role } from '../ops/layout';
import { isPairs, type Axes } from './axes';
import { couldHold, holds, onChip, placeOf, type Place } from './chip';
import type { CellRef } from './cell';
import { hbmWritten, storeOf, type Point } from './hbm';
import { rewritten } from './rewritten';
import { planeValues, type Scene } from './scene';
import { storedBy, type Written } from './writer';

/** A captured value: where it is, and who wrote it, as far as that is known. */
export interface Home {
  where: 'given' | 'hbm' | 'chip';
  value: number;
  /** The place in the source. */
  written?: Written;
  /** The workgroup that wrote it, where it was captured, and its executed phase. */
  at?: Place;
  phase?: number;
}

const given = new WeakMap<Scene, ReadonlySet<Role>>();

/** The tensors that no pass writes. */
export function givenOf(scene: Scene): ReadonlySet<Role> {
  const known = given.get(scene);
  if (known) return known;
  const made = new Set(
    [...scene.tensors.keys()].filter((id) =>
      scene.trace.passes.every(({ bindings }) =>
        bindings.every(({ tensor, access }) => tensor !== id || access === 'read'),
      ),
    ),
  );
  given.set(scene, made);
  return made;
}

const direct = new WeakMap<Scene, boolean>();

/**
 * Whether all matrices of queries by keys are in HBM: then the numbers of a row go into what is written there, and are
 * shown with it; else they are gone with the workgroup that had them.
 */
export function isDirect(scene: Scene): boolean {
  let known = direct.get(scene);
  if (known === undefined) {
    const pairs = ({ axes }: { axes: Axes }): boolean => isPairs(axes);
    const roles = scene.passes.flatMap(({ layouts }) =>
      Object.values(layouts).flatMap((one) =>
        pairs(one) ? (typeof one.role === 'string' ? [one.role] : Object.values(one.role)) : [],
      ),
    );
    known = scene.trace.tensors.some(pairs) && roles.every((role) => scene.tensors.has(role));
    direct.set(scene, known);
  }
  return known;
}

/** The captured value of a cell at the cursor. */
export function homeOf(scene: Scene, point: Point, place: Place | undefined, cell: CellRef): Home | undefined {
  const { role, row, col } = cell;
  const tensor = scene.tensors.get(role);
  const rewrites = tensor && place && rewritten(scene, place.pass, place.captured, tensor);
  const newest = rewrites?.storeAt(point.k, row, col);
  if (place && newest) {
    const { value, phase, site } = newest;
    const line = place.pass.pass.sites[site]?.line;
    return { where: 'hbm', value, ...(line && { written: { pass: point.pass, line } }), at: place, phase };
  }
  const stored = tensor && planeValues(scene, tensor)[row * tensor.cols + col];
  if (tensor && stored !== undefined && givenOf(scene).has(role)) return { where: 'given', value: stored };
  if (tensor && stored !== undefined && hbmWritten(scene, role, point, row, col)) {
    const written = storedBy(scene, role, point, row, col);
    const store = storeOf(scene, role, point, row, col);
    return { where: 'hbm', value: stored, ...(written && { written }), ...store };
  }
  const own = place && point.k >= 0 ? chipHome(place, point.pass, cell, point.k) : undefined;
  return own ?? (tensor ? undefined : keptHome(scene, point, cell));
}

function chipHome(at: Place, pass: number, { role, row, col }: CellRef, k: number): Home | undefined {
  const found = onChip(at, role, row, col, k);
  if (!found) return undefined;
  const { value, phase, line } = found;
  return { where: 'chip', value, at, phase, ...(line !== undefined && { written: { pass, line } }) };
}

/** A number of a row that an earlier workgroup had, where such numbers are kept. */
function keptHome(scene: Scene, { pass, position }: Point, cell: CellRef): Home | undefined {
  if (!isDirect(scene)) return undefined;
  const found = scene.passes.findIndex((one) => holds(one, cell.role));
  const home = scene.passes[found];
  const layout = home && Object.values(home.layouts).find((one) => couldHold(one, cell.role));
  if (!home || found > pass || layout?.axes[1] !== 'one') return undefined;
  const last = found < pass ? home.order.length - 1 : position - 1;
  for (let p = last; p >= 0; p--) {
    const at = placeOf(scene, found, p);
    if (!at || cell.row < at.block.r0 || cell.row > at.block.r1) continue;
    return chipHome(at, found, cell, at.captured.order.length - 1);
  }
  return undefined;
}
