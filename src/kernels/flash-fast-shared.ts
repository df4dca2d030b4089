// FlashAttention-2 for GPUs with fast workgroup memory: register tiles of 4 x 4, two barriers a tile of keys, K of the next tile loaded ahead.
import { keysSeen } from '../ops/attention/cost';
import type { Axis, KernelCard, PassSpec, Role, Run, Tile } from './card';
import { BYTES, firstRefusal, flashBytes, flashPass, lanesOf, lib, shapeHeader, unscaled } from './parts';

/** Rows, and keys, of the piece of S that one thread owns. */
const OWNED = 4;

/** Br and Bc divide by OWNED; the default has 64 threads. */
const tiles: readonly Tile[] = [
  { br: 32, bc: 32 },
  { br: 64, bc: 32 },
  { br: 64, bc: 16 },
  { br: 32, bc: 16 },
  { br: 16, bc: 16 },
  { br: 64, bc: 64 },
];

function passes(run: Run): readonly PassSpec[] {
  const { shape, tile } = run;
  const { br, bc } = tile;
  const { dim } = shape;
  const wide = lanesOf(shape);
  const side = bc / OWNED;
  const apart = br / OWNED;
  const threads = side * apart;
  const own = Math.ceil(dim / wide / side);
  const pitch = dim + wide;
  const [x, y] = [(thread: number) => thread % side, (thread: number) => Math.floor(thread / side)];
  /** A number of each of a thread's rows; the threads of a row agree, so the first speaks. */
  const ofRow = (role: Role) => ({
    role,
    rows: br,
    cols: 1,
    axes: ['query', 'one'] as const,
    place: (r: number, thread: number) => [x(thread) === 0 ? y(thread) + r * apart : -1, 0] as const,
  });
  const matrix = (role: Role, rows: number, cols: number, axes: readonly [Axis, Axis]) => ({ role, rows, cols, axes });
  // A thread takes OWNED rows against OWNED keys: a row is loaded by all threads beside each other, a key by all above each other.
  const perRow = (rows: number, keys: number): number => rows * Math.min(side, keys) * dim;
  const perKey = (rows: number, keys: number): number => keys * Math.min(apart, rows) * dim;
  const padded = (index: number) => [Math.floor(index / pitch), index % pitch] as const;
  return [
    {
      ...flashPass(run),
      files: [lib.origin, lib.chunk(shape), lib.mask, lib.heads, lib.online, 'flash-fast-shared.wgsl'],
      header: { ...shapeHeader(run), BR: br, BC: bc, WG: threads, SIDE: side, ROWS_APART: apart, OWN: own },
      workgroupSize: threads,
      roles: {
        sQ: { ...matrix('Q', br, dim, ['query', 'dim']), place: padded, factors: unscaled(run), used: perRow },
        sK: { ...matrix('K', bc, dim, ['key', 'dim']), place: padded, used: perKey },
        sV: { ...matrix('V', bc, dim, ['key', 'dim']), used: perKey },
        sP: {
          ...matrix('P', br, bc, ['query', 'key']),
          place: (index) => [Math.floor(index / bc), (Math.floor(index / OWNED) % side) + (index % OWNED) * side],
        },
        s: {
          ...matrix('S', br, bc, ['query', 'key']),
          place: (index, thread) => [y(thread) + Math.floor(index / OWNED) * apart, x(thread) + (index % OWNED) * side],
        },
        m: ofRow('m'),
        l: ofRow('l'),
        alpha: ofRow('alpha'),
        o: {
          ...matrix('O', br, dim, ['query', 'dim']),
          // o[r][n] is chunk x + n SIDE of row y + r ROWS_APART.
          place: (index, thread) => {
            const chunk = Math.floor(index / wide);
            return [y(thread) + Math.floor(chunk / own) * apart, (x(thread) + (chunk % own) * side) * wide + (index % wide)];
          },
        },
      },
    },
  ];
}

/** sQ and sK in padded rows, sV, sP, and four numbers a thread twice. */
function sramBytes({ shape, tile: { br, bc } }: Run): number {
  const wide = lanesOf(shape);
  const threads = (br * bc) / OWNED / OWNED;
  return BYTES * ((br + bc) * (shape.dim + wide) + bc * shape.dim + br * bc + 2 * OWNED * threads);
}

/** Q once; K and V in whole tiles up to the last key that the block sees, once for every block of Br rows; O and LSE once. */
function requested({ shape, tile: { br, bc } }: Run): { loads: number; stores: number } {
  const { queries, keys, dim } = shape;
  let loads = queries * dim;
  for (let end = br; end < queries + br; end += br) {
    const seen = keysSeen(shape, Math.min(end, queries) - 1);
    // The first tile of K is loaded before anyone asks whether a key is seen.
    loads += dim * (Math.min(keys, Math.max(1, Math.ceil(seen / bc)) * bc) + Math.min(keys, Math.ceil(seen / bc) * bc));
  }
  return flashBytes(shape, loads);
}

/** One dispatch, one workgroup a block of Br query rows. */
export const flashFastShared: KernelCard = {
  id: 'flash-fast-shared',
  interpreted: true,
  tiles,
  passes,
  sramBytes,
  limit: (run, limits) => firstRefusal(passes(run), run.shape, sramBytes(run), limits),
  requested,
};
