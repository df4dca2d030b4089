// What window.attnscope runs: requests checked, prepared, dispatched and read back by the same functions as the page's own.
import { asAttnError, AttnError } from '../attention/errors';
import type { Inputs, Shape } from '../attention/shape';
import { checkInputs } from '../attention/validate';
import { compare, type Comparison, type Timing } from '../bench/compare';
import type { Trace } from '../capture/trace';
import { openInterpreted } from '../cpu/client';
import { INTERPRETER_LIMITS } from '../cpu/limits';
import { runAttention, runOf } from '../gpu/attention';
import { openCapture } from '../gpu/capture';
import type { Session } from '../gpu/session';
import type { Run } from '../kernels/card';
import type { RunAnswer, RunRequest } from './automation';
import { FINAL } from './engine';

/** A request as a run and its inputs. Throws `kernel-unknown`, `shape-invalid`, `inputs-mismatch`, `inputs-not-finite`. */
function resolve({ limits }: Pick<Session, 'limits'>, { shape, mask, q, k, v, ...rest }: RunRequest): { run: Run; inputs: Inputs } {
  const full: Shape = { ...shape, mask: mask ?? shape.mask ?? 'full' };
  const inputs = { q, k, v };
  const run = runOf({ limits }, { ...rest, shape: full });
  checkInputs(full, inputs);
  return { run, inputs };
}

type Open = () => Promise<Session>;

/** The device, or undefined where it is certain that there is none. */
const deviceOf = (open: Open): Promise<Session | undefined> =>
  open().catch((thrown: unknown) => {
    if (FINAL.has(asAttnError(thrown).code)) return undefined;
    throw thrown;
  });

/** The trace of a run that the interpreter made. Throws what `openInterpreted` throws, and `check-failed`. */
async function interpret(request: RunRequest, input: string): Promise<Trace> {
  const { run, inputs } = resolve({ limits: INTERPRETER_LIMITS }, request);
  const capture = await openInterpreted(run, inputs, { input }, {});
  try {
    await capture.compare();
  } finally {
    capture.dispose();
  }
  return capture.trace;
}

export async function runRequest(open: Open, request: RunRequest): Promise<RunAnswer> {
  const session = await deviceOf(open);
  if (session) {
    const { run, inputs } = resolve(session, request);
    return { ...(await runAttention(session, { ...run, ...inputs })), provenance: 'this-device' };
  }
  const { tensors, header } = await interpret(request, 'attnscope.run');
  const data = (id: 'O' | 'LSE'): Float32Array => tensors.find((tensor) => tensor.id === id)!.data;
  return { o: data('O'), lse: data('LSE'), provenance: header.provenance };
}

export async function captureRequest(open: Open, request: RunRequest): Promise<Trace> {
  const session = await deviceOf(open);
  if (!session) return interpret(request, 'attnscope.capture');
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
