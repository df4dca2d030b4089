/** The interpreter as a machine: runs without a GPU, each in a worker of its own that a cancel ends at once. */
import { lineTo, type Line } from '../../ask';
import { CHECK_WORK } from '../../ops/check';
import type { Inputs } from '../../ops/attention/shape';
import type { Run } from '../../ops/run';
import { CaptureCache } from '../capture-cache';
import { startCheck } from '../check';
import {
  throwIfAborted,
  type Answered,
  type AnswerOptions,
  type CaptureMeta,
  type CaptureOptions,
  type CaptureSession,
  type Machine,
} from '../machine';
import type { InterpreterAnswers } from './capture.worker';
import { checkInterpreted } from './able';
import { INTERPRETER_LIMITS, LONGEST_MS } from './limits';

const start = (): Line<InterpreterAnswers> =>
  lineTo(() => new Worker(new URL('capture.worker.ts', import.meta.url), { type: 'module', name: 'interpreter' }));

/** Does something with a worker of its own, which an abort ends. */
async function during<T>(
  { end }: Line<InterpreterAnswers>,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  throwIfAborted(signal);
  signal?.addEventListener('abort', end);
  try {
    return await work();
  } finally {
    signal?.removeEventListener('abort', end);
  }
}

async function run(asked: Run, inputs: Inputs, options: AnswerOptions = {}): Promise<Answered> {
  const { signal, onProgress, longest = LONGEST_MS, work = CHECK_WORK.answer } = options;
  checkInterpreted(asked, inputs);
  const line = start();
  try {
    const check = startCheck(asked, inputs, work);
    const outputs = await during(line, signal, () =>
      line.ask('answer', { run: asked, inputs, longest }, { onProgress }),
    );
    const checked = await check.hold(outputs);
    throwIfAborted(signal);
    return { outputs, checked };
  } finally {
    line.end();
  }
}

async function capture(
  asked: Run,
  inputs: Inputs,
  meta: CaptureMeta,
  options: CaptureOptions = {},
): Promise<CaptureSession> {
  const { signal, onProgress, longest = LONGEST_MS, plain } = options;
  checkInterpreted(asked, inputs);
  const line = start();
  const { ask, end } = line;
  try {
    const trace = await during(line, signal, () => ask('open', { run: asked, inputs, meta, longest }, { onProgress }));
    const compare = async (): Promise<void> => {
      trace.header.maxPlainTapped ??= await ask('compare', undefined);
    };
    if (plain !== 'later') await during(line, signal, compare);
    const cache = new CaptureCache(
      (pass, workgroup, thread) => ask('workgroup', { pass, workgroup, thread: thread ?? 0 }),
      trace,
    );
    return {
      trace,
      compare,
      workgroup: (pass, workgroup, thread, wish) => cache.get(pass, workgroup, thread, wish),
      dispose: () => {
        cache.dispose();
        end();
      },
    };
  } catch (thrown) {
    end();
    throw thrown;
  }
}

export const interpreter: Machine = {
  kind: 'interpreter',
  provenance: 'interpreter',
  limits: INTERPRETER_LIMITS,
  run,
  capture,
  warm: async () => undefined,
};
