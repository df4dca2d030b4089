// Decoding: one workgroup takes one query row through all of its keys. With a single row there is nothing to reuse K
// and V for: memory alone decides.
import { keysFrom, keysSeen } from '../ops/attention/cost';
import type { ArrayLayout, Role } from '../ops/layout';
import type { Run } from '../ops/run';
import { cardById } from '.';
import type { Kernel, PassSpec } from './card';
import { BYTES, firstRefusal, flashBytes, flashPass, lanesOf, lib, shapeHeader, unscaled } from './parts';

/**
 * Threads of a workgroup, for Bc keys a step: four keys a thread, but four threads at least. More threads suit devices
 * where they run side by side, fewer those where a barrier is dear.
 */
export const threadsOf = (bc: number): number => Math.max(4, Math.floor(bc / 4));

/**
 * What the passes that take one query row through some keys share: the text, its constants, and the layouts of its
 * arrays.
 * @param bc keys a step
 */
export function rowPass(run: Run, bc: number): Pick<PassSpec, 'files' | 'header' | 'workgroupSize' | 'layouts'> {
  const { shape } = run;
  const lanes = lanesOf(shape);
  const threads = threadsOf(bc);
  const each = Math.ceil(bc / threads);
  /** Threads agree on the row's statistics, so the first speaks. */
  const ofRow = (role: Role): ArrayLayout => ({
    role,
    rows: 1,
    cols: 1,
    axes: ['query', 'one'],
    terms: [],
    speakers: threads,
  });
  return {
    files: [lib.origin, lib.chunk(shape), ...lib.mask(shape), lib.heads, lib.online, ...lib.scores(shape, 1)],
    header: {
      ...shapeHeader(run),
      BR: 1,
      BC: bc,
      WG: threads,
      KEYS: each,
      OWN: Math.ceil(shape.dim / lanes / threads),
    },
    workgroupSize: threads,
    layouts: {
      q: {
        ...ofRow('Q'),
        cols: shape.dim,
        axes: ['query', 'dim'],
        terms: [{ of: 'index', col: 1 }],
        factors: unscaled(run),
      },
      sS: { role: 'S', rows: 1, cols: bc, axes: ['query', 'key'] },
      sP: { role: 'P', rows: 1, cols: bc, axes: ['query', 'key'] },
      m: ofRow('m'),
      l: ofRow('l'),
      alpha: ofRow('alpha'),
      o: {
        role: 'O',
        rows: 1,
        cols: shape.dim,
        axes: ['query', 'dim'],
        // o[x] is chunk thread + x WG.
        terms: [
          { of: 'lane', col: lanes },
          { of: 'index', div: lanes, col: threads * lanes },
          { of: 'index', mod: lanes, col: 1 },
        ],
      },
    },
  };
}

/** The text that a row pass ends with. */
export const ROW_TEXT = 'decode.wgsl';

/** sS, sP, and two numbers a thread. */
export function rowSramBytes(bc: number): number {
  const threads = threadsOf(bc);
  return BYTES * (2 * Math.ceil(bc / threads) * threads + 2 * threads);
}

/** Elements that the threads of a row pass load of one row of V: in whole rounds of threads. */
export function vLoads({ shape }: Run, bc: number): number {
  const lanes = lanesOf(shape);
  const threads = threadsOf(bc);
  return Math.ceil(shape.dim / lanes / threads) * threads * lanes;
}

/** Elements of K and V that a row pass loads for `seen` keys: K in whole steps, V key by key. */
export function rowLoads(run: Run, bc: number, seen: number): number {
  const threads = threadsOf(bc);
  const round = Math.ceil(bc / threads) * threads;
  return Math.ceil(seen / bc) * round * run.shape.dim + seen * vLoads(run, bc);
}

function passes(run: Run): readonly PassSpec[] {
  const shared = rowPass(run, run.tile.bc);
  return [{ ...flashPass(run), ...shared, files: [...shared.files, lib.inRows, 'decode-whole.wgsl', ROW_TEXT] }];
}

function requested(run: Run): { loads: number; stores: number } {
  const { shape, tile } = run;
  let loads = shape.queries * threadsOf(tile.bc) * shape.dim;
  for (let i = 0; i < shape.queries; i++) loads += rowLoads(run, tile.bc, keysSeen(shape, i) - keysFrom(shape, i));
  return flashBytes(shape, loads);
}

const sramBytes = ({ tile }: Run): number => rowSramBytes(tile.bc);

/** One dispatch, one workgroup a query row. */
export const decode: Kernel = {
  ...cardById('decode'),
  passes,
  sramBytes,
  limit: (run, limits) => firstRefusal(passes(run), run.shape, sramBytes(run), limits),
  requested,
};
