/** The interpreter as the page uses it: a capture like a device's, made in a worker that a cancel ends at once. */
import { lineTo } from '../../ask';
import { AttnError } from '../../errors';
import type { Inputs } from '../../ops/attention/shape';
import type { CaptureMeta, CaptureOptions, CaptureSession } from '../machine';
import { CaptureCache } from '../capture-cache';
import type { Run } from '../../ops/run';
import type { InterpreterAnswers } from './capture.worker';
import { LONGEST_MS } from './limits';

/**
 * Captures a run without a GPU. One that would take more than `longest` ms is refused before it begins.
 * @throws AttnError `too-slow` (seconds, limit, keys: what it would take here, and the longest sequence that would do), `cannot-interpret` (reason),
 * `over-limit`, `shape-invalid`, `inputs-mismatch`, `inputs-not-finite`, `check-failed`, `cancelled`
 */
export async function openInterpreted(
  run: Run,
  inputs: Inputs,
  meta: CaptureMeta,
  { signal, onProgress, longest = LONGEST_MS }: Pick<CaptureOptions, 'signal' | 'onProgress'> & { longest?: number },
): Promise<CaptureSession> {
  const { ask, end } = lineTo<InterpreterAnswers>(() => new Worker(new URL('capture.worker.ts', import.meta.url), { type: 'module' }));
  signal?.addEventListener('abort', end);
  try {
    if (signal?.aborted) throw new AttnError('cancelled');
    const trace = await ask('open', { run, inputs, meta, longest }, { onProgress });
    const cache = new CaptureCache((pass, workgroup, line) => ask('workgroup', { pass, workgroup, thread: line ?? 0 }), trace);
    return {
      trace,
      compare: async () => {
        trace.header.maxPlainTapped = await ask('compare', undefined);
      },
      workgroup: (pass, workgroup, line, wish) => cache.get(pass, workgroup, line, wish),
      dispose: () => {
        cache.dispose();
        end();
      },
    };
  } catch (thrown) {
    end();
    throw thrown;
  } finally {
    signal?.removeEventListener('abort', end);
  }
}
