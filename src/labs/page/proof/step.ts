// Opens a request's step in the Step lab: its query rows, with K and V gathered block by block through its table,
// captured as the paged kernel runs.
import { gatherKeys } from '../../../ops/attention/batch';
import type { Pages } from '../../../ops/attention/pages';
import type { Inputs, Shape } from '../../../ops/attention/shape';
import { PAGED } from '../../../kernels';
import type { Trace } from '../../../trace/trace';
import type { Machine } from '../../../machine/machine';
import { runOf } from '../../../machine/run-of';
import type { ProofMemory, ProofPlan } from './layout';

/** One row of a batch as a problem of its own. */
export interface StepProblem {
  readonly shape: Shape;
  readonly inputs: Inputs;
}

/**
 * Why a request's step cannot be shown: it computed nothing in this one, or its first blocks have slid out of the
 * window.
 */
export type NotShown = 'not-in-batch' | 'slid-out';

/** The row of a request in a plan, or why it cannot be shown. */
export function rowOf({ rows, inputs, window }: ProofPlan, request: number): number | NotShown {
  const r = rows.findIndex((row) => row.request === request);
  if (r < 0) return 'not-in-batch';
  return window > 0 && inputs.sequenceLengths[r]! > window ? 'slid-out' : r;
}

/** Row r of a batch: K and V out of the pool, through the same physical blocks. */
export function problemOf(plan: ProofPlan, { paged }: ProofMemory, r: number): StepProblem {
  const { dim, kPool, vPool, q } = paged;
  const { sequenceLengths, queryStarts, indptr, indices, blockSize } = plan.inputs;
  const [keys, from, to] = [sequenceLengths[r]!, queryStarts[r]!, queryStarts[r + 1]!];
  const table = [...indices.subarray(indptr[r], indptr[r + 1])];
  const pages: Pages = { size: blockSize, blocks: Math.max(...table) + 1, table, width: table.length };
  const shape: Shape = { batch: 1, heads: 1, kvHeads: 1, queries: to - from, keys, dim, mask: 'causal', pages };
  const gather = (pool: Float32Array): Float32Array => gatherKeys(paged, pool, r, 0, keys);
  return { shape, inputs: { q: q.slice(from * dim, to * dim), k: gather(kPool), v: gather(vPool) } };
}

/**
 * Captures a problem with the paged kernel.
 * @param tokens one word for each key
 * @throws AttnError what `Machine.capture` throws
 */
export async function captureStep(
  machine: Machine,
  { shape, inputs }: StepProblem,
  input: string,
  tokens: readonly string[],
): Promise<Trace> {
  const capture = await machine.capture(runOf(machine, { kernel: PAGED, shape }), inputs, {
    input,
    tokens,
    row: shape.queries - 1,
  });
  capture.dispose();
  return capture.trace;
}
