// The model as the page sees it: promises around the worker that runs it.
import { AttnError } from '../errors';
import type { Draw } from './cache';
import type { HeadChoice } from './passage';
import type { ModelRun } from './sentence';
import type { Next } from './sequences';
import type { Reply, Request } from './service';
import type { Encoding } from './tokenizer';
import type { ModelConfig } from './weights';

export interface ModelClient {
  /**
   * Fetches the model's files; later calls share the first answer, a failure may be tried again.
   * @throws AttnError `model-unavailable`; its `reason` is `fetch`, `foreign`, `truncated` or `worker`
   */
  load(): Promise<ModelConfig>;
  /**
   * Runs a text through the model, loading it first when needed. The newest call wins: an older one still under way rejects.
   * @throws AttnError `text-empty`, `text-too-long`, `tokens-too-many` (details: count, limit), `cancelled`, or as `load`
   */
  run(text: string): Promise<ModelRun>;
  /**
   * How many tokens a text has. Needs the tokenizer alone, so it answers before the weights are there.
   * @throws AttnError `model-unavailable`, `cancelled`
   */
  count(text: string): Promise<number>;
  /** The tokens of a text, with what an axis shows for each. Any text, also an empty one; needs and throws as `count`. */
  encode(text: string): Promise<Encoding>;
  /**
   * The token after `ids` (1 to `context` of them), and one head's Q, K and V of `ids`. What was asked before is remembered: going on costs one token.
   * @throws AttnError `text-empty`, `tokens-too-many`, `unexpected` for an id outside the vocabulary, `cancelled`, or as `load`
   */
  next(ids: readonly number[], head: HeadChoice, draw: Draw): Promise<Next>;
  /** Rejects the run under way, if any, with `cancelled`. */
  cancel(): void;
  /** Ends the worker; what is under way, or asked for later, rejects with `cancelled`. */
  dispose(): void;
}

/** The part of a Worker that is used. */
export type ModelPort = Pick<Worker, 'postMessage' | 'terminate' | 'addEventListener'>;

interface Waiting {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: AttnError) => void;
}

/**
 * Starts the model's worker (nothing is fetched yet).
 * @param base absolute URL of the folder that holds `model/`, ending in a slash; `document.baseURI` in the page
 */
export function createModelClient(base: string | URL, port: ModelPort = startWorker()): ModelClient {
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  let loading: Promise<ModelConfig> | undefined;
  let runs = 0;
  let disposed = false;

  port.addEventListener('message', (event) => {
    const reply = (event as MessageEvent<Reply>).data;
    const waits = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (reply.kind === 'failed') waits?.reject(new AttnError(reply.code, reply.details));
    else waits?.resolve(reply);
  });
  // The worker's script could not be fetched or run at all.
  port.addEventListener('error', () => rejectAll(new AttnError('model-unavailable', { reason: 'worker' })));

  function rejectAll(error: AttnError): void {
    for (const waits of waiting.values()) waits.reject(error);
    waiting.clear();
  }

  function ask(request: (id: number) => Request): Promise<Reply> {
    if (disposed) return Promise.reject(new AttnError('cancelled'));
    const id = ++asked;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      port.postMessage(request(id));
    });
  }

  async function fetchModel(): Promise<ModelConfig> {
    const reply = await ask((id) => ({ kind: 'load', id, base: new URL(base).href }));
    if (reply.kind !== 'loaded') throw new AttnError('unexpected', { message: `load answered ${reply.kind}` });
    return reply.config;
  }

  async function load(): Promise<ModelConfig> {
    loading ??= fetchModel();
    try {
      return await loading;
    } catch (thrown) {
      loading = undefined;
      throw thrown;
    }
  }

  async function encode(text: string): Promise<Encoding> {
    const reply = await ask((id) => ({ kind: 'encode', id, base: new URL(base).href, text }));
    if (reply.kind !== 'encoded') throw new AttnError('unexpected', { message: `encode answered ${reply.kind}` });
    return reply.encoding;
  }

  return {
    load,
    async run(text) {
      const mine = ++runs;
      await load();
      if (mine !== runs) throw new AttnError('cancelled');
      const reply = await ask((id) => ({ kind: 'run', id, text }));
      if (reply.kind !== 'ran') throw new AttnError('unexpected', { message: `run answered ${reply.kind}` });
      return reply.run;
    },
    count: async (text) => (await encode(text)).ids.length,
    encode,
    async next(ids, head, draw) {
      await load();
      const reply = await ask((id) => ({ kind: 'next', id, ids, head, draw }));
      if (reply.kind !== 'next') throw new AttnError('unexpected', { message: `next answered ${reply.kind}` });
      return reply.next;
    },
    cancel() {
      runs++;
      port.postMessage({ kind: 'cancel' } satisfies Request);
    },
    dispose() {
      disposed = true;
      port.terminate();
      rejectAll(new AttnError('cancelled'));
    },
  };
}

function startWorker(): ModelPort {
  return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'model' });
}
