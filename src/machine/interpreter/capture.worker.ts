/** The thread that interprets. One run a worker: it is ended when the run is not wanted any more. */
import { answerWith, type Reply } from '../../ask';
import { AttnError } from '../../errors';
import type { Outputs } from '../../ops/check';
import type { Inputs } from '../../ops/attention/shape';
import type { CapturedWorkgroup, Trace } from '../../trace/trace';
import type { CaptureMeta } from '../machine';
import type { Run } from '../../ops/run';
import { Interpretation, type Text } from './capture';
import { longestRun } from './longest';

interface Asked {
  run: Run;
  inputs: Inputs;
  /** Ms that it may take. */
  longest: number;
}

let current: Interpretation | undefined;

function opened(): Interpretation {
  if (!current) throw new AttnError('cancelled');
  return current;
}

/** Throws `too-slow` (seconds, limit, keys) where a text of a run would take longer than is allowed. */
function refuseLong(interpretation: Interpretation, text: Text, longest: number): void {
  const { milliseconds, perByte } = interpretation.estimate(text);
  if (milliseconds <= longest) return;
  const keys = longestRun(interpretation.run, longest / perByte);
  throw new AttnError('too-slow', { seconds: Math.ceil(milliseconds / 1000), limit: longest / 1000, keys });
}

/** Tells progress not more often than anybody can see. */
function seldom(progress: Reply['progress']): Reply['progress'] {
  let told = -1;
  return (done) => {
    if (done < 1 && done - told < 0.01) return;
    told = done;
    progress(done);
  };
}

const answers = {
  answer({ run, inputs, longest }: Asked, { progress, give }: Reply): Outputs {
    const interpretation = new Interpretation(run, inputs, { input: '' });
    refuseLong(interpretation, 'plain', longest);
    const outputs = interpretation.answer(seldom(progress));
    give.push(...Object.values(outputs).map(({ buffer }) => buffer));
    return outputs;
  },
  open({ run, inputs, longest, meta }: Asked & { meta: CaptureMeta }, { progress }: Reply): Trace {
    current = new Interpretation(run, inputs, meta);
    refuseLong(current, 'instrumented', longest);
    return current.capture(seldom(progress));
  },
  workgroup: ({ pass, workgroup, thread }: { pass: number; workgroup: number; thread: number }): CapturedWorkgroup =>
    opened().workgroup(pass, workgroup, thread),
  compare: (_question: undefined): number => opened().compare(),
};

export type InterpreterAnswers = typeof answers;
answerWith(answers);
