// Makes the inputs of a timed shape away from the page's own thread: millions of numbers take longer than a key press may wait.
import { inputsOfPeers } from '../ops/attention/inputs';
import type { Inputs, Shape } from '../ops/attention/shape';

addEventListener('message', ({ data }: MessageEvent<{ shape: Shape; seed: number }>) => {
  const inputs: Inputs = inputsOfPeers(data.shape, data.seed);
  postMessage(inputs, { transfer: [inputs.q.buffer, inputs.k.buffer, inputs.v.buffer] as ArrayBuffer[] });
});
