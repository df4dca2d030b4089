// FlashAttention forward as first published: tiles of K and V outside, tiles of Q inside, O, l and m in HBM all the while.
import { firstSeeing } from '../ops/sizes';
import type { Tile } from '../ops/run';
import { BYTES, lib, shapeHeader } from './parts';
import { bindingsOf, type TextPass, type TextRun } from './text-pass';

/** Rows of S that one thread owns. */
const ROWS = 4;

/** Br divides by ROWS; the default has 64 threads. */
export const tiles: readonly Tile[] = [
  { br: 16, bc: 16 },
  { br: 32, bc: 16 },
  { br: 16, bc: 32 },
  { br: 32, bc: 32 },
  { br: 16, bc: 8 },
  { br: 8, bc: 16 },
  { br: 8, bc: 8 },
];

/** One dispatch, one workgroup a plane: its steps over K and V follow one another, for each reads the O of the one before. */
export function passes(run: TextRun): readonly TextPass[] {
  const { shape, tile } = run;
  const threads = (tile.br / ROWS) * tile.bc;
  return [
    {
      name: 'flash',
      files: [lib.origin, lib.chunk(shape), lib.mask, lib.seeing, lib.heads, 'flash1.wgsl'],
      header: { ...shapeHeader(run), BR: tile.br, BC: tile.bc, WG: threads },
      grid: [1, 1, shape.batch * shape.heads],
      workgroupSize: threads,
      bindings: bindingsOf(['Q', 'K', 'V'], ['O', 'L', 'M', 'LSE']),
    },
  ];
}

/** sQ, sK, sV, sS and two numbers a row. */
export function sramBytes({ shape, tile: { br, bc } }: TextRun): number {
  return BYTES * ((br + 2 * bc) * shape.dim + br * bc + 2 * br);
}

/**
 * K and V once; for every tile of keys, the rows from the first tile of Q on that sees any of them: Q and O in, O out, l and m both ways. Before that O, l
 * and m are written once; after it l and m are read, and LSE is written.
 */
export function requested({ shape, tile: { br, bc } }: TextRun): { loads: number; stores: number } {
  const { batch, heads, queries, keys, dim } = shape;
  const each = BYTES * batch * heads;
  let rows = 0;
  for (let k0 = 0; k0 < keys; k0 += bc) rows += queries - Math.floor(firstSeeing(shape, k0) / br) * br;
  return {
    loads: each * (2 * keys * dim + rows * (2 * dim + 2) + 2 * queries),
    stores: each * (queries * (dim + 2) + rows * (dim + 2) + queries),
  };
}
