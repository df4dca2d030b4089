// Captures beside the page's own: another choice's run, checked like the first, which changes nothing of what is on screen.
import { asAttnError } from '../../errors';
import type { CaptureSession, Machine, RunOptions } from '../../machine/machine';
import type { Beside, CaptureBeside } from '../../labs/compare/other';
import type { Choice } from '../../figure/choice';
import type { Problem } from './problem';
import { fetchRecorded, hasRecording } from './recorded';

export interface BesideEnv {
  machine(): Promise<Machine>;
  problem(choice: Choice): Promise<Problem>;
  capture(machine: Machine, problem: Problem, choice: Choice, options: RunOptions): Promise<CaptureSession>;
}

/** Without a device the run is interpreted; where that would take too long or cannot be, the stored capture of the chosen kernel stands in, if there is one. */
export function createBeside({ machine, problem, capture }: BesideEnv): CaptureBeside {
  return async (choice, { signal, onProgress }): Promise<Beside> => {
    const [open, asked] = await Promise.all([machine(), problem(choice)]);
    let made;
    try {
      made = await capture(open, asked, choice, { signal, onProgress });
    } catch (thrown) {
      const { code } = asAttnError(thrown);
      if ((code !== 'too-slow' && code !== 'cannot-interpret') || !hasRecording(choice.kernel)) throw thrown;
      return { trace: await fetchRecorded(choice), dispose: () => undefined };
    }
    return {
      trace: made.trace,
      workgroup: (pass, workgroup, thread) => made.workgroup(pass, workgroup, thread),
      dispose: () => made.dispose(),
    };
  };
}
