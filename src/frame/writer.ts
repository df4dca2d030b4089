// Which line of which pass wrote a cell that stands in HBM: the store whose indices cover it.
import type { TensorId } from '../ops/op';
import { sees } from '../ops/attention/shape';
import { isPairs } from './axes';
import { within } from './chip';
import { writerOf, type Point } from './hbm';
import { rectOf, tensorOf } from './places';
import type { PassScene, Scene } from './scene';
import { touchedAt, type Site } from '../trace/trace';

/** A place in the source: the line of a pass's text. */
export interface Written {
  pass: number;
  line: number;
}

/** Stores of the workgroup at `position` that may have written the cell of a tensor in HBM. */
function storesOf({ pass, order }: PassScene, position: number, id: TensorId, row: number, col: number): Site[] {
  const extent = pass.bindings.find(({ tensor }) => tensor === id);
  return pass.sites.filter((site) => {
    if (site.mode === 'load' || tensorOf(pass, site.buffer) !== id) return false;
    return pass.phases.some((phase) => {
      const at = (order[position] ?? 0) * pass.phases.length + phase.id;
      const touched = touchedAt(pass.totals, pass.sites.length, at, site.id);
      return touched && extent && within(rectOf(touched, extent), row, col);
    });
  });
}

/**
 * The store that wrote a cell of a tensor in HBM by the time of the cursor. Of several stores whose indices span the
 * cell the one that loads nothing fills what is masked. Undefined where that does not tell them apart.
 */
export function storedBy(scene: Scene, id: TensorId, point: Point, row: number, col: number): Written | undefined {
  const found = writerOf(scene, id, point, row, col);
  const pass = found && scene.passes[found.pass];
  if (!pass) return undefined;
  const stores = storesOf(pass, found.position, id, row, col);
  const masked = isPairs(scene.tensors.get(id)?.axes) && !sees(scene.trace.header.run.shape, row, col);
  const loads = (site: Site): boolean =>
    pass.pass.sites.some((other) => other.line === site.line && other.mode === 'load');
  const [one, another] = stores.length > 1 ? stores.filter((site) => loads(site) !== masked) : stores;
  return one && !another ? { pass: found.pass, line: one.line } : undefined;
}
