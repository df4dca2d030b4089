// The check of an answer, whoever made it: held against references that are made here where they are small, in a worker while the kernel runs where not.
import { throwIfWrong } from '../ops/check';
import { judge, spreadReference, workOf, type Answer, type Checkable, type Checked } from '../ops/attention/check';
import type { CheckAnswers } from '../ops/attention/check.worker';
import { lineTo } from '../ask';
import type { Inputs } from '../ops/attention/shape';
import type { Run } from '../ops/run';

/** Multiply-adds that the page's own thread does itself. */
const SMALL = 1e6;

/** The one worker that makes references; it starts with the first large one. */
const { ask } = lineTo<CheckAnswers>(
  () => new Worker(new URL('../ops/attention/check.worker.ts', import.meta.url), { type: 'module', name: 'check' }),
);

/** A check under way. */
export interface Check {
  /** What is to be said of an answer, right or wrong. Throws `unexpected` where the reference could not be made. */
  of(answer: Answer): Promise<Checked>;
  /** The same of an answer that is handed on. Throws `check-failed` (kernel, tensor, error, bound, f32) where it is wrong. */
  hold(answer: Answer): Promise<Checked>;
}

const checkable = ({ shape, scale }: Run): Checkable => ({ shape, ...(scale !== undefined && { scale }) });

/**
 * Begins to make the reference of a run.
 * @param work multiply-adds to spend, in f64 and again in f32: all rows where that is enough, else evenly spread ones
 */
export function startCheck(run: Run, inputs: Inputs, work: number): Check {
  const of = checkable(run);
  const away = workOf(run.shape, work) > SMALL && typeof Worker !== 'undefined';
  const reference = away ? ask('reference', { run: of, inputs, work }) : undefined;
  reference?.catch(() => undefined); // whoever asks for the verdict is told
  const check = async (answer: Answer): Promise<Checked> =>
    judge(of, inputs, (await reference) ?? spreadReference(of, inputs, work), answer);
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
export function holdNow(run: Run, inputs: Inputs, work: number, answer: Answer): Checked {
  const of = checkable(run);
  const checked = judge(of, inputs, spreadReference(of, inputs, work), answer);
  throwIfWrong(run.kernel, checked);
  return checked;
}
