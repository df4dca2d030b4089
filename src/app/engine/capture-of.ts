// Runs the kernel of a choice on a machine; its answer is checked there before anything of it is shown.
import type { CaptureSession, Machine, RunOptions } from '../../machine/machine';
import { runOf, type Choice } from '../../figure/choice';
import { metaOf, type Problem } from './problem';
import type { State } from '../state';

/** The capture of a choice's problem. Throws what `Machine.capture` throws. */
export const captureOf = (
  machine: Machine,
  problem: Problem,
  choice: Choice,
  { row, thread }: Pick<State, 'row' | 'thread'>,
  options: RunOptions,
): Promise<CaptureSession> =>
  machine.capture(runOf(choice, problem.shape, machine.limits), problem.inputs, metaOf(problem, choice, row.peek(), thread.peek()), {
    ...options,
    lines: 'later',
    plain: 'later',
  });
