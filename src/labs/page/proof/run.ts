// Holds a step's answers against each other: the paged kernel through the block table on screen, the same keys in one piece, and f64.
import { lineTo } from '../../../ask';
import { runPaged } from '../../../machine/paged';
import { boundOf, CHECK_WORK } from '../../../ops/attention/check';
import { maxDifference } from '../../../machine/compare';
import type { Machine } from '../../../machine/machine';
import type { LaidOut, ProofPlan, ReadSequence } from './layout';
import type { ProofAnswers } from './proof.worker';

/** Largest differences over O. */
export interface Difference {
  readonly pagedWhole: number;
  readonly pagedF64: number;
}

export interface Proof extends Difference, Pick<LaidOut, 'fromModel' | 'generated' | 'slots' | 'poisoned' | 'scattered' | 'entries'> {
  readonly requests: number;
  readonly queries: number;
  readonly keys: number;
  /** What plain f32 arithmetic is off by from f64. */
  readonly f32: number;
  /** What |paged - f64| may be, by the one rule for all kernels: 2 f32 + 4e-6 (1 + max |O|). */
  readonly bound: number;
  /** By request. */
  readonly of: ReadonlyMap<number, Difference>;
}

/** Lays plans out, one after the other, in a worker. */
export interface Layer {
  /** @throws AttnError `cancelled` when disposed meanwhile, `unexpected` */
  lay(plan: ProofPlan, read: readonly ReadSequence[], dim: number): Promise<LaidOut>;
  dispose(): void;
}

export function createLayer(): Layer {
  const { ask, end } = lineTo<ProofAnswers>(
    () => new Worker(new URL('./proof.worker.ts', import.meta.url), { type: 'module', name: 'proof' }),
  );
  return { lay: (plan, read, dim) => ask('lay', { plan, read, dim }), dispose: end };
}

/**
 * Runs the paged kernel over the pool and over the keys in one piece. Every row of both is held against f64 here; the machine's own check of some is enough.
 * @throws AttnError what `runPaged` throws
 */
export async function prove(machine: Machine, plan: ProofPlan, laid: LaidOut): Promise<Proof> {
  const { paged, whole, want } = laid;
  const got = await runPaged(machine, paged, { work: CHECK_WORK.timed });
  const piece = await runPaged(machine, whole, { work: CHECK_WORK.timed });
  const { queryStarts, sequenceLengths } = plan.inputs;
  const between = (from: number, to: number): Difference => {
    const part = (o: Float32Array): Float32Array => o.subarray(from * paged.dim, to * paged.dim);
    return { pagedWhole: maxDifference(part(got.o), part(piece.o)), pagedF64: maxDifference(part(got.o), part(want.o)) };
  };
  const queries = queryStarts.at(-1) ?? 0;
  const f32 = maxDifference(laid.f32.o, want.o);
  const { fromModel, generated, slots, poisoned, scattered, entries } = laid;
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
    bound: boundOf(f32, want.o),
    of: new Map(plan.rows.map(({ request }, r) => [request, between(queryStarts[r]!, queryStarts[r + 1]!)])),
  };
}
