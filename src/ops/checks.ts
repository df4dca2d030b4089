// What an answer of each op is held against, by op. A list of its own beside ./index: it is loaded with the first run, not with the page.
import { AttnError } from '../errors';
import { attentionBackwardCheck } from './attention-backward/check';
import { attentionCheck, type Checked } from './attention/check';
import type { Outputs, Reference } from './check';
import { layernormCheck } from './layernorm/check';
import type { Problem } from './op';

/** An op's references. `work` is how many multiply-adds a reference may take in f64, and again in f32: of all rows where that is enough, else of some. */
export interface OpCheck {
  /** Multiply-adds that a reference for about `work` takes. */
  workOf(problem: Problem, work: number): number;
  reference(problem: Problem, work: number): Reference;
  /** Holds an answer against a reference. */
  judge(problem: Problem, reference: Reference, answer: Outputs): Checked;
}

export const CHECKS: Readonly<Record<string, OpCheck>> = {
  attention: attentionCheck,
  'attention-backward': attentionBackwardCheck,
  layernorm: layernormCheck,
};

/** The check of an op. Throws `unexpected` for one that is not in the list. */
export function checkOf(op: string): OpCheck {
  const check = Object.hasOwn(CHECKS, op) ? CHECKS[op] : undefined;
  if (!check) throw new AttnError('unexpected', { message: `no check of ${op}` });
  return check;
}
