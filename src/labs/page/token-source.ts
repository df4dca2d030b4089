// What a person types, as the runner takes it: the model's tokens and what it says next. Without the model the text is
// its bytes, and the seed draws what follows.
import { asAttnError, type AttnError } from '../../errors';
import type { TokenSource } from './runner';
import type { PageTokens } from './tokens';

/** @param report told once for each text that the model could not read */
export function createTokenSource(tokens: Pick<PageTokens, 'read' | 'next'>, report: (error: AttnError) => void): TokenSource {
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
        // At the end of its context the model is silent: nothing is wrong.
        if (error.code !== 'tokens-too-many') report(error);
        return undefined;
      }
    },
  };
}
