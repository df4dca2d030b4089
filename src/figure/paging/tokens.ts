// Tokens of typed requests, the tokens that the small model gives next, and one head's Q, K and V of them. Runs in the
// model's worker.
import { DEFAULT_HEAD, type Draw, type HeadInput, type ModelClient } from '../../model';

/** The head whose Q, K and V fill the pool: the one that the page opens on in English. */
export const PAGE_HEAD = DEFAULT_HEAD.en;
/** Numbers of a row of Q, K or V. */
export const PAGE_DIM = 32;

/** Always the likeliest token: a link gives the same text again. */
const GREEDY: Draw = { temperature: 0, seed: 0 };

/** Sample seed 0 takes the likeliest token, any other seed draws; the same seed gives the same tokens. */
const drawWith = (sampleSeed: number): Draw => (sampleSeed === 0 ? GREEDY : { temperature: 1, seed: sampleSeed });

export interface PageTokens {
  /** The tokens of a text. @throws AttnError `model-unavailable`, `cancelled` */
  read(text: string): Promise<readonly number[]>;
  /**
   * The token after some. @throws AttnError `text-empty`, `tokens-too-many` (details: count, limit),
   * `model-unavailable`, `cancelled`
   */
  next(tokens: readonly number[], sampleSeed?: number): Promise<number>;
  /** Q, K and V of some tokens, each [N, PAGE_DIM]. Throws as `next`. */
  statesOf(tokens: readonly number[]): Promise<HeadInput>;
  /** A token as one short word; undefined for a token that was neither read nor generated yet. */
  label(token: number): string | undefined;
}

/** @param client the page's model: nothing is fetched before the first question */
export function createPageTokens(client: ModelClient): PageTokens {
  const labels = new Map<number, string>();
  const next = async (tokens: readonly number[], sampleSeed = 0): Promise<number> => {
    const { token, label } = await client.next(tokens, PAGE_HEAD, drawWith(sampleSeed));
    labels.set(token, label);
    return token;
  };
  return {
    async read(text) {
      const encoding = await client.encode(text);
      encoding.ids.forEach((id, i) => labels.set(id, encoding.labels[i] ?? ''));
      return [...encoding.ids];
    },
    next,
    statesOf: async (tokens) => (await client.next(tokens, PAGE_HEAD, GREEDY)).states,
    label: (token) => labels.get(token),
  };
}

/** Ids from here on are Unicode code points: every id of the small model is below. */
const FIRST_CHINESE = 0x3000;

/** A token in one short visible word. */
export const textOfToken =
  ({ label }: Pick<PageTokens, 'label'>) =>
  (token: number): string =>
    label(token) ?? ((token > 32 && token < 127) || token >= FIRST_CHINESE ? String.fromCodePoint(token) : '·');

/** The hue of a request, 0 .. 360: neighbours lie far apart. */
export const hueOf = (request: number): number => (25 + request * 137.508) % 360;
