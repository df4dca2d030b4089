// Which line of which pass wrote a cell: the writer recorded with that very word, or the store whose indices cover it.
import type { TensorId } from '../ops/op';
import { sees } from '../ops/attention/shape';
import { within } from './absent';
import type { ArrayFrame } from './frame-types';
import { rectOf, tensorOf } from './places';
import type { PassScene, Scene } from './scene';
import { touchedAt, type Site, type TracePass } from '../trace/trace';

/** A place in the source: the line of a pass's text. */
export interface Written {
  pass: number;
  line: number;
}

/** The line of the last write of one word of an array, as it stands in the frame. */
export function lineInArray(
  frame: ArrayFrame | undefined,
  pass: TracePass,
  row: number,
  col: number,
): number | undefined {
  if (!frame) return undefined;
  const [r, c] = [row - frame.row0, col - frame.col0];
  if (r < 0 || c < 0 || r >= frame.rows || c >= frame.cols) return undefined;
  const writer = frame.writer[r * frame.cols + c] ?? 0;
  return writer === 0 ? undefined : pass.writers[writer - 1]?.line;
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
 * The store that wrote a cell of a tensor in HBM by the time that the workgroup at `position` of a pass has come to the
 * cursor. Of several stores whose indices span the cell the one that loads nothing fills what is masked. Undefined
 * where that does not tell them apart.
 */
export function storedBy(
  scene: Scene,
  id: 'S' | 'P' | 'O' | 'LSE',
  passIndex: number,
  position: number,
  row: number,
  col: number,
): Written | undefined {
  const p = scene.passes.findLastIndex((one, i) => i <= passIndex && one.wrote[id]);
  const pass = scene.passes[p];
  if (!pass) return undefined;
  const last = p < passIndex ? pass.order.length - 1 : position;
  const from = (pass.wrote[id] ?? []).findLastIndex((rect, at) => at <= last && within(rect, row, col));
  if (from < 0) return undefined;
  const stores = storesOf(pass, from, id, row, col);
  const masked = (id === 'S' || id === 'P') && !sees(scene.trace.header.run.shape, row, col);
  const loads = (site: Site): boolean =>
    pass.pass.sites.some((other) => other.line === site.line && other.mode === 'load');
  const [one, another] = stores.length > 1 ? stores.filter((site) => loads(site) !== masked) : stores;
  return one && !another ? { pass: p, line: one.line } : undefined;
}
