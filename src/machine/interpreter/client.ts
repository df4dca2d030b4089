/** The interpreter as the page uses it: a capture like a device's, made in a worker that a cancel ends at once. */
import { AttnError } from '../../errors';
import type { Inputs } from '../../ops/attention/shape';
import type { CapturedWorkgroup, Trace } from '../../trace/trace';
import type { CaptureMeta, CaptureOptions, CaptureSession } from '../machine';
import { CaptureCache } from '../capture-cache';
import type { Run } from '../../kernels/card';
import type { Reply, Request } from './capture.worker';
import { LONGEST_MS } from './limits';

type Answer = Trace | CapturedWorkgroup | number;
interface Waiting {
  resolve: (answer: Answer) => void;
  reject: (error: AttnError) => void;
}
/** A request without its number. */
type Ask = Request extends infer R ? (R extends Request ? Omit<R, 'id'> : never) : never;

class InterpreterThread {
  readonly #worker = new Worker(new URL('capture.worker.ts', import.meta.url), { type: 'module' });
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;
  #ended: AttnError | undefined;

  constructor(onProgress: ((done: number) => void) | undefined) {
    this.#worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => {
      if ('progress' in data) return onProgress?.(data.progress);
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if ('done' in data) waiting?.resolve(data.done);
      else waiting?.reject(new AttnError(data.failed.code, data.failed.details));
    });
    this.#worker.addEventListener('error', ({ message }) =>
      this.end(new AttnError('unexpected', { message: message || 'the interpreter failed' })),
    );
  }

  ask<T extends Answer>(request: Ask): Promise<T> {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = this.#next++;
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (answer: Answer) => void, reject });
      this.#worker.postMessage({ ...request, id } satisfies Request, { transfer: [] });
    });
  }

  end(error = new AttnError('cancelled')): void {
    this.#ended ??= error;
    this.#worker.terminate();
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

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
  const thread = new InterpreterThread(onProgress);
  const cancel = (): void => thread.end();
  signal?.addEventListener('abort', cancel);
  try {
    if (signal?.aborted) throw new AttnError('cancelled');
    const trace = await thread.ask<Trace>({ ask: 'open', run, inputs, meta, longest });
    const cache = new CaptureCache((pass, workgroup, line) => thread.ask({ ask: 'workgroup', pass, workgroup, thread: line ?? 0 }), trace);
    return {
      trace,
      compare: async () => {
        trace.header.maxPlainTapped = await thread.ask<number>({ ask: 'compare' });
      },
      workgroup: (pass, workgroup, line, wish) => cache.get(pass, workgroup, line, wish),
      dispose: () => {
        cache.dispose();
        thread.end();
      },
    };
  } catch (thrown) {
    thread.end();
    throw thrown;
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}
