// A run's answer on the device: computed by the plain text in pieces that can be stopped between, read, and held
// against f64.
import { opOf } from '../../kernels';
import { CHECK_WORK, type Outputs } from '../../ops/check';
import type { Inputs } from '../../ops/attention/shape';
import type { Run } from '../../ops/run';
import { startCheck } from '../check';
import { throwIfAborted, type Answered, type AnswerOptions } from '../machine';
import { checkFitsDevice, prepare, type Prepared } from './run';
import type { Session } from './session';

/** The op's outputs as they are now. Throws what `Prepared.read` throws. */
async function read(prepared: Prepared): Promise<Outputs> {
  const { outputs } = opOf(prepared.run);
  return Object.fromEntries(await Promise.all(outputs.map(async (id) => [id, await prepared.read(id)] as const)));
}

/** What a prepared run has made, and what is to be said of it, right or wrong. */
export async function checkPrepared(prepared: Prepared, inputs: Inputs, work: number): Promise<Answered> {
  const check = startCheck(prepared.run, inputs, work);
  const outputs = await read(prepared);
  return { outputs, checked: await check.of(outputs) };
}

async function compute(
  session: Session,
  run: Run,
  inputs: Inputs,
  { signal, onProgress }: AnswerOptions,
): Promise<Outputs> {
  const prepared = await prepare(session, run, inputs);
  try {
    for (const slice of prepared.slices.keys()) {
      throwIfAborted(signal);
      prepared.submit(slice);
      await prepared.done();
      onProgress?.((slice + 1) / prepared.slices.length);
    }
    return await read(prepared);
  } finally {
    prepared.dispose();
  }
}

/** See `Machine.run`. */
export async function answerOn(
  session: Session,
  run: Run,
  inputs: Inputs,
  options: AnswerOptions = {},
): Promise<Answered> {
  const { signal, work = CHECK_WORK.answer } = options;
  checkFitsDevice(session, run, inputs);
  throwIfAborted(signal);
  const check = startCheck(run, inputs, work);
  const outputs = await compute(session, run, inputs, options);
  const checked = await check.hold(outputs);
  throwIfAborted(signal);
  return { outputs, checked };
}
