// Attention as one call: checked on this very device first, then computed by the kernel that the page shows.
import { AttnError } from '../attention/errors';
import { inputsOfPeers } from '../attention/inputs';
import { attendPlane } from '../attention/oracle';
import type { Inputs, Shape } from '../attention/shape';
import type { KernelId, Run, Tile } from '../kernels/card';
import { checkRun, fittingTile, kernelById } from '../kernels/index';
import type { Prepared } from './run';
import { prepare } from './run';
import type { Session } from './session';

/** What `runAttention` takes. Q is [batch, heads, queries, dim], K and V [batch, kvHeads, keys, dim], row-major f32. */
export interface AttentionRequest extends Inputs {
  kernel: KernelId;
  shape: Shape;
  /** 1 / sqrt(dim) when absent. */
  scale?: number;
  /** The first tile that fits the device when absent. */
  tile?: Tile;
}

/** O [batch, heads, queries, dim] and LSE [batch, heads, queries] (natural logarithm). A row that sees nothing: O = 0, LSE <= -1e30. */
export interface AttentionResult {
  o: Float32Array;
  lse: Float32Array;
}

/** A number may be off by this, relative to 1 + |want|, with inputs of unit variance. */
export const TOLERANCE = 4e-6;

/**
 * Small, yet with what can go wrong: blocks that do not divide, grouped heads, a mask, more keys than queries. Rows that do not divide by 4 run
 * another text (lib/chunk1.wgsl), which is checked by itself.
 */
const checkedShape = (dim: number): Shape => ({
  batch: 1,
  heads: 2,
  kvHeads: 1,
  queries: 37,
  keys: 43,
  dim: dim % 4 === 0 ? 32 : 33,
  mask: 'causal',
});
const CHECK_SEED = 1;

/** The run that a request asks for, with the defaults filled in. Throws `shape-invalid`, `kernel-unknown`. */
export function runOf({ limits }: Pick<Session, 'limits'>, { kernel, shape, scale, tile }: Omit<AttentionRequest, keyof Inputs>): Run {
  const run = { kernel, shape, ...(scale !== undefined && { scale }) };
  const chosen = tile ?? fittingTile(kernelById(kernel), run, limits);
  const complete = { ...run, tile: chosen };
  checkRun(complete);
  return complete;
}

async function compute(prepared: Prepared): Promise<AttentionResult> {
  try {
    prepared.submit();
    return { o: await prepared.read('O'), lse: await prepared.read('LSE') };
  } finally {
    prepared.dispose();
  }
}

/**
 * The largest error against the f64 oracle, relative to 1 + |want|, over O and LSE of every plane.
 * A number that is no number counts as infinitely wrong.
 */
export function errorOf({ shape, scale }: Pick<Run, 'shape' | 'scale'>, inputs: Inputs, { o, lse }: AttentionResult): number {
  let worst = 0;
  const compare = (got: Float32Array, offset: number, want: Float64Array) => {
    want.forEach((x, i) => {
      const error = Math.abs(got[offset + i]! - x) / (1 + Math.abs(x));
      if (!(error <= worst)) worst = Number.isNaN(error) ? Infinity : error;
    });
  };
  for (let plane = 0; plane < shape.batch * shape.heads; plane++) {
    const want = attendPlane(shape, inputs, plane, scale);
    compare(o, plane * want.o.length, want.o);
    compare(lse, plane * want.lse.length, want.lse);
  }
  return worst;
}

const checks = new WeakMap<Session, Map<string, Promise<number>>>();

async function check(session: Session, kernel: KernelId, shape: Shape): Promise<number> {
  const run = runOf(session, { kernel, shape });
  const inputs = inputsOfPeers(shape, CHECK_SEED);
  const error = errorOf(run, inputs, await compute(await prepare(session, run, inputs)));
  if (error > TOLERANCE) throw new AttnError('check-failed', { kernel, error, bound: TOLERANCE });
  return error;
}

/**
 * Holds a kernel against the f64 oracle on this device, once a session: nothing of a kernel is shown before.
 * @param dim row length of the run that is to be shown
 * @returns the largest error found, relative to 1 + |want|
 * @throws AttnError `check-failed` (kernel, error, bound), and whatever `prepare` throws
 */
export function checkKernel(session: Session, kernel: KernelId, dim = 64): Promise<number> {
  const shape = checkedShape(dim);
  const key = `${kernel} ${shape.dim}`;
  const known = checks.get(session) ?? new Map<string, Promise<number>>();
  checks.set(session, known);
  const pending = known.get(key) ?? check(session, kernel, shape);
  known.set(key, pending);
  pending.catch((thrown: unknown) => {
    // A wrong answer stays wrong; anything else (memory, loss) may pass.
    if (!(thrown instanceof AttnError && thrown.code === 'check-failed')) known.delete(key);
  });
  return pending;
}

/**
 * O = softmax(scale Q Kᵀ + mask) V on the GPU.
 * @throws AttnError `kernel-unknown`, `shape-invalid`, `inputs-mismatch`, `inputs-not-finite`, `over-limit`, `check-failed`, `out-of-memory`,
 * `compile-failed`, `device-lost`
 */
export async function runAttention(session: Session, request: AttentionRequest): Promise<AttentionResult> {
  const run = runOf(session, request);
  const prepared = await prepare(session, run, request);
  try {
    await checkKernel(session, run.kernel, run.shape.dim);
  } catch (thrown) {
    prepared.dispose();
    throw thrown;
  }
  return compute(prepared);
}
