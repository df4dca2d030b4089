// The check of an answer, whoever made it: held against references that are made here where they are small, in a worker
// while the kernel runs where not.
import { lineTo } from '../ask';
import { opOf } from '../kernels';
import type { Checked } from '../ops/attention/check';
import type { Inputs } from '../ops/attention/shape';
import { throwIfWrong, type Outputs } from '../ops/check';
import { numbersOf } from '../ops/numbers';
import type { Problem } from '../ops/op';
import type { Run } from '../ops/run';
import type { CheckAnswers } from './check.worker';

/** Multiply-adds that the page's own thread does itself. */
const SMALL = 1e6;

/** The one worker that makes references; it starts with the first large one. */
const { ask } = lineTo<CheckAnswers>(
  () => new Worker(new URL('./check.worker.ts', import.meta.url), { type: 'module', name: 'check' }),
);

/** A check under way. */
export interface Check {
  /** What is to be said of an answer, right or wrong. Throws `unexpected` where the reference could not be made. */
  of(answer: Outputs): Promise<Checked>;
  /**
   * The same of an answer that is handed on. Throws `check-failed` (kernel, tensor, error, bound, f32) where it is
   * wrong.
   */
  hold(answer: Outputs): Promise<Checked>;
}

const problemOf = ({ shape, scale }: Run, inputs: Inputs): Problem => ({
  shape,
  inputs,
  ...(scale !== undefined && { scale }),
});

/**
 * Begins to make the reference of a run.
 * @param work multiply-adds to spend, in f64 and again in f32: all rows where that is enough, else evenly spread ones
 */
export function startCheck(run: Run, inputs: Inputs, work: number): Check {
  const op = opOf(run).id;
  const problem = problemOf(run, inputs);
  const { workOf, reference, judge } = numbersOf(op);
  const away = workOf(problem, work) > SMALL && typeof Worker !== 'undefined';
  const made = away ? ask('reference', { op, problem, work }) : undefined;
  made?.catch(() => undefined); // whoever asks for the verdict is told
  const check = async (answer: Outputs): Promise<Checked> =>
    judge(problem, (await made) ?? reference(problem, work), answer);
  return {
    of: check,
    hold: async (answer) => {
      const checked = await check(answer);
      throwIfWrong(run.kernel, checked);
      return checked;
    },
  };
}

/** The check of an answer that was made away from the page's own thread, there and then. Throws `check-failed`. */
export function holdNow(run: Run, inputs: Inputs, work: number, answer: Outputs): Checked {
  const problem = problemOf(run, inputs);
  const { reference, judge } = numbersOf(opOf(run).id);
  const checked = judge(problem, reference(problem, work), answer);
  throwIfWrong(run.kernel, checked);
  return checked;
}
