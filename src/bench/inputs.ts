// The inputs of timed runs: seeded, of unit variance, without structure; the same that the benchmark of npm packages
// uses. Made in a worker.
import { lineTo } from '../ask';
import type { Inputs, Shape } from '../ops/attention/shape';
import type { InputAnswers } from './inputs.worker';

/** Makes inputs for one shape after the other. */
export interface InputMaker {
  make(shape: Shape): Promise<Inputs>;
  dispose(): void;
}

const SEED = 1;

export function createInputMaker(): InputMaker {
  const { ask, end } = lineTo<InputAnswers>(
    () => new Worker(new URL('./inputs.worker.ts', import.meta.url), { type: 'module' }),
  );
  return { make: (shape) => ask('make', { shape, seed: SEED }), dispose: end };
}
