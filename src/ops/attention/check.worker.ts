// Makes references away from the page's own thread: f64 and plain f32 arithmetic of many rows takes longer than a key press may wait.
import { spreadReference, type Checkable } from './check';
import type { Inputs } from './shape';

export interface CheckRequest {
  id: number;
  run: Checkable;
  inputs: Inputs;
  work: number;
}

addEventListener('message', ({ data: { id, run, inputs, work } }: MessageEvent<CheckRequest>) => {
  const reference = spreadReference(run, inputs, work);
  const { want, f32 } = reference;
  postMessage({ id, reference }, { transfer: [want.o.buffer, want.lse.buffer, f32.o.buffer, f32.lse.buffer] as ArrayBuffer[] });
});
