// Tokens of typed requests, the tokens that the small model gives next, and one head's Q, K and V of them. Runs in the
// model's worker.
import { createModelClient, DEFAULT_HEAD, type Draw, type HeadInput, type ModelClient } from '../../model';

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
  dispose(): void;
}

/** @param client fetches nothing before its first call */
export function createPageTokens(client: ModelClient = createModelClient(document.baseURI)): PageTokens {
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
    dispose: () => client.dispose(),
  };
}
