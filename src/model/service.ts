// What the model's worker does with a message, apart from being a worker: load the files once, run texts, newest first.
import { asAttnError, AttnError } from '../errors';
import type { ErrorCode } from '../errors';
import type { Draw } from './cache';
import type { HeadChoice } from './passage';
import type { Model, ModelRun } from './sentence';
import { sentenceSteps, transferables } from './sentence';
import { createSequences, type Next } from './sequences';
import type { Encoding, TokenizerData } from './tokenizer';
import { Tokenizer } from './tokenizer';
import type { ModelConfig } from './weights';
import { parseWeights } from './weights';

export type Request =
  /** Fetch the model's files from `base` + `model/`. */
  | { readonly kind: 'load'; readonly id: number; readonly base: string }
  | { readonly kind: 'run'; readonly id: number; readonly text: string }
  /** Turn a text into tokens; needs the tokenizer alone, fetched from `base` + `model/`. */
  | { readonly kind: 'encode'; readonly id: number; readonly base: string; readonly text: string }
  /** Say what comes after tokens, and what one head made of them. */
  | { readonly kind: 'next'; readonly id: number; readonly ids: readonly number[]; readonly head: HeadChoice; readonly draw: Draw }
  /** Drop the run that is under way or waiting, if any. */
  | { readonly kind: 'cancel' };

export type Reply =
  | { readonly kind: 'loaded'; readonly id: number; readonly config: ModelConfig }
  | { readonly kind: 'ran'; readonly id: number; readonly run: ModelRun }
  | { readonly kind: 'encoded'; readonly id: number; readonly encoding: Encoding }
  | { readonly kind: 'next'; readonly id: number; readonly next: Next }
  | { readonly kind: 'failed'; readonly id: number; readonly code: ErrorCode; readonly details: AttnError['details'] };

type Send = (reply: Reply, transfer: ArrayBuffer[]) => void;
type Fetch = (url: URL) => Promise<Response>;

/**
 * Answers requests through `send`, each exactly once. A run that a newer one or a cancel overtakes fails with `cancelled`.
 * @returns what takes a request
 */
export function createService(send: Send, fetchFile: Fetch): (request: Request) => Promise<void> {
  let model: Model | undefined;
  let nextOf: ReturnType<typeof createSequences> | undefined;
  let tokenizer: Promise<Tokenizer> | undefined;
  let newest: number | undefined;

  /** Loaded once, for counting and for the model. */
  function tokenizerOf(base: string): Promise<Tokenizer> {
    if (tokenizer) return tokenizer;
    const loading = loadTokenizer(base, fetchFile);
    loading.catch(() => (tokenizer = undefined));
    return (tokenizer = loading);
  }

  async function run(id: number, text: string): Promise<void> {
    newest = id;
    if (!model) throw new AttnError('model-unavailable', { reason: 'not-loaded' });
    const steps = sentenceSteps(text, model);
    for (;;) {
      const step = steps.next();
      if (step.done) {
        send({ kind: 'ran', id, run: step.value }, transferables(step.value));
        return;
      }
      // Let waiting messages in: a newer text makes the rest of this pass pointless.
      await new Promise((resolve) => setTimeout(resolve));
      if (newest !== id) throw new AttnError('cancelled');
    }
  }

  return async (request) => {
    if (request.kind === 'cancel') {
      newest = undefined;
      return;
    }
    try {
      if (request.kind === 'run') {
        await run(request.id, request.text);
      } else if (request.kind === 'encode') {
        const encoding = (await tokenizerOf(request.base)).encode(request.text);
        send({ kind: 'encoded', id: request.id, encoding }, []);
      } else if (request.kind === 'next') {
        if (!nextOf) throw new AttnError('model-unavailable', { reason: 'not-loaded' });
        send({ kind: 'next', id: request.id, next: nextOf(request.ids, request.head, request.draw) }, []);
      } else {
        model = await loadModel(request.base, tokenizerOf(request.base), fetchFile);
        nextOf = createSequences(model);
        send({ kind: 'loaded', id: request.id, config: model.weights.config }, []);
      }
    } catch (thrown) {
      const { code, details } = asAttnError(thrown);
      send({ kind: 'failed', id: request.id, code, details }, []);
    }
  };
}

/**
 * Fetches a file of the model.
 * @throws AttnError `model-unavailable` with reason `fetch` (details: url, status; 0 when nothing answered)
 */
async function fetchModelFile(base: string, name: string, fetchFile: Fetch): Promise<ArrayBuffer> {
  const url = new URL(`model/${name}`, base);
  const response = await fetchFile(url).catch(() => undefined);
  if (!response?.ok) throw new AttnError('model-unavailable', { reason: 'fetch', url: url.href, status: response?.status ?? 0 });
  return response.arrayBuffer();
}

const loadTokenizer = async (base: string, fetchFile: Fetch): Promise<Tokenizer> =>
  new Tokenizer(parseTokenizerFile(await fetchModelFile(base, 'tokenizer.json', fetchFile)));

/**
 * Fetches and reads `model/weights.bin` under `base`, beside the tokenizer.
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
