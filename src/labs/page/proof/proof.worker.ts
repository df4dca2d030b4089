// Fills the memory of a step and computes the f64 answer in a worker, so that playback does not wait for it.
import { answerWith, type Reply } from '../../../ask';
import { layOut, type ProofMemory, type ProofPlan, type ReadSequence } from './layout';

const answers = {
  lay(
    { plan, read, dim }: { plan: ProofPlan; read: readonly ReadSequence[]; dim: number },
    { give }: Reply,
  ): ProofMemory {
    const memory = layOut(plan, read, dim);
    const { paged, contiguous, expected, f32 } = memory;
    const arrays = [
      paged.q,
      paged.kPool,
      paged.vPool,
      contiguous.kPool,
      contiguous.vPool,
      expected.o,
      expected.lse,
      f32.o,
      f32.lse,
    ];
    give.push(...arrays.map(({ buffer }) => buffer as ArrayBuffer));
    return memory;
  },
};

export type ProofAnswers = typeof answers;
answerWith(answers);
