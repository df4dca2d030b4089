// Gets the problem of a choice from where its numbers are: the model, the generator, the visitor's files. What stands
// in for something missing is told.
import { asAttnError } from '../../errors';
import type { Choice } from '../../figure/choice';
import { tell } from '../messages/messages';
import {
  modelProblem,
  seededProblem,
  sentenceOf,
  textOf,
  withoutFiles,
  type Problem,
  type Reader,
} from '../../figure/problem';
import type { State } from '../state';
import type { DeskActions, TensorDesk } from './tensors';

export interface Problems {
  /** The problem of the choice on screen; sets what the page says of it. Throws AttnError. */
  shown(choice: Choice, signal: AbortSignal): Promise<Problem>;
  /** The problem of another choice; changes nothing on screen. Throws AttnError. */
  beside(choice: Choice): Promise<Problem>;
  openTensors(files: readonly File[]): void;
  forgetTensors(): void;
}

export function createProblems(state: State, reader: Reader, actions: DeskActions): Problems {
  const report = (thrown: unknown): void => tell(state.messages, { kind: 'error', error: asAttnError(thrown) });

  let desk: Promise<TensorDesk> | undefined;
  /** Loaded when the first file is opened, or asked for by a link. */
  const tensors = (): Promise<TensorDesk> =>
    (desk ??= import('./tensors').then(({ createTensorDesk }) => createTensorDesk(state, actions)));

  const ofFiles = async (choice: Choice, signal: AbortSignal): Promise<Problem | undefined> => {
    try {
      return await (await tensors()).problem(choice);
    } catch (thrown) {
      if (asAttnError(thrown).code !== 'tensor-gone') throw thrown;
      if (!signal.aborted) report(thrown);
      return undefined;
    }
  };

  const ofText = async (choice: Choice, signal: AbortSignal): Promise<Problem> => {
    state.progress.value = { what: 'model', part: undefined };
    let read;
    try {
      read = await reader.read(textOf(choice));
    } catch (thrown) {
      if (asAttnError(thrown).code !== 'model-unavailable' || signal.aborted) throw thrown;
      report(thrown);
      return seededProblem(choice);
    }
    const sentence = sentenceOf(choice, read, (key, value) => {
      if (signal.aborted) return;
      tell(state.messages, { kind: 'link', problem: { kind: 'bad-value', key, value: String(value) } });
    });
    if (!signal.aborted) state.sentence.value = sentence;
    return modelProblem(sentence, choice);
  };

  return {
    async shown(choice, signal) {
      if (choice.input === 'seed') return seededProblem(choice);
      if (choice.input === 'text') return ofText(choice, signal);
      return (await ofFiles(choice, signal)) ?? ofText(withoutFiles(choice), signal);
    },
    async beside(choice) {
      if (choice.input === 'seed') return seededProblem(choice);
      const own = choice.input === 'file' ? await (await tensors()).problem(choice) : undefined;
      return (
        own ??
        modelProblem(
          sentenceOf(choice, await reader.read(textOf(choice)), () => undefined),
          choice,
        )
      );
    },
    openTensors: (files) => {
      tensors()
        .then((one) => one.open(files))
        .catch(report);
    },
    forgetTensors: () => {
      tensors()
        .then((one) => one.forget())
        .catch(report);
    },
  };
}
