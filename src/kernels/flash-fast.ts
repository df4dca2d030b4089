// FlashAttention-2 without barriers: a lane owns whole query rows in registers, four lanes read K and V together. For
// devices where barriers are dear.
import type { ArrayLayout, Role } from '../ops/layout';
import type { Run, Tile } from '../ops/run';
import { cardById } from '.';
import type { Kernel, PassSpec } from './card';
import { firstRefusal, flashBytes, flashPass, lanesOf, lib, overBlocks, shapeHeader, unscaled } from './parts';

/** Lanes that read a row of K or V together. */
const QUAD = 4;
/** Most query rows that one lane owns; Br = rows of all lanes, Bc = keys a step. */
const MOST_ROWS = 8;

const lanes = ({ br }: Tile): number => Math.max(QUAD, br / MOST_ROWS);
const rows = (tile: Tile): number => tile.br / lanes(tile);

function passes(run: Run): readonly PassSpec[] {
  const { shape, tile } = run;
  const { br, bc } = tile;
  const side = lanes(tile);
  /** Scalar `index` of a lane's array of `cols` numbers a row: row r of the lane is row lane + r lanes of the block. */
  const inRows = (
    role: Role | Record<string, Role>,
    cols: number,
    axis: ArrayLayout['axes'][1],
    factors?: ArrayLayout['factors'],
  ): ArrayLayout => ({
    role,
    rows: br,
    cols,
    axes: ['query', axis],
    terms: [
      { of: 'lane', row: 1 },
      { of: 'index', div: cols, row: side },
      { of: 'index', mod: cols, col: 1 },
    ],
    ...(factors && { factors }),
  });
  return [
    {
      ...flashPass(run),
      enables: ['subgroups'],
      files: [
        lib.origin,
        lib.chunk(shape),
        ...lib.mask(shape),
        lib.heads,
        lib.online,
        lib.quad,
        ...lib.scores(shape, 1),
        'flash-fast.wgsl',
      ],
      header: { ...shapeHeader(run), BR: br, BC: bc, LANES: side, ROWS: rows(tile) },
      workgroupSize: side,
      layouts: {
        q: inRows('Q', shape.dim, 'dim', unscaled(run)),
        s: inRows({ 'S = QKᵀ': 'S', softmax: 'P' }, bc, 'key'),
        m: inRows('m', 1, 'one'),
        l: inRows('l', 1, 'one'),
        alpha: inRows('alpha', 1, 'one'),
        o: inRows('O', shape.dim, 'dim'),
      },
    },
  ];
}

/**
 * Q once; K and V in whole steps from the first key that the block sees to the last and in whole quads of chunks, once for every
 * four lanes.
 */
function requested({ shape, tile }: Run): { loads: number; stores: number } {
  const { queries, dim } = shape;
  const wide = lanesOf(shape);
  const row = Math.ceil(dim / wide / QUAD) * QUAD * wide;
  const walked = overBlocks(shape, tile, (begin, end) => end - begin);
  return flashBytes(shape, queries * dim + 2 * walked * row * (lanes(tile) / QUAD));
}

/** One dispatch, one workgroup a block of Br query rows, no workgroup memory. */
export const flashFast: Kernel = {
  ...cardById('flash-fast'),
  passes,
  sramBytes: () => 0,
  keyGroups: ({ tile }) => lanes(tile) / QUAD,
  limit: (run, limits) => firstRefusal(passes(run), run.shape, 0, limits),
  requested,
};
