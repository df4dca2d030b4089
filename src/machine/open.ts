/**
 * The machine that runs here: the one place that chooses between GPU and interpreter. Each comes with its code once it
 * is asked for.
 */
import type { Session } from './gpu/session';
import type { Machine } from './machine';

/** The GPU of a session that is open or being opened; without one, the interpreter. Throws what opening threw. */
export async function openMachine(session: Session | Promise<Session> | undefined): Promise<Machine> {
  if (!session) return (await import('./interpreter/machine')).interpreter;
  const [{ gpuMachine }, open] = await Promise.all([import('./gpu/machine'), session]);
  return gpuMachine(open);
}
