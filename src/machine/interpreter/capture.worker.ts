/** The thread that interprets. One run a worker: it is ended when the run is not wanted any more. */
import { asAttnError, AttnError } from '../../errors';
import type { Inputs } from '../../ops/attention/shape';
import type { CapturedWorkgroup, Trace } from '../../trace/trace';
import type { CaptureMeta } from '../machine';
import type { Run } from '../../kernels/card';
import { Interpretation } from './capture';
import { longestRun } from './longest';

export type Request =
  | { id: number; ask: 'open'; run: Run; inputs: Inputs; meta: CaptureMeta; longest: number }
  | { id: number; ask: 'workgroup'; pass: number; workgroup: number; thread: number }
  | { id: number; ask: 'compare' };

export type Reply =
  | { id: number; progress: number }
  | { id: number; done: Trace | CapturedWorkgroup | number }
  | { id: number; failed: { code: AttnError['code']; details: AttnError['details'] } };

let open: Interpretation | undefined;

function answer(request: Request): Trace | CapturedWorkgroup | number {
  const { id } = request;
  if (request.ask === 'open') {
    open = new Interpretation(request.run, request.inputs, request.meta);
    const { milliseconds, perByte } = open.estimate();
    if (milliseconds > request.longest) {
      const seconds = Math.ceil(milliseconds / 1000);
      throw new AttnError('too-slow', { seconds, limit: request.longest / 1000, keys: longestRun(request.run, request.longest / perByte) });
    }
    let told = -1;
    return open.capture((done) => {
      // Not more often than anybody can see.
      if (done < 1 && done - told < 0.01) return;
      told = done;
      postMessage({ id, progress: done } satisfies Reply);
    });
  }
  if (!open) throw new AttnError('cancelled');
  return request.ask === 'compare' ? open.compare() : open.workgroup(request.pass, request.workgroup, request.thread);
}

addEventListener('message', ({ data }: MessageEvent<Request>) => {
  try {
    postMessage({ id: data.id, done: answer(data) } satisfies Reply);
  } catch (thrown) {
    const { code, details } = asAttnError(thrown);
    postMessage({ id: data.id, failed: { code, details } } satisfies Reply);
  }
});
