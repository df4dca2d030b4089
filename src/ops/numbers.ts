// The numbers of each op: what it is given, what it costs, and what its answer is held against. A list of its own
// beside ./index: it comes with the first run, not with the page, which only needs to know what ops there are.
import { AttnError } from '../errors';
import { attentionBackwardNumbers } from './attention-backward/numbers';
import type { Checked } from './attention/check';
import { attentionNumbers } from './attention/numbers';
import type { Outputs, Reference } from './check';
import { layernormNumbers } from './layernorm/numbers';
import type { Bytes } from './costs';
import type { Problem, Shape, TensorId } from './op';

/**
 * An op's numbers. `work` is how many multiply-adds a reference may take in f64, and again in f32: of all rows where
 * that is enough, else of some.
 */
export interface OpNumbers {
  /** What a tensor holds before anything runs; undefined for those that kernels write. */
  given(tensor: TensorId, problem: Problem): Float32Array | Uint32Array | undefined;
  /** Floating-point operations, by formula. */
  flops(shape: Shape): number;
  /** Each tensor once: bytes that no kernel can do without. */
  compulsory(shape: Shape): Bytes;
  /** Multiply-adds that a reference for about `work` takes. */
  workOf(problem: Problem, work: number): number;
  reference(problem: Problem, work: number): Reference;
  /** Holds an answer against a reference. */
  judge(problem: Problem, reference: Reference, answer: Outputs): Checked;
}

export const NUMBERS: Readonly<Record<string, OpNumbers>> = {
  attention: attentionNumbers,
  'attention-backward': attentionBackwardNumbers,
  layernorm: layernormNumbers,
};

/** The numbers of an op. Throws `unexpected` for one that is not in the list. */
export function numbersOf(op: string): OpNumbers {
  const numbers = Object.hasOwn(NUMBERS, op) ? NUMBERS[op] : undefined;
  if (!numbers) throw new AttnError('unexpected', { message: `no numbers of ${op}` });
  return numbers;
}
