// From a choice to the problem that a kernel gets: shape, Q, K, V and their labels, from the small model or the
// generator (from files: tensors.ts).
import { AttnError } from '../errors';
import type { Inputs, Shape } from '../ops/attention/shape';
import type { CaptureMeta } from '../machine/machine';
import type { ModelClient } from '../model/client';
import { DEFAULT_HEAD, PASSAGES } from '../model/passage';
import type { ModelRun } from '../model/sentence';
import { maskOf, opensWithOne, scoresOf, seededShape, type Choice } from './choice';

export interface Problem {
  shape: Shape;
  inputs: Inputs;
  /** Where the numbers come from, for the trace's reader. */
  source: string;
  tokens?: readonly string[];
}

/** Texts go through the model once; its heads are all there afterwards. */
export interface Reader {
  read(text: string): Promise<ModelRun>;
  /** How many tokens a text has, soon: the weights are not waited for. */
  count(text: string): Promise<number>;
  cancel(): void;
}

/** What the model made of a sentence (computed), and the head in use. */
export interface Sentence {
  run: ModelRun;
  layer: number;
  head: number;
}

/** Reads by the page's model, which starts when the first text needs it. The last text's run is kept. */
export function createReader(client: ModelClient): Reader {
  let kept: { text: string; run: Promise<ModelRun> } | undefined;
  return {
    read(text) {
      if (kept?.text === text) return kept.run;
      const run = client.run(text);
      const mine = { text, run };
      kept = mine;
      run.catch(() => {
        if (kept === mine) kept = undefined;
      });
      return run;
    },
    count: (text) => client.count(text),
    cancel() {
      kept = undefined;
      client.cancel();
    },
  };
}

/** The text that a choice stands for. */
export const textOf = (choice: Choice): string => choice.text ?? PASSAGES[choice.passage ?? 'en'];

/**
 * The head that a choice stands for. One that the model does not have is told to `onBad`, and the opening head stands
 * in.
 */
export function sentenceOf(
  choice: Choice,
  run: ModelRun,
  onBad: (key: 'layer' | 'head', value: number) => void,
): Sentence {
  const opening = DEFAULT_HEAD[choice.passage ?? 'en'];
  const { layers, heads } = run.config;
  const within = (key: 'layer' | 'head', most: number): number => {
    const wanted = choice[key] ?? opening[key];
    if (wanted < most) return wanted;
    onBad(key, wanted);
    return opening[key];
  };
  return { run, layer: within('layer', layers), head: within('head', heads) };
}

/** One head of the model as a problem with a single plane. */
export function modelProblem({ run, layer, head }: Sentence, choice: Choice): Problem {
  const input = run.heads[layer]?.[head];
  if (!input) throw new AttnError('model-unavailable', { reason: 'no-head', layer, head });
  const tokens = run.labels;
  const dim = input.q.length / tokens.length;
  // Decoding: the newest token asks, over all that came before it.
  const queries = opensWithOne(choice) ? 1 : tokens.length;
  const shape: Shape = {
    batch: 1,
    heads: 1,
    kvHeads: 1,
    queries,
    keys: tokens.length,
    dim,
    mask: maskOf(choice),
    // The slope of this head among the model's.
    ...scoresOf(choice, 1, run.config.heads, head),
  };
  return {
    shape,
    inputs: { q: input.q.slice((tokens.length - queries) * dim), k: input.k, v: input.v },
    source: `model layer ${layer} head ${head}: ${run.text}`,
    tokens,
  };
}

/** What stands in for tensors that are missing or not chosen yet: the default passage. */
export const withoutFiles = (choice: Choice): Choice => ({
  ...choice,
  input: 'text',
  text: undefined,
  layer: undefined,
  head: undefined,
});

/** The generator's problem. Throws `shape-invalid`. */
export async function seededProblem(choice: Choice): Promise<Problem> {
  const shape = seededShape(choice);
  const [{ checkShape }, { generateInputs }] = await Promise.all([
    import('../ops/attention/validate'),
    import('../ops/attention/inputs'),
  ]);
  checkShape(shape);
  return { shape, inputs: generateInputs(shape, choice.seed), source: `generator seed ${choice.seed}` };
}

/** What a capture of the problem is told about it: the words for its reader, and what the visitor looks at. */
export function metaOf(
  { shape, source, tokens }: Problem,
  choice: Choice,
  row: number | undefined,
  thread: number,
): CaptureMeta {
  return {
    input: source,
    plane: choice.input !== 'text' ? Math.min(choice.plane, shape.batch * shape.heads - 1) : 0,
    row: Math.min(row ?? 0, shape.queries - 1),
    thread,
    ...(tokens && { tokens }),
  };
}
