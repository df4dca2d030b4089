// Makes references away from the page's own thread: f64 and plain f32 arithmetic of many rows takes longer than a key press may wait.
import { answerWith, type Reply } from '../../ask';
import { spreadReference, type Checkable, type Reference } from './check';
import type { Inputs } from './shape';

const answers = {
  reference({ run, inputs, work }: { run: Checkable; inputs: Inputs; work: number }, { give }: Reply): Reference {
    const reference = spreadReference(run, inputs, work);
    const arrays = Object.values(reference.outputs).flatMap(({ want, f32 }) => [want, f32]);
    give.push(...arrays.map(({ buffer }) => buffer as ArrayBuffer));
    return reference;
  },
};

export type CheckAnswers = typeof answers;
answerWith(answers);
