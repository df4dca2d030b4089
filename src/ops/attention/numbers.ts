// What attention is given, and what its answer is held against.
import { compulsoryBytes, flops } from './cost';
import type { OpNumbers } from '../numbers';
import { answerOf, judge, spreadReference, workOf } from './check';
import { isPoolTensor, poolData } from './pages';

export const attentionNumbers: OpNumbers = {
  given(tensor, { shape, inputs: { q, k, v } }) {
    if (tensor === 'Q') return q;
    if (tensor === 'K') return k;
    if (tensor === 'V') return v;
    return isPoolTensor(tensor) ? poolData(tensor, shape, { k, v }) : undefined;
  },
  flops,
  compulsory: compulsoryBytes,
  workOf: ({ shape }, work) => workOf(shape, work),
  reference: (problem, work) => spreadReference(problem, problem.inputs, work),
  judge: (problem, reference, answer) => judge(problem, problem.inputs, reference, answerOf(answer)),
};
