// The references that answers are held against: small ones are made here, large ones in a worker, while the kernel runs.
import { judge, spreadReference, workOf, type Answer, type Checkable, type Checked, type Reference } from '../ops/attention/check';
import type { CheckRequest } from '../ops/attention/check.worker';
import { AttnError } from '../errors';
import type { Inputs } from '../ops/attention/shape';

/** Multiply-adds that the page's own thread does itself. */
const SMALL = 1e6;

interface Waiting {
  resolve: (reference: Reference) => void;
  reject: (error: AttnError) => void;
}

let worker: Worker | undefined;
let next = 0;
const waiting = new Map<number, Waiting>();

/** The one worker that makes references; it starts with the first large one. */
function start(): Worker {
  if (worker) return worker;
  const made = new Worker(new URL('../ops/attention/check.worker.ts', import.meta.url), { type: 'module', name: 'check' });
  made.addEventListener('message', ({ data }: MessageEvent<{ id: number; reference: Reference }>) => {
    waiting.get(data.id)?.resolve(data.reference);
    waiting.delete(data.id);
  });
  made.addEventListener('error', ({ message }) => {
    for (const { reject } of waiting.values()) reject(new AttnError('unexpected', { message: message || 'the check failed' }));
    waiting.clear();
    worker = undefined;
  });
  worker = made;
  return made;
}

function askWorker(run: Checkable, inputs: Inputs, work: number): Promise<Reference> {
  const request: CheckRequest = { id: next++, run, inputs, work };
  return new Promise((resolve, reject) => {
    waiting.set(request.id, { resolve, reject });
    start().postMessage(request, { transfer: [] });
  });
}

/** A check under way. */
export interface Check {
  /** Holds an answer against f64. Throws `unexpected` where the reference could not be made. */
  of(answer: Answer): Promise<Checked>;
}

/**
 * Begins to make the reference of a run.
 * @param work multiply-adds to spend, in f64 and again in f32: all rows where that is enough, else evenly spread ones
 */
export function startCheck({ shape, scale }: Checkable, inputs: Inputs, work: number): Check {
  const run: Checkable = { shape, ...(scale !== undefined && { scale }) };
  const away = workOf(shape, work) > SMALL && typeof Worker !== 'undefined';
  const reference = away ? askWorker(run, inputs, work) : undefined;
  reference?.catch(() => undefined); // whoever asks for the verdict is told
  return { of: async (answer) => judge(run, inputs, (await reference) ?? spreadReference(run, inputs, work), answer) };
}
