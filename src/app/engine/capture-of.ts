// Runs a kernel, on the device or without one; its answer is checked there before anything of it is shown.
import { INTERPRETER_LIMITS } from '../../machine/interpreter/limits';
import type { CaptureOptions, CaptureSession } from '../../machine/machine';
import type { Session } from '../../machine/gpu/session';
import { runOf, type Choice } from '../../labs/shared/choice';
import { metaOf, type Problem } from './problem';
import type { State } from '../state';

/** Ends with the run; `longest` = ms that it may take without a device. */
export type RunOptions = Pick<CaptureOptions, 'signal' | 'onProgress'> & { longest?: number };

/**
 * The capture of a choice's problem; interpreted where there is no device.
 * @throws AttnError what `openCapture` and `openInterpreted` throw
 */
export async function captureOf(
  open: Session | undefined,
  problem: Problem,
  choice: Choice,
  { row, thread }: Pick<State, 'row' | 'thread'>,
  options: RunOptions,
): Promise<CaptureSession> {
  const wanted = runOf(choice, problem.shape, open?.limits ?? INTERPRETER_LIMITS);
  const meta = metaOf(problem, choice, row.peek(), thread.peek());
  return open
    ? await (
        await import('../../machine/gpu/capture')
      ).openCapture(open, wanted, problem.inputs, meta, { ...options, lines: 'later', plain: 'later' })
    : await (await import('../../machine/interpreter/client')).openInterpreted(wanted, problem.inputs, meta, options);
}
