// The references that answers are held against: small ones are made here, large ones in a worker, while the kernel runs.
import { judge, spreadReference, workOf, type Answer, type Checkable, type Checked } from '../ops/attention/check';
import type { CheckAnswers } from '../ops/attention/check.worker';
import { lineTo } from '../ask';
import type { Inputs } from '../ops/attention/shape';

/** Multiply-adds that the page's own thread does itself. */
const SMALL = 1e6;

/** The one worker that makes references; it starts with the first large one. */
const { ask } = lineTo<CheckAnswers>(
  () => new Worker(new URL('../ops/attention/check.worker.ts', import.meta.url), { type: 'module', name: 'check' }),
);

/** A check under way. */
export interface Check {
  /** Holds an answer against f64. Throws `unexpected` where the reference could not be made. */
  of(answer: Answer): Promise<Checked>;
}

/**
 * Begins to make the reference of a run.
 * @param work multiply-adds to spend, in f64 and again in f32: all rows where that is enough, else evenly spread ones
 */
export function startCheck({ shape, scale }: Checkable, inputs: Inputs, work: number): Check {
  const run: Checkable = { shape, ...(scale !== undefined && { scale }) };
  const away = workOf(shape, work) > SMALL && typeof Worker !== 'undefined';
  const reference = away ? ask('reference', { run, inputs, work }) : undefined;
  reference?.catch(() => undefined); // whoever asks for the verdict is told
  return { of: async (answer) => judge(run, inputs, (await reference) ?? spreadReference(run, inputs, work), answer) };
}
