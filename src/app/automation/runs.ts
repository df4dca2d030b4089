// What window.attnscope runs: requests checked, prepared, dispatched and read back by the same functions as the page's own.
import { CHECK_WORK, errorOf, throwIfWrong, type Answer } from '../../ops/attention/check';
import { asAttnError, AttnError } from '../../errors';
import type { Inputs } from '../../ops/attention/shape';
import { compare, type Comparison, type Timing } from '../../bench/compare';
import type { Trace } from '../../trace/trace';
import { openInterpreted } from '../../machine/interpreter/client';
import { INTERPRETER_LIMITS } from '../../machine/interpreter/limits';
import { runAttention, runOf } from '../../machine/gpu/attention';
import { openCapture } from '../../machine/gpu/capture';
import { startCheck } from '../../machine/check';
import type { Session } from '../../machine/gpu/session';
import type { Run } from '../../ops/run';
import type { RunAnswer, RunRequest } from './automation';
import { readRequest, type ReadRequest } from './request';
import { FINAL, type Engine } from '../engine/engine';

/** A request as a run on something with limits. */
const resolve = ({ limits }: Pick<Session, 'limits'>, { asked, inputs }: ReadRequest): { run: Run; inputs: Inputs } => ({
  run: runOf({ limits }, asked),
  inputs,
});

type Home = Pick<Engine, 'session' | 'ready'>;

/** The device, or undefined where it is certain that there is none. */
const deviceOf = ({ session }: Home): Promise<Session | undefined> =>
  session().catch((thrown: unknown) => {
    if (FINAL.has(asAttnError(thrown).code)) return undefined;
    throw thrown;
  });

let queue: Promise<unknown> | undefined;

/** Interpreted runs go one after the other, the page's own first: side by side each would be estimated as if the others' time were its own. */
function inTurn<T>({ ready }: Home, work: () => Promise<T>): Promise<T> {
  const mine = (queue ?? ready).then(work, work);
  queue = mine.catch(() => undefined);
  return mine;
}

/** The trace of a run that the interpreter made. Throws what `openInterpreted` throws. */
const interpret = (home: Home, { run, inputs }: { run: Run; inputs: Inputs }, input: string): Promise<Trace> =>
  inTurn(home, async () => {
    const capture = await openInterpreted(run, inputs, { input }, {});
    try {
      await capture.compare();
    } finally {
      capture.dispose();
    }
    return capture.trace;
  });

export async function runRequest(home: Home, request: RunRequest): Promise<RunAnswer> {
  const read = readRequest(request);
  const session = await deviceOf(home);
  if (session) return { ...(await runAttention(session, { ...read.asked, ...read.inputs })), provenance: 'this-device' };
  const { run, inputs } = resolve({ limits: INTERPRETER_LIMITS }, read);
  const { tensors, header } = await interpret(home, { run, inputs }, 'attnscope.run');
  const data = (id: 'O' | 'LSE'): Float32Array => tensors.find((tensor) => tensor.id === id)!.data;
  const answer: Answer = { o: data('O'), lse: data('LSE') };
  const checked = await startCheck(run, inputs, CHECK_WORK.answer).of(answer);
  throwIfWrong(run.kernel, checked);
  return { ...answer, error: errorOf(checked), warnings: checked.warnings, provenance: header.provenance };
}

export async function captureRequest(home: Home, request: RunRequest): Promise<Trace> {
  const read = readRequest(request);
  const session = await deviceOf(home);
  if (!session) return interpret(home, resolve({ limits: INTERPRETER_LIMITS }, read), 'attnscope.capture');
  const { run, inputs } = resolve(session, read);
  const capture = await openCapture(session, run, inputs, { input: 'attnscope.capture' });
  capture.dispose();
  return capture.trace;
}

export async function timeRequests(home: Home, requests: readonly RunRequest[]): Promise<readonly Timing[] & { comparison: Comparison }> {
  if (!Array.isArray(requests) || requests.length === 0) {
    throw new AttnError('shape-invalid', {
      field: 'runs',
      value: Array.isArray(requests) ? 0 : typeof requests,
      expected: '[{ kernel, shape, q, k, v }, …]',
    });
  }
  const read = requests.map((request) => readRequest(request as RunRequest));
  const [shape, ...others] = read.map(({ asked }) => JSON.stringify(asked.shape));
  const other = others.find((one) => one !== shape);
  if (shape !== undefined && other !== undefined) throw new AttnError('shape-invalid', { field: 'shape', value: other, expected: shape });
  const session = await home.session();
  const resolved = read.map((one) => resolve(session, one));
  const runs = resolved.map(({ run }) => run);
  const comparison = await compare(
    session,
    runs,
    resolved.map(({ inputs }) => inputs),
  );
  return Object.assign([...comparison.timings], { comparison });
}
