// Makes references away from the page's own thread: f64 and plain f32 arithmetic of many rows takes longer than a key
// press may wait.
import { answerWith, type Reply } from '../ask';
import type { Reference } from '../ops/check';
import { numbersOf } from '../ops/numbers';
import type { Problem } from '../ops/op';

const answers = {
  reference({ op, problem, work }: { op: string; problem: Problem; work: number }, { give }: Reply): Reference {
    const reference = numbersOf(op).reference(problem, work);
    const arrays = Object.values(reference.outputs).flatMap(({ want, f32 }) => [want, f32]);
    give.push(...arrays.map(({ buffer }) => buffer as ArrayBuffer));
    return reference;
  },
};

export type CheckAnswers = typeof answers;
answerWith(answers);
