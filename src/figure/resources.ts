// One device and one model for all figures of a page that has no lab: opened when a figure first asks, closed together.
import { asAttnError, type AttnError } from '../errors';
import { keepSession } from '../machine/gpu/keeper';
import type { Machine } from '../machine/machine';
import { openMachine } from '../machine/open';
import { createModelClient } from '../model/client';
import type { Choice } from './choice';
import type { Resources } from './env';
import type { ModelResources } from './model/model-figure';
import type { PagingResources } from './paging/paging-figure';
import { createPageTokens } from './paging/tokens';
import { createReader, modelProblem, seededProblem, sentenceOf, textOf, type Problem } from './problem';
import { fetchRecorded, hasRecording } from './recorded';

export interface PageResources extends Resources, Required<PagingResources & ModelResources> {
  /** Closes the device and ends the model. */
  close(): void;
}

/** Codes after which no kernel can run on a device: it is interpreted then. */
const WITHOUT = new Set<AttnError['code']>([
  'no-webgpu',
  'no-adapter',
  'device-refused',
  'device-silent',
  'device-lost-again',
]);

/**
 * @param base absolute URL of the folder that holds `model/` and `captures/`, ending in a slash
 * @param report told of a loss of the device, and of errors of the GPU that nothing else caught
 */
export function createResources(base: string | URL, report: (error: AttnError) => void): PageResources {
  const lost = new Set<() => void>();
  const onLost = (error: AttnError): void => {
    report(error);
    for (const act of lost) act();
  };
  const keeper = keepSession(onLost, report);
  const model = createModelClient(base);
  const reader = createReader(model);
  const machine = async (): Promise<Machine> => {
    try {
      return await openMachine(keeper.session());
    } catch (thrown) {
      if (!WITHOUT.has(asAttnError(thrown).code)) throw thrown;
      return openMachine(undefined);
    }
  };
  const problem = async (choice: Choice): Promise<Problem> => {
    if (choice.input === 'seed') return seededProblem(choice);
    const run = await reader.read(textOf(choice));
    return modelProblem(
      sentenceOf(choice, run, () => undefined),
      choice,
    );
  };
  return {
    machine,
    problem,
    recorded: (choice) => (hasRecording(choice.kernel) ? fetchRecorded(choice, base) : undefined),
    tokens: createPageTokens(model),
    model,
    onLost(act) {
      lost.add(act);
      return () => void lost.delete(act);
    },
    settled: () => keeper.settled(),
    close() {
      keeper.close();
      model.dispose();
    },
  };
}
