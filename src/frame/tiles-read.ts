// Which tiles of S a kernel really worked on: those whose keys were loaded for those query rows, by the indices that it
// touched.
import type { Axis } from '../ops/layout';
import type { TensorId } from '../ops/op';
import type { Tile } from '../ops/run';
import { sceneOf, workgroupScene, type PassScene } from './scene';
import { around, shownAs, touchesOf } from './places';
import type { Rect } from './frame-types';
import type { Trace, TracePass } from '../trace/trace';

/** A constant of a pass's text. */
const constant = ({ text }: TracePass, name: string): number =>
  Number(new RegExp(`const ${name}: u32 = (\\d+)u`).exec(text)?.[1] ?? 16);

/** The first matrices of rows of queries and of keys that a pass reads: Q and K of the one that makes S. */
function scoredBy({ bindings }: TracePass): { queries: TensorId; keys: TensorId } | undefined {
  const rows = (axis: Axis): TensorId | undefined => {
    const found = bindings.find(
      (bound) => bound.access === 'read' && bound.axes[1] === 'dim' && shownAs(bound).axis === axis,
    );
    return found && shownAs(found).shown;
  };
  const [queries, keys] = [rows('query'), rows('key')];
  return queries !== undefined && keys !== undefined ? { queries, keys } : undefined;
}

/**
 * The tile of S that one workgroup works on at a time: the run's, or, for a kernel without tiles, the thread block of
 * its pass over K.
 */
export function tileOfScores({ header, passes }: Trace): Tile {
  const { tile } = header.run;
  const pass = passes.find((one) => scoredBy(one));
  return (tile.br > 0 && tile.bc > 0) || !pass ? tile : { br: constant(pass, 'BR'), bc: constant(pass, 'BC') };
}

/**
 * Rows of Q, and runs of keys, that a workgroup read. Totals know one range a phase; through a block table that says
 * nothing, but every step of a capture does.
 */
function readBy(trace: Trace, scene: PassScene, workgroup: number): { queries: Rect | undefined; keys: Rect[] } {
  const { shape } = trace.header.run;
  const { pass } = scene;
  const scored = scoredBy(pass);
  const keys: Rect[] = [];
  if (!scored) return { queries: undefined, keys };
  const paged = pass.bindings.some(({ planesOf }) => planesOf === 'blocks');
  const captured = paged ? pass.captured.find((one) => one.workgroup === workgroup) : undefined;
  const touches = captured
    ? workgroupScene(scene, captured, trace).touches
    : pass.phases.map(({ id }) => touchesOf(pass, pass.totals, workgroup * pass.phases.length + id, shape));
  let queries: Rect | undefined;
  for (const { reads } of touches) {
    const [rows, run] = [reads[scored.queries], reads[scored.keys]];
    if (rows) queries = around(queries, rows);
    if (run) keys.push(run);
  }
  return { queries, keys };
}

/**
 * One flag a tile, row-major over ceil(queries / br) x ceil(keys / bc): 1 where some workgroup read K of that tile for
 * Q of those rows.
 */
export function tilesRead(trace: Trace, plane: number): Uint8Array {
  const { shape } = trace.header.run;
  const tile = tileOfScores(trace);
  const cols = Math.ceil(shape.keys / tile.bc);
  const read = new Uint8Array(Math.ceil(shape.queries / tile.br) * cols);
  for (const scene of sceneOf(trace, plane).passes) {
    for (const workgroup of scene.order) {
      const { queries, keys } = readBy(trace, scene, workgroup);
      if (!queries) continue;
      for (const { r0, r1 } of keys)
        for (let r = Math.floor(queries.r0 / tile.br); r <= Math.floor(queries.r1 / tile.br); r++)
          for (let c = Math.floor(r0 / tile.bc); c <= Math.floor(r1 / tile.bc); c++) read[r * cols + c] = 1;
    }
  }
  return read;
}
