// Lays a step's memory out and answers it in f64, away from the page's own thread: play must not wait for it.
import { answerWith, type Reply } from '../../../ask';
import { layOut, type LaidOut, type ProofPlan, type ReadSequence } from './layout';

const answers = {
  lay({ plan, read, dim }: { plan: ProofPlan; read: readonly ReadSequence[]; dim: number }, { give }: Reply): LaidOut {
    const laid = layOut(plan, read, dim);
    const { paged, whole, want, f32 } = laid;
    const arrays = [paged.q, paged.kPool, paged.vPool, whole.kPool, whole.vPool, want.o, want.lse, f32.o, f32.lse];
    give.push(...arrays.map(({ buffer }) => buffer as ArrayBuffer));
    return laid;
  },
};

export type ProofAnswers = typeof answers;
answerWith(answers);
