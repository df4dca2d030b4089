// Attention as one call: computed by the kernel that the page shows, and held against f64 on this very device.
import { CHECK_WORK, errorOf, throwIfWrong, type Answer, type Checked, type Warning } from '../../ops/attention/check';
import { AttnError } from '../../errors';
import { inputsOfPeers } from '../../ops/attention/inputs';
import type { Inputs, Shape } from '../../ops/attention/shape';
import type { Run, Tile } from '../../ops/run';
import { checkRun } from '../../kernels/check';
import { fittingTile, kernelById } from '../../kernels';
import { startCheck } from '../check';
import type { Prepared } from './run';
import { checkFits, prepare } from './run';
import type { Session } from './session';

/** What `runAttention` takes. Q is [batch, heads, queries, dim], K and V [batch, kvHeads, keys, dim], row-major f32. */
export interface AttentionRequest extends Inputs {
  kernel: string;
  shape: Shape;
  /** 1 / sqrt(dim) when absent. */
  scale?: number;
  /** The first tile that fits the device when absent. */
  tile?: Tile;
}

/** O [batch, heads, queries, dim] and LSE [batch, heads, queries] (natural logarithm). A row that sees nothing: O = 0, LSE <= -1e30. */
export interface AttentionResult extends Answer {
  /** max |O - f64| over the rows that were checked (`rows` of all, evenly spread), and the same of a plain f32 reference. */
  error: { max: number; f32: number; rows: number };
  /** What f32 could not hold of this answer, or no longer tells apart; empty for an ordinary one. */
  warnings: readonly Warning[];
}

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

/** Runs once, reads O and LSE, and frees the buffers. */
async function compute(prepared: Prepared): Promise<Answer> {
  try {
    prepared.submit();
    return { o: await prepared.read('O'), lse: await prepared.read('LSE') };
  } finally {
    prepared.dispose();
  }
}

/** Runs once and holds the answer against f64. Throws `check-failed`, and what `prepare` throws. */
async function computeChecked(session: Session, run: Run, inputs: Inputs): Promise<Answer & { checked: Checked }> {
  checkFits(session, run, inputs);
  const checking = startCheck(run, inputs, CHECK_WORK.answer);
  const answer = await compute(await prepare(session, run, inputs));
  const checked = await checking.of(answer);
  throwIfWrong(run.kernel, checked);
  return { ...answer, checked };
}

const checks = new WeakMap<Session, Map<string, Promise<number>>>();

async function check(session: Session, kernel: string, shape: Shape): Promise<number> {
  const { checked } = await computeChecked(session, runOf(session, { kernel, shape }), inputsOfPeers(shape, CHECK_SEED));
  return checked.max;
}

/**
 * Holds a kernel against the f64 oracle on this device, once a session: nothing of a kernel is shown before.
 * @param dim row length of the run that is to be shown
 * @returns the largest error of O
 * @throws AttnError `check-failed` (kernel, tensor, error, bound, f32), and whatever `prepare` throws
 */
export function checkKernel(session: Session, kernel: string, dim = 64): Promise<number> {
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
 * O = softmax(scale Q Kᵀ + mask) V on the GPU, held against f64 by the rule of `judge`.
 * @throws AttnError `kernel-unknown`, `shape-invalid`, `inputs-mismatch`, `inputs-not-finite`, `over-limit`, `check-failed` where the kernel is wrong,
 * `out-of-memory`, `compile-failed`, `device-lost`
 */
export async function runAttention(session: Session, request: AttentionRequest): Promise<AttentionResult> {
  const { q, k, v } = request;
  const { o, lse, checked } = await computeChecked(session, runOf(session, request), { q, k, v });
  return { o, lse, error: errorOf(checked), warnings: checked.warnings };
}
