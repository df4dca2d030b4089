// Proves the step that the page rests on, one step at a time; a newer request replaces a waiting one. It outlives a
// change of language or theme.
import { TENSOR_OF } from '../../../ops/attention/shape';
import { signal, type ReadonlySignal } from '@preact/signals-core';
import { asAttnError, AttnError } from '../../../errors';
import type { Machine } from '../../../machine/machine';
import type { State } from '../../../paging';
import { costOf, planOf, type ProofMemory, type ProofPlan, type ReadSequence } from './layout';
import { createLayoutWorker, prove, type LayoutWorker, type Proof } from './run';
import { PAGE_DIM, type PageTokens } from '../../../figure/paging/tokens';

export interface Proved {
  /** The batch by identity: every moment has its own. */
  readonly batch: State['batch'];
  readonly step: number;
  readonly plan: ProofPlan;
  /** Both memories, where they are small enough to keep. */
  readonly memory: ProofMemory | undefined;
  readonly proof: Proof;
}

export interface ProofState {
  readonly stage?: 'layout' | 'kernel';
  readonly result?: Proved;
  /** The batch that is too large to be run unasked. */
  readonly large?: State['batch'];
  /** Why the batch was not run. */
  readonly failed?: { readonly batch: State['batch']; readonly error: AttnError };
}

export interface ProofStore {
  readonly state: ReadonlySignal<ProofState>;
  /**
   * Both memories of a state's last step; needs no device. @throws AttnError `inputs-mismatch` where it had no query
   */
  layOut(of: State): Promise<{ plan: ProofPlan; memory: ProofMemory }>;
  /**
   * Proves the last step of a state, unless that is done. @param asked a large one is run only when somebody asks for
   * it
   */
  prove(of: State, asked: boolean): void;
}

/** The most that is run unasked: multiply-adds, and bytes of both memories. */
const UNASKED = { work: 5e7, bytes: 24 * 2 ** 20 };

interface ProofStoreEnv {
  /** The machine, once the page's own first run is over. */
  machine(): Promise<Machine>;
  tokens: PageTokens;
  onError(error: AttnError): void;
}

export function createProofStore({ machine, tokens, onError }: ProofStoreEnv): ProofStore {
  const state = signal<ProofState>({});
  let layer: LayoutWorker | undefined;
  let next: { of: State; asked: boolean } | undefined;
  let busy = false;

  /** What the model computes for requests with a given text, as far as its context reaches. */
  const readAll = async (of: State, plan: ProofPlan): Promise<ReadSequence[]> => {
    const read: ReadSequence[] = [];
    for (const { request, tokens: ids } of plan.rows) {
      if (of.requests.at(request).source !== 'outside') continue;
      try {
        read.push({ tokens: [...ids], ...(await tokens.statesOf([...ids])) });
      } catch (thrown) {
        // Tokens that the model cannot read get generated numbers, and are counted as generated.
        const error = asAttnError(thrown);
        if (error.code !== 'tokens-too-many') onError(error);
      }
    }
    return read;
  };

  const layOut = async (of: State, plan: ProofPlan): Promise<ProofMemory> => {
    const read = await readAll(of, plan);
    layer ??= createLayoutWorker();
    return layer.lay(plan, read, PAGE_DIM);
  };

  const one = async (of: State, asked: boolean): Promise<void> => {
    const { batch, step } = of;
    const { result, large, failed } = state.peek();
    const keep = result ? { result } : {};
    if (result?.batch === batch || (!asked && (large === batch || failed?.batch === batch))) return;
    const { work, bytes } = costOf(of, PAGE_DIM);
    if (!asked && (work > UNASKED.work || bytes > UNASKED.bytes)) {
      state.value = { ...keep, large: batch };
      return;
    }
    const plan = planOf(of);
    if (!plan) return;
    try {
      state.value = { ...keep, stage: 'layout' };
      const memory = await layOut(of, plan);
      state.value = { ...keep, stage: 'kernel' };
      const proof = await prove(await machine(), plan, memory);
      state.value = { result: { batch, step, plan, memory: bytes > UNASKED.bytes ? undefined : memory, proof } };
    } catch (thrown) {
      const error = asAttnError(thrown);
      state.value = { ...keep, failed: { batch, error } };
      if (error.code !== 'cancelled') onError(error);
    }
  };

  const serve = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    while (next) {
      const { of, asked } = next;
      next = undefined;
      await one(of, asked);
    }
    busy = false;
  };

  return {
    state,
    async layOut(of) {
      const known = state.peek().result;
      if (known?.memory && known.batch === of.batch) return { plan: known.plan, memory: known.memory };
      const plan = planOf(of);
      if (!plan) throw new AttnError('inputs-mismatch', { tensor: TENSOR_OF.q, got: 0, want: 1 });
      return { plan, memory: await layOut(of, plan) };
    },
    prove(of, asked) {
      next = { of, asked };
      void serve();
    },
  };
}
