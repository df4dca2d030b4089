// LayerNorm in one pass: a workgroup takes some rows, several threads a row, which add up mean and variance by halves in workgroup memory.
import type { Bytes } from '../ops/costs';
import { DEFAULT_EPS } from '../ops/layernorm/oracle';
import type { Tile } from '../ops/run';
import { BYTES, lanesOf, lib, shapeHeader } from './parts';
import { bindingsOf, type TextPass, type TextRun } from './text-pass';

/** Br rows of a workgroup, Bc threads a row: a power of two. */
export const tiles: readonly Tile[] = [
  { br: 4, bc: 16 },
  { br: 8, bc: 8 },
  { br: 2, bc: 32 },
  { br: 16, bc: 4 },
  { br: 1, bc: 64 },
  { br: 64, bc: 1 },
];

/** One dispatch, one workgroup a block of Br rows. */
export function passes(run: TextRun, eps = DEFAULT_EPS): readonly TextPass[] {
  const { shape, tile } = run;
  const own = Math.ceil(shape.dim / lanesOf(shape) / tile.bc);
  const threads = tile.br * tile.bc;
  return [
    {
      name: 'layernorm',
      files: [lib.origin, lib.chunk(shape), 'layernorm/layernorm.wgsl'],
      header: { ...shapeHeader(run), BR: tile.br, SIDE: tile.bc, WG: threads, OWN: own, EPS: { f32: eps } },
      grid: [Math.ceil(shape.queries / tile.br), 1, shape.batch * shape.heads],
      workgroupSize: threads,
      bindings: bindingsOf(['X', 'Gamma', 'Beta'], ['Y', 'Mean', 'Rstd']),
    },
  ];
}

/** sSum, sSquares and sRest. */
export const sramBytes = ({ tile }: Pick<TextRun, 'tile'>): number => BYTES * 3 * tile.br * tile.bc;

/** X once, gamma and beta once a row; Y once, and two numbers a row. */
export function requested({ shape }: Pick<TextRun, 'shape'>): { loads: number; stores: number } {
  const { batch, heads, queries, dim } = shape;
  const rows = BYTES * batch * heads * queries;
  return { loads: rows * 3 * dim, stores: rows * (dim + 2) };
}

/** Each tensor once, gamma and beta once for every workgroup. */
export function ioModel({ shape, tile }: TextRun): Record<'X' | 'Gamma' | 'Beta' | 'Y' | 'Mean' | 'Rstd', Bytes> {
  const { batch, heads, queries, dim } = shape;
  const each = BYTES * batch * heads;
  const ofFeature: Bytes = { read: each * Math.ceil(queries / tile.br) * dim, written: 0 };
  const ofRow: Bytes = { read: 0, written: each * queries };
  return {
    X: { read: each * queries * dim, written: 0 },
    Gamma: ofFeature,
    Beta: ofFeature,
    Y: { read: 0, written: each * queries * dim },
    Mean: ofRow,
    Rstd: ofRow,
  };
}
