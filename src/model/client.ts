// The model as the page uses it: promises around its worker.
import { lineTo, type Port } from '../ask';
import { AttnError } from '../errors';
import type { PartId } from './ledger';
import type { HeadChoice } from './passage';
import type { Reading, ReadingQuestion } from './reading';
import type { Draw } from './sampling';
import type { ModelRun } from './sentence';
import type { Next } from './sequences';
import type { ModelAnswers } from './service';
import type { Encoding } from './tokenizer';
import type { ModelConfig } from './weights';

export interface ModelClient {
  /**
   * Fetches the model's files. Later calls share the first answer; a failed one may be tried again.
   * @throws AttnError `model-unavailable`; its `reason` is `fetch`, `foreign`, `truncated` or `worker`
   */
  load(): Promise<ModelConfig>;
  /**
   * Runs a text through the model, loading it first when needed. The newest call wins: an older one that still runs
   * rejects.
   * @throws AttnError `text-empty`, `text-too-long`, `tokens-too-many` (details: count, limit), `cancelled`, or as
   * `load`
   */
  run(text: string): Promise<ModelRun>;
  /**
   * How many tokens a text has. Needs only the tokenizer, so it answers before the weights are loaded.
   * @throws AttnError `model-unavailable`, `cancelled`
   */
  count(text: string): Promise<number>;
  /** The tokens of a text, with a label for each. Any text, also an empty one; needs and throws the same as `count`. */
  encode(text: string): Promise<Encoding>;
  /**
   * The token after `ids` (1 to `context` of them), and one head's Q, K and V of `ids`. What was asked before is
   * remembered: going on costs one token.
   * @throws AttnError `text-empty`, `tokens-too-many`, `unexpected` for an id outside the vocabulary, `cancelled`, or
   * as `load`
   */
  next(ids: readonly number[], head: HeadChoice, draw: Draw): Promise<Next>;
  /**
   * What a pass over `ids` gives, plain or changed. Several may run at once.
   * @param signal ends it: it rejects with `cancelled`
   * @throws AttnError `text-empty`, `tokens-too-many`, `shape-invalid` for options that the model cannot take,
   * `unexpected` for an id outside the vocabulary, `cancelled`, or as `load`
   */
  read(question: ReadingQuestion, options?: ReadingOptions): Promise<Reading>;
  /** A label for every token there is, by id. Needs and throws the same as `count`. */
  vocabulary(): Promise<readonly string[]>;
  /** How many numbers the tensors of the weights file hold, by part. Throws as `load`. */
  parts(): Promise<Readonly<Partial<Record<PartId, number>>>>;
  /** The rank of the merge that made each token, from 0; undefined for bytes and characters. Throws as `count`. */
  ranks(ids: readonly number[]): Promise<readonly (number | undefined)[]>;
  /** Rejects the current run, if any, with `cancelled`. */
  cancel(): void;
  /** Ends the worker: current and later calls reject with `cancelled`. */
  dispose(): void;
}

export interface ReadingOptions {
  readonly signal?: AbortSignal;
  /** Told how much is done, from 0 to 1. */
  readonly onProgress?: (done: number) => void;
}

/**
 * Creates a client; the worker starts with the first call, and nothing is fetched before.
 * @param base absolute URL of the folder that holds `model/`, ending in a slash; `document.baseURI` in the page
 */
export function createModelClient(base: string | URL, start: () => Port = startWorker): ModelClient {
  // The worker's script could not be fetched or run at all.
  const { ask, end } = lineTo<ModelAnswers>(start, () => new AttnError('model-unavailable', { reason: 'worker' }));
  const { href } = new URL(base);
  let loading: Promise<ModelConfig> | undefined;
  let runs = 0;
  let jobs = 0;

  async function load(): Promise<ModelConfig> {
    loading ??= ask('load', href);
    try {
      return await loading;
    } catch (thrown) {
      loading = undefined;
      throw thrown;
    }
  }

  const encode = (text: string): Promise<Encoding> => ask('encode', { base: href, text });

  return {
    load,
    async run(text) {
      const mine = ++runs;
      await load();
      if (mine !== runs) throw new AttnError('cancelled');
      return ask('run', text);
    },
    count: async (text) => (await encode(text)).ids.length,
    encode,
    async next(ids, head, draw) {
      await load();
      return ask('next', { ids, head, draw });
    },
    async read(question, { signal, onProgress } = {}) {
      await load();
      if (signal?.aborted) throw new AttnError('cancelled');
      const job = ++jobs;
      const stop = (): void => {
        ask('stop', job).catch(() => undefined); // whatever ends it, nobody waits for this
      };
      signal?.addEventListener('abort', stop);
      try {
        return await ask('read', { job, question }, { onProgress });
      } finally {
        signal?.removeEventListener('abort', stop);
      }
    },
    vocabulary: () => ask('vocabulary', href),
    async parts() {
      await load();
      return ask('parts', undefined);
    },
    ranks: (ids) => ask('ranks', { base: href, ids }),
    cancel() {
      runs++;
      ask('cancel', undefined).catch(() => undefined); // whatever ends it, nobody waits for this
    },
    dispose: end,
  };
}

const startWorker = (): Port => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'model' });
