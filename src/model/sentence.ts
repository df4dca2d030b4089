// Turns a visitor's text into what the page needs: tokens with labels, every head's Q, K and V, and a small map of each
// head.
import { AttnError } from '../errors';
import type { Pass } from './forward';
import { forwardSteps } from './forward';
import type { HeadInput } from './layers';
import type { Thumbnail } from './thumbnail';
import { thumbnail } from './thumbnail';
import type { Encoding, Tokenizer } from './tokenizer';
import type { ModelConfig, Weights } from './weights';

/** Longer texts are refused with their count (code points). */
export const TEXT_LIMIT = 2000;

/** A loaded model. */
export interface Model {
  readonly tokenizer: Tokenizer;
  readonly weights: Weights;
}

/** A next token that the model expects, with its probability. */
export interface Guess {
  readonly label: string;
  readonly probability: number;
}

/** The result for one sentence. Every number was computed by `forward.ts` from the trained weights. */
export interface ModelRun {
  /** The text as the model read it: converted to simplified script. */
  readonly text: string;
  readonly ids: Uint16Array;
  /** One label for each token, for axes. */
  readonly labels: readonly string[];
  readonly config: ModelConfig;
  /** [layer][head] */
  readonly heads: readonly (readonly HeadInput[])[];
  /** [layer][head]: the attention probabilities as a small picture. */
  readonly maps: readonly (readonly Thumbnail[])[];
  /** The five likeliest next tokens, best first. */
  readonly next: readonly Guess[];
  /** How long the pass took here, measured in milliseconds. */
  readonly milliseconds: number;
}

/**
 * Encodes a text and checks that the model can take it.
 * @throws AttnError `text-empty` (nothing but white space), `text-too-long` or `tokens-too-many` (details: count,
 * limit)
 */
export function encodeText(text: string, { tokenizer, weights }: Model): Encoding {
  if (text.trim() === '') throw new AttnError('text-empty');
  const count = [...text].length;
  if (count > TEXT_LIMIT) throw new AttnError('text-too-long', { count, limit: TEXT_LIMIT });
  const encoding = tokenizer.encode(text);
  const limit = weights.config.context;
  if (encoding.ids.length > limit) throw new AttnError('tokens-too-many', { count: encoding.ids.length, limit });
  return encoding;
}

/** Runs a text through the model, pausing after each layer. @throws AttnError as `encodeText` */
export function* sentenceSteps(text: string, model: Model): Generator<number, ModelRun, void> {
  const start = performance.now();
  const { ids, labels } = encodeText(text, model);
  const pass = yield* forwardSteps(model.weights, ids);
  const maps = pass.heads.map((layer) => layer.map((head) => thumbnail(head.p, pass.tokens)));
  return {
    text: model.tokenizer.fold(text),
    ids,
    labels,
    config: model.weights.config,
    heads: pass.heads.map((layer) => layer.map(({ q, k, v }) => ({ q, k, v }))),
    maps,
    next: likeliest(pass, model.tokenizer, 5),
    milliseconds: performance.now() - start,
  };
}

/** The largest entries of the softmax over the last position's logits. */
function likeliest({ logits }: Pass, tokenizer: Tokenizer, count: number): Guess[] {
  const max = logits.reduce((most, value) => Math.max(most, value), -Infinity);
  const sum = logits.reduce((total, value) => total + Math.exp(value - max), 0);
  const order = Array.from(logits.keys()).toSorted((a, b) => logits[b]! - logits[a]!);
  return order
    .slice(0, count)
    .map((id) => ({ label: tokenizer.label(id), probability: Math.exp(logits[id]! - max) / sum }));
}

/** The buffers of a run that can move to another thread instead of being copied. */
export function transferables(run: ModelRun): ArrayBuffer[] {
  const arrays = run.heads.flatMap((layer) => layer.flatMap(({ q, k, v }) => [q, k, v]));
  return [...arrays, ...run.maps.flatMap((layer) => layer.map(({ values }) => values)), run.ids].map(
    (a) => a.buffer as ArrayBuffer,
  );
}
