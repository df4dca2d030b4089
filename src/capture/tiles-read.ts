// Which tiles of S a kernel really worked on: those whose keys were loaded for those query rows, by the indices that it touched.
import type { Run, Tile } from '../kernels/card';
import { kernelById } from '../kernels/index';
import { sceneOf } from './scene';
import { around, touchesOf } from './places';
import type { Rect } from './frame-types';
import type { Trace } from './trace';

/** The tile of S that one workgroup works on at a time: the run's, or, for a kernel without tiles, the thread block of its pass over K. */
export function tileOfScores(run: Run): Tile {
  if (run.tile.br > 0 && run.tile.bc > 0) return run.tile;
  const header = kernelById(run.kernel)
    .passes(run)
    .find(({ bindings }) => bindings.some(({ tensor }) => tensor === 'K'))?.header;
  const side = (name: string): number => (typeof header?.[name] === 'number' ? header[name] : 16);
  return { br: side('BR'), bc: side('BC') };
}

/** One flag a tile, row-major over ceil(queries / br) x ceil(keys / bc): 1 where some workgroup read K of that tile for Q of those rows. */
export function tilesRead(trace: Trace, plane: number): Uint8Array {
  const { shape } = trace.header.run;
  const tile = tileOfScores(trace.header.run);
  const cols = Math.ceil(shape.keys / tile.bc);
  const read = new Uint8Array(Math.ceil(shape.queries / tile.br) * cols);
  for (const { pass, order } of sceneOf(trace, plane).passes) {
    for (const workgroup of order) {
      let queries: Rect | undefined;
      let keys: Rect | undefined;
      for (const phase of pass.phases) {
        const { reads } = touchesOf(pass, pass.totals, workgroup * pass.phases.length + phase.id, shape);
        if (reads.Q) queries = around(queries, reads.Q);
        if (reads.K) keys = around(keys, reads.K);
      }
      if (!queries || !keys) continue;
      for (let r = Math.floor(queries.r0 / tile.br); r <= Math.floor(queries.r1 / tile.br); r++)
        for (let c = Math.floor(keys.r0 / tile.bc); c <= Math.floor(keys.r1 / tile.bc); c++) read[r * cols + c] = 1;
    }
  }
  return read;
}
