// The token source of typed requests: the small model's tokens. Without the model, the bytes of the text; the seed then
// draws what follows.
import { asAttnError, type AttnError } from '../../errors';
import type { TokenSource } from './runner';
import type { PageTokens } from './tokens';

/** @param report called once for each text that the model could not read */
export function createTokenSource(
  tokens: Pick<PageTokens, 'read' | 'next'>,
  report: (error: AttnError) => void,
): TokenSource {
  return {
    async read(text) {
      try {
        return { tokens: await tokens.read(text), fromModel: true };
      } catch (thrown) {
        report(asAttnError(thrown));
        return { tokens: [...new TextEncoder().encode(text)], fromModel: false };
      }
    },
    async next(sequence, sampleSeed) {
      try {
        return await tokens.next(sequence, sampleSeed);
      } catch (thrown) {
        const error = asAttnError(thrown);
        // At the end of the model's context there is no next token: that is no error.
        if (error.code !== 'tokens-too-many') report(error);
        return undefined;
      }
    },
  };
}
