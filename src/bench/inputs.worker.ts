// Makes the inputs of a timed shape in a worker: millions of numbers would block the page for too long.
import { answerWith, type Reply } from '../ask';
import { inputsOfPeers } from '../ops/attention/inputs';
import type { Inputs, Shape } from '../ops/attention/shape';

const answers = {
  make({ shape, seed }: { shape: Shape; seed: number }, { give }: Reply): Inputs {
    const inputs = inputsOfPeers(shape, seed);
    give.push(...[inputs.q, inputs.k, inputs.v].map(({ buffer }) => buffer as ArrayBuffer));
    return inputs;
  },
};

export type InputAnswers = typeof answers;
answerWith(answers);
