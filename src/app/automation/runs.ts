// What window.attnscope runs: requests checked, prepared, dispatched and read back by the same functions as the page's
// own.
import { answerOf } from '../../ops/attention/check';
import { errorOf } from '../../ops/check';
import { asAttnError, AttnError } from '../../errors';
import type { Inputs } from '../../ops/attention/shape';
import { compare, type Comparison, type Timing } from '../../bench/compare';
import type { Trace } from '../../trace/trace';
import { inTurn } from '../../machine/in-turn';
import type { Machine } from '../../machine/machine';
import { openMachine } from '../../machine/open';
import { runOf } from '../../machine/run-of';
import type { Run } from '../../ops/run';
import type { RunAnswer, RunRequest } from './automation';
import { readRequest, type ReadRequest } from './request';
import { FINAL } from '../engine/device';
import type { Engine } from '../engine/engine';

/** A request as a run on a machine. */
const resolve = (machine: Pick<Machine, 'limits'>, { asked, inputs }: ReadRequest): { run: Run; inputs: Inputs } => ({
  run: runOf(machine, asked),
  inputs,
});

type Home = Pick<Engine, 'session' | 'ready'>;

let interpreter: Promise<Machine> | undefined;

/**
 * The device, or where it is certain that there is none, the interpreter: one run after the other, the page's own
 * first.
 */
async function machineOf({ session, ready }: Home): Promise<Machine> {
  try {
    return await openMachine(session());
  } catch (thrown) {
    if (!FINAL.has(asAttnError(thrown).code)) throw thrown;
    return (interpreter ??= openMachine(undefined).then((machine) => inTurn(machine, ready)));
  }
}

export async function runRequest(home: Home, request: RunRequest): Promise<RunAnswer> {
  const read = readRequest(request);
  const machine = await machineOf(home);
  const { run, inputs } = resolve(machine, read);
  const { outputs, checked } = await machine.run(run, inputs);
  const { provenance } = machine;
  return { ...answerOf(outputs), outputs, error: errorOf(checked), warnings: checked.warnings, provenance };
}

export async function captureRequest(home: Home, request: RunRequest): Promise<Trace> {
  const read = readRequest(request);
  const machine = await machineOf(home);
  const { run, inputs } = resolve(machine, read);
  const capture = await machine.capture(run, inputs, { input: 'attnscope.capture' });
  capture.dispose();
  return capture.trace;
}

export async function timeRequests(
  home: Home,
  requests: readonly RunRequest[],
): Promise<readonly Timing[] & { comparison: Comparison }> {
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
  if (shape !== undefined && other !== undefined)
    throw new AttnError('shape-invalid', { field: 'shape', value: other, expected: shape });
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
