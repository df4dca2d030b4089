// Compares three answers to one step: the paged kernel through the block tables on screen, the same kernel over
// contiguous keys, and f64.
import { lineTo } from '../../../ask';
import { runPaged } from '../../../machine/paged';
import { boundOf, CHECK_WORK } from '../../../ops/check';
import { maxDifference } from '../../../machine/compare';
import type { Machine } from '../../../machine/machine';
import type { ProofMemory, ProofPlan, ReadSequence } from './layout';
import type { ProofAnswers } from './proof.worker';

/** Largest differences over O. */
export interface Difference {
  readonly pagedContiguous: number;
  readonly pagedF64: number;
}

export interface Proof
  extends Difference, Pick<ProofMemory, 'fromModel' | 'generated' | 'slots' | 'poisoned' | 'scattered' | 'entries'> {
  readonly requests: number;
  readonly queries: number;
  readonly keys: number;
  /** The error of plain f32 arithmetic against f64. */
  readonly f32: number;
  /** The largest |paged - f64| allowed, by the one rule for all kernels: 2 f32 + 4e-6 (1 + max |O|). */
  readonly bound: number;
  /** By request. */
  readonly of: ReadonlyMap<number, Difference>;
}

/** Fills the memory of one plan after the other in a worker. */
export interface LayoutWorker {
  /** @throws AttnError `cancelled` when disposed meanwhile, `unexpected` */
  lay(plan: ProofPlan, read: readonly ReadSequence[], dim: number): Promise<ProofMemory>;
  dispose(): void;
}

export function createLayoutWorker(): LayoutWorker {
  const { ask, end } = lineTo<ProofAnswers>(
    () => new Worker(new URL('./proof.worker.ts', import.meta.url), { type: 'module', name: 'proof' }),
  );
  return { lay: (plan, read, dim) => ask('lay', { plan, read, dim }), dispose: end };
}

/**
 * Runs the paged kernel over the pool and over the contiguous keys. Every row of both is compared with f64 here, so a
 * short check by the machine is enough.
 * @throws AttnError what `runPaged` throws
 */
export async function prove(machine: Machine, plan: ProofPlan, memory: ProofMemory): Promise<Proof> {
  const { paged, contiguous, expected } = memory;
  const got = await runPaged(machine, paged, { work: CHECK_WORK.timed });
  const piece = await runPaged(machine, contiguous, { work: CHECK_WORK.timed });
  const { queryStarts, sequenceLengths } = plan.inputs;
  const between = (from: number, to: number): Difference => {
    const part = (o: Float32Array): Float32Array => o.subarray(from * paged.dim, to * paged.dim);
    return {
      pagedContiguous: maxDifference(part(got.o), part(piece.o)),
      pagedF64: maxDifference(part(got.o), part(expected.o)),
    };
  };
  const queries = queryStarts.at(-1) ?? 0;
  const f32 = maxDifference(memory.f32.o, expected.o);
  const { fromModel, generated, slots, poisoned, scattered, entries } = memory;
  return {
    ...between(0, queries),
    fromModel,
    generated,
    slots,
    poisoned,
    scattered,
    entries,
    requests: plan.rows.length,
    queries,
    keys: sequenceLengths.reduce((sum, length) => sum + length, 0),
    f32,
    bound: boundOf(f32, expected.o),
    of: new Map(plan.rows.map(({ request }, r) => [request, between(queryStarts[r]!, queryStarts[r + 1]!)])),
  };
}
