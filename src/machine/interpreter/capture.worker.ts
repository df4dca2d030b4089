/** The thread that interprets. One run a worker: it is ended when the run is not wanted any more. */
import { answerWith, type Reply } from '../../ask';
import { AttnError } from '../../errors';
import type { Inputs } from '../../ops/attention/shape';
import type { CapturedWorkgroup, Trace } from '../../trace/trace';
import type { CaptureMeta } from '../machine';
import type { Run } from '../../ops/run';
import { Interpretation } from './capture';
import { longestRun } from './longest';

let current: Interpretation | undefined;

function opened(): Interpretation {
  if (!current) throw new AttnError('cancelled');
  return current;
}

const answers = {
  open({ run, inputs, meta, longest }: { run: Run; inputs: Inputs; meta: CaptureMeta; longest: number }, { progress }: Reply): Trace {
    current = new Interpretation(run, inputs, meta);
    const { milliseconds, perByte } = current.estimate();
    if (milliseconds > longest) {
      const seconds = Math.ceil(milliseconds / 1000);
      throw new AttnError('too-slow', { seconds, limit: longest / 1000, keys: longestRun(run, longest / perByte) });
    }
    let told = -1;
    return current.capture((done) => {
      // Not more often than anybody can see.
      if (done < 1 && done - told < 0.01) return;
      told = done;
      progress(done);
    });
  },
  workgroup: ({ pass, workgroup, thread }: { pass: number; workgroup: number; thread: number }): CapturedWorkgroup =>
    opened().workgroup(pass, workgroup, thread),
  compare: (_question: undefined): number => opened().compare(),
};

export type InterpreterAnswers = typeof answers;
answerWith(answers);
