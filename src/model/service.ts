// The model's service, without the worker around it: load the files once, run texts, the newest first.
import type { Reply } from '../ask';
import { AttnError } from '../errors';
import { countedParts } from './ledger';
import type { HeadChoice } from './passage';
import { buffersOf, readingSteps, type Reading, type ReadingQuestion } from './reading';
import type { Draw } from './sampling';
import type { Model, ModelRun } from './sentence';
import { sentenceSteps, transferables } from './sentence';
import { createSequences, type Next } from './sequences';
import type { Encoding, TokenizerData } from './tokenizer';
import { Tokenizer } from './tokenizer';
import type { ModelConfig } from './weights';
import { parseWeights } from './weights';

type Fetch = (url: URL) => Promise<Response>;

/** What the model's worker answers. */
export type ModelAnswers = ReturnType<typeof createService>;

/** The model's worker. A run that is replaced by a newer one, or cancelled, fails with `cancelled`. */
export function createService(fetchFile: Fetch) {
  let model: Model | undefined;
  let nextOf: ReturnType<typeof createSequences> | undefined;
  let tokenizer: Promise<Tokenizer> | undefined;
  let newest = 0;
  const stopped = new Set<number>();

  /** Loaded once, for counting and for the model. */
  function tokenizerOf(base: string): Promise<Tokenizer> {
    if (tokenizer) return tokenizer;
    const loading = loadTokenizer(base, fetchFile);
    loading.catch(() => (tokenizer = undefined));
    return (tokenizer = loading);
  }

  return {
    /** Fetches the model's files from `base` + `model/`. */
    async load(base: string): Promise<ModelConfig> {
      model = await loadModel(base, tokenizerOf(base), fetchFile);
      nextOf = createSequences(model);
      return model.weights.config;
    },

    async run(text: string, { give }: Pick<Reply, 'give'>): Promise<ModelRun> {
      const mine = ++newest;
      if (!model) throw new AttnError('model-unavailable', { reason: 'not-loaded' });
      const steps = sentenceSteps(text, model);
      for (;;) {
        const step = steps.next();
        if (step.done) {
          give.push(...transferables(step.value));
          return step.value;
        }
        // Handles waiting messages: a newer text makes the rest of this pass useless.
        await new Promise((resolve) => setTimeout(resolve));
        if (newest !== mine) throw new AttnError('cancelled');
      }
    },

    /** Turns a text into tokens; needs the tokenizer alone, fetched from `base` + `model/`. */
    async encode({ base, text }: { base: string; text: string }): Promise<Encoding> {
      return (await tokenizerOf(base)).encode(text);
    },

    /** The next token after some tokens, and one head's Q, K and V of them. */
    next({ ids, head, draw }: { ids: readonly number[]; head: HeadChoice; draw: Draw }): Next {
      if (!nextOf) throw new AttnError('model-unavailable', { reason: 'not-loaded' });
      return nextOf(ids, head, draw);
    },

    /** What a pass gives, plain or changed; `job` is the name by which it can be stopped. */
    async read({ job, question }: { job: number; question: ReadingQuestion }, reply: Reply): Promise<Reading> {
      if (!model) throw new AttnError('model-unavailable', { reason: 'not-loaded' });
      const steps = readingSteps(model.weights, question);
      try {
        for (;;) {
          const step = steps.next();
          if (step.done) {
            reply.give.push(...buffersOf(step.value));
            return step.value;
          }
          reply.progress(step.value);
          // Handles waiting messages: nobody may want the rest of this pass.
          await new Promise((resolve) => setTimeout(resolve));
          if (stopped.has(job)) throw new AttnError('cancelled');
        }
      } finally {
        stopped.delete(job);
      }
    },

    /** Stops a reading. */
    stop(job: number): void {
      stopped.add(job);
    },

    /** How many numbers the tensors of the weights file hold, by part. */
    parts(_question: undefined): ReturnType<typeof countedParts> {
      if (!model) throw new AttnError('model-unavailable', { reason: 'not-loaded' });
      return countedParts(model.weights);
    },

    /** The rank of each token's merge; needs the tokenizer alone, fetched from `base` + `model/`. */
    async ranks({ base, ids }: { base: string; ids: readonly number[] }): Promise<readonly (number | undefined)[]> {
      return (await tokenizerOf(base)).ranks(ids);
    },

    /** A label for every token, by id; needs the tokenizer alone, fetched from `base` + `model/`. */
    async vocabulary(base: string): Promise<readonly string[]> {
      const words = await tokenizerOf(base);
      return Array.from({ length: words.size }, (_, id) => words.label(id));
    },

    /** Cancels the current run, if any. */
    cancel(_question: undefined): void {
      newest++;
    },
  };
}

/**
 * Fetches a file of the model.
 * @throws AttnError `model-unavailable` with reason `fetch` (details: url, status; 0 when nothing answered)
 */
async function fetchModelFile(base: string, name: string, fetchFile: Fetch): Promise<ArrayBuffer> {
  const url = new URL(`model/${name}`, base);
  const response = await fetchFile(url).catch(() => undefined);
  if (!response?.ok)
    throw new AttnError('model-unavailable', { reason: 'fetch', url: url.href, status: response?.status ?? 0 });
  return response.arrayBuffer();
}

const loadTokenizer = async (base: string, fetchFile: Fetch): Promise<Tokenizer> =>
  new Tokenizer(parseTokenizerFile(await fetchModelFile(base, 'tokenizer.json', fetchFile)));

/**
 * Fetches and parses `model/weights.bin` under `base`, while the tokenizer loads.
 * @throws AttnError as `fetchModelFile`, or `model-unavailable` with reason `foreign` or `truncated`
 */
async function loadModel(base: string, loading: Promise<Tokenizer>, fetchFile: Fetch): Promise<Model> {
  const [weightsFile, tokenizer] = await Promise.all([fetchModelFile(base, 'weights.bin', fetchFile), loading]);
  const weights = parseWeights(weightsFile);
  if (tokenizer.size !== weights.config.vocabulary) {
    const why = `it has ${tokenizer.size} tokens, the weights ${weights.config.vocabulary}`;
    throw new AttnError('model-unavailable', { reason: 'foreign', file: 'tokenizer.json', why });
  }
  return { tokenizer, weights };
}

function parseTokenizerFile(file: ArrayBuffer): TokenizerData {
  try {
    return JSON.parse(new TextDecoder().decode(file)) as TokenizerData;
  } catch {
    throw new AttnError('model-unavailable', { reason: 'foreign', file: 'tokenizer.json', why: 'it is not JSON' });
  }
}
