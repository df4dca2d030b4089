// Runs the kernel of a choice on the page's machine; its answer is checked there before anything of it is shown.
import { asAttnError } from '../errors';
import type { CaptureSession, Machine, RunOptions } from '../machine/machine';
import type { Trace } from '../trace/trace';
import type { Choice } from './choice';
import { metaOf, type Problem } from './problem';
import { runOf } from './run-of';

/** What of a run is looked at first: its workgroups are captured where not all fit. */
export interface Looks {
  row: number | undefined;
  thread: number;
}

/** The capture of a choice's problem. Throws what `Machine.capture` throws. */
export const captureOf = (
  machine: Machine,
  problem: Problem,
  choice: Choice,
  { row, thread }: Looks,
  options: RunOptions,
): Promise<CaptureSession> =>
  machine.capture(runOf(choice, problem.shape, machine.limits), problem.inputs, metaOf(problem, choice, row, thread), {
    ...options,
    lines: 'later',
    plain: 'later',
  });

/**
 * A run that was captured, or a recording of one: that has no more to give than what it holds, so `workgroup` is
 * absent.
 */
export interface Made extends Pick<CaptureSession, 'trace'>, Partial<Pick<CaptureSession, 'workgroup'>> {
  dispose(): void;
}

/** Captures the run of any choice; nothing that is on screen changes by it. Throws AttnError. */
export type CaptureChoice = (
  choice: Choice,
  options: { signal: AbortSignal; onProgress(part: number): void },
) => Promise<Made>;

export interface CaptureEnv {
  machine(): Promise<Machine>;
  problem(choice: Choice): Promise<Problem>;
  looks?(): Looks;
  /**
   * The stored capture of a choice's kernel, if there is one: it stands in where a run cannot be interpreted, or not
   * soon.
   */
  recorded?(choice: Choice): Promise<Trace> | undefined;
  /** A run came to its end on the device. */
  settled?(): void;
}

export function createCapture({ machine, problem, looks, recorded, settled }: CaptureEnv): CaptureChoice {
  return async (choice, options) => {
    const [open, asked] = await Promise.all([machine(), problem(choice)]);
    try {
      const made = await captureOf(open, asked, choice, looks?.() ?? { row: undefined, thread: 0 }, options);
      if (open.kind === 'gpu') settled?.();
      return made;
    } catch (thrown) {
      const { code } = asAttnError(thrown);
      const stored = code === 'too-slow' || code === 'cannot-interpret' ? recorded?.(choice) : undefined;
      if (!stored) throw thrown;
      return { trace: await stored, dispose: () => undefined };
    }
  };
}
