// Captures beside the page's own: another choice's run, checked like the first, which changes nothing of what is on screen.
import type { CaptureSession } from '../gpu/capture';
import type { Session } from '../gpu/session';
import type { Beside, CaptureBeside } from '../labs/compare/other';
import type { Choice } from '../labs/step/choice';
import type { Problem } from './problem';
import { fetchRecorded } from './recorded';

export interface BesideEnv {
  /** False once it is certain that no kernel can run here. */
  canRun(): boolean;
  session(): Promise<Session>;
  problem(choice: Choice): Promise<Problem>;
  /** Runs and checks; throws AttnError. */
  capture(
    open: Session,
    problem: Problem,
    choice: Choice,
    signal: AbortSignal,
    onProgress: (part: number) => void,
  ): Promise<CaptureSession>;
}

/** Where nothing can run, the stored capture of the chosen kernel stands in. */
export function createBeside({ canRun, session, problem, capture }: BesideEnv): CaptureBeside {
  return async (choice, { signal, onProgress }): Promise<Beside> => {
    if (!canRun()) return { trace: await fetchRecorded(choice), dispose: () => undefined };
    const [open, asked] = await Promise.all([session(), problem(choice)]);
    const made = await capture(open, asked, choice, signal, onProgress);
    return {
      trace: made.trace,
      workgroup: (pass, workgroup, thread) => made.workgroup(pass, workgroup, thread),
      dispose: () => made.dispose(),
    };
  };
}
