// Typed requests: their tokens, the tokens that the small trained model says next, and what one of its heads makes of
// them. In the model's worker.
import { createModelClient, DEFAULT_HEAD, type Draw, type HeadInput, type ModelClient } from '../../model';

/** The head whose Q, K and V fill the pool: the one that the page shows first with English. */
export const PAGE_HEAD = DEFAULT_HEAD.en;
/** Numbers of a row of Q, K or V. */
export const PAGE_DIM = 32;

/** Always the likeliest: a link gives the same words again. */
const GREEDY: Draw = { temperature: 0, seed: 0 };

/**
 * Whom one hears: 0 says the likeliest token, any other draws by that seed. The same sampleSeed says the same again.
 */
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
  /** A token in one short word; undefined for one that has not been read or said yet. */
  label(token: number): string | undefined;
  dispose(): void;
}

/** @param client nothing is fetched before the first question */
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
