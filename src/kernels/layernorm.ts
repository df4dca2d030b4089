// LayerNorm in one pass: a workgroup takes some rows, several threads a row, which add up mean and variance by halves
// in workgroup memory.
import type { Bytes } from '../ops/costs';
import { DEFAULT_EPS } from '../ops/layernorm/oracle';
import { cardById } from '.';
import type { Kernel, PassSpec } from './card';
import { bindingsOf, BYTES, firstRefusal, lanesOf, lib, piece, shapeHeader, type Work } from './parts';

/** One dispatch, one workgroup a block of Br rows. */
export function passes(run: Work, eps = DEFAULT_EPS): readonly PassSpec[] {
  const { shape, tile } = run;
  const { br, bc: side } = tile;
  const lanes = lanesOf(shape);
  const own = Math.ceil(shape.dim / lanes / side);
  const threads = br * side;
  return [
    {
      name: 'layernorm',
      files: [lib.origin, lib.chunk(shape), 'layernorm/layernorm.wgsl'],
      header: { ...shapeHeader(run), BR: br, SIDE: side, WG: threads, OWN: own, EPS: { f32: eps } },
      grid: [Math.ceil(shape.queries / br), 1, shape.batch * shape.heads],
      rows: br,
      workgroupSize: threads,
      bindings: bindingsOf(['X', 'Gamma', 'Beta'], ['Y', 'Mean', 'Rstd']),
      layouts: {
        // x[n] is chunk lane + n SIDE of the thread's row.
        x: {
          ...piece({ 'load X': 'X', deviations: 'other' }, br, shape.dim, ['query', 'dim']),
          terms: [
            { of: 'lane', div: side, row: 1 },
            { of: 'lane', mod: side, col: lanes },
            { of: 'index', div: lanes, col: side * lanes },
            { of: 'index', mod: lanes, col: 1 },
          ],
        },
        sSum: piece('other', br, side, ['query', 'one']),
        sSquares: piece('other', br, side, ['query', 'one']),
        sRest: piece('other', br, side, ['query', 'one']),
      },
    },
  ];
}

/** sSum, sSquares and sRest. */
const sramBytes = ({ tile }: Pick<Work, 'tile'>): number => BYTES * 3 * tile.br * tile.bc;

/** X once, gamma and beta once a row; Y once, and two numbers a row. */
function requested({ shape }: Pick<Work, 'shape'>): { loads: number; stores: number } {
  const { batch, heads, queries, dim } = shape;
  const rows = BYTES * batch * heads * queries;
  return { loads: rows * 3 * dim, stores: rows * (dim + 2) };
}

/** Each tensor once, gamma and beta once for every workgroup. */
export function ioModel({ shape, tile }: Work): Record<'X' | 'Gamma' | 'Beta' | 'Y' | 'Mean' | 'Rstd', Bytes> {
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

/** One dispatch, one workgroup a block of rows. */
export const layernorm: Kernel = {
  ...cardById('layernorm'),
  passes: (run) => passes(run),
  sramBytes,
  limit: (run, limits) => firstRefusal(passes(run), run.shape, sramBytes(run), limits),
  ioModel,
  requested,
};
