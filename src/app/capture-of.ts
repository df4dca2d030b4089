// Runs a kernel, on the device or without one, and checks its answer before anything of it is shown.
import { AttnError } from '../attention/errors';
import type { Trace } from '../capture/trace';
import { INTERPRETER_LIMITS } from '../cpu/limits';
import type { CaptureOptions, CaptureSession } from '../gpu/capture';
import type { Session } from '../gpu/session';
import { runOf, type Choice } from '../labs/step/choice';
import { metaOf, type Problem } from './problem';
import type { State } from './state';

/** Throws `check-failed` where |O - oracle| is over 4e-6 (1 + |O|), to which the kernels are tested. */
export function checkAnswer({ tensors, header: { run, maxOracle } }: Trace): void {
  const o = tensors.find(({ id }) => id === 'O')?.data ?? [];
  let largest = 0;
  for (const x of o) largest = Math.max(largest, Math.abs(x));
  const bound = 4e-6 * (1 + largest);
  if (!(maxOracle <= bound)) throw new AttnError('check-failed', { kernel: run.kernel, error: maxOracle, bound });
}

/** Ends with the run; `longest` = ms that it may take without a device. */
export type RunOptions = Pick<CaptureOptions, 'signal' | 'onProgress'> & { longest?: number };

/**
 * The capture of a choice's problem; interpreted where there is no device.
 * @throws AttnError `check-failed`, and what `openCapture` and `openInterpreted` throw
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
  const capture = open
    ? await (await import('../gpu/capture')).openCapture(open, wanted, problem.inputs, meta, { ...options, lines: 'later', plain: 'later' })
    : await (await import('../cpu/client')).openInterpreted(wanted, problem.inputs, meta, options);
  try {
    checkAnswer(capture.trace);
  } catch (thrown) {
    capture.dispose();
    throw thrown;
  }
  return capture;
}
