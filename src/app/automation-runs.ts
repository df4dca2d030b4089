// What window.attnscope runs: requests checked, prepared, dispatched and read back by the same functions as the page's own.
import { AttnError } from '../attention/errors';
import type { Inputs, Shape } from '../attention/shape';
import { checkInputs } from '../attention/validate';
import { compare, type Comparison, type Timing } from '../bench/compare';
import type { Trace } from '../capture/trace';
import { runAttention, runOf, type AttentionResult } from '../gpu/attention';
import { openCapture } from '../gpu/capture';
import type { Session } from '../gpu/session';
import type { Run } from '../kernels/card';
import type { RunRequest } from './automation';

/** A request as a run and its inputs. Throws `kernel-unknown`, `shape-invalid`, `inputs-mismatch`, `inputs-not-finite`. */
function resolve(session: Session, { shape, mask, q, k, v, ...rest }: RunRequest): { run: Run; inputs: Inputs } {
  const full: Shape = { ...shape, mask: mask ?? shape.mask ?? 'full' };
  const inputs = { q, k, v };
  const run = runOf(session, { ...rest, shape: full });
  checkInputs(full, inputs);
  return { run, inputs };
}

export function runRequest(session: Session, request: RunRequest): Promise<AttentionResult> {
  const { run, inputs } = resolve(session, request);
  return runAttention(session, { ...run, ...inputs });
}

export async function captureRequest(session: Session, request: RunRequest): Promise<Trace> {
  const { run, inputs } = resolve(session, request);
  const capture = await openCapture(session, run, inputs, { input: 'attnscope.capture' });
  capture.dispose();
  return capture.trace;
}

export async function timeRequests(
  session: Session,
  requests: readonly RunRequest[],
): Promise<readonly Timing[] & { comparison: Comparison }> {
  const [first, ...others] = requests.map((request) => resolve(session, request));
  if (!first) throw new AttnError('shape-invalid', { field: 'runs', value: 0, expected: '1 …' });
  const shape = JSON.stringify(first.run.shape);
  for (const { run } of others) {
    const other = JSON.stringify(run.shape);
    if (other !== shape) throw new AttnError('shape-invalid', { field: 'shape', value: other, expected: shape });
  }
  const comparison = await compare(
    session,
    [first, ...others].map(({ run }) => run),
    first.inputs,
  );
  return Object.assign([...comparison.timings], { comparison });
}
