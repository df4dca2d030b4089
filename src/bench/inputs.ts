// The inputs of timed runs: seeded, of unit variance, without structure, the same that the benchmark of npm packages uses; made in a worker.
import { AttnError } from '../errors';
import type { Inputs, Shape } from '../ops/attention/shape';

/** Makes inputs one shape after the other. */
export interface InputMaker {
  make(shape: Shape): Promise<Inputs>;
  dispose(): void;
}

const SEED = 1;

export function createInputMaker(): InputMaker {
  const worker = new Worker(new URL('./inputs.worker.ts', import.meta.url), { type: 'module' });
  return {
    make: (shape) =>
      new Promise((resolve, reject) => {
        worker.addEventListener('message', ({ data }: MessageEvent<Inputs>) => resolve(data), { once: true });
        worker.addEventListener('error', ({ message }) => reject(new AttnError('unexpected', { message })), { once: true });
        worker.postMessage({ shape, seed: SEED }, { transfer: [] });
      }),
    dispose: () => worker.terminate(),
  };
}
