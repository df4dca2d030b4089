// Why no lookup has found anything yet: the question that a hit rate of 0 raises, answered from the requests
// themselves.
import type { Request, State } from '../../../paging';

export type Why =
  /** Blocks are not published at all. */
  | { readonly reason: 'off' }
  /** Nobody came before the first one that asked. */
  | { readonly reason: 'alone' }
  /** No two prompts begin with the same token. */
  | { readonly reason: 'different' }
  /**
   * The longest beginning that a later request has in common with an earlier one is shorter than a block. `suits`: a
   * block size that would be found, the largest power of two, and `saved`: how many tokens of the beginning that is.
   */
  | { readonly reason: 'short'; readonly prefix: number; readonly suits: number; readonly saved: number }
  /** The beginning was long enough, but its blocks were not (or not yet, or no longer) there. */
  | { readonly reason: 'absent'; readonly prefix: number };

/** Requests that are compared, the last ones: all pairs of them. */
const MOST = 64;

/** Nothing to explain before the first lookup, or once something was found. */
export function whyNothingFound(state: State): Why | undefined {
  const { asked, hitTokens } = state.counters;
  if (hitTokens > 0) return undefined;
  if (!state.config.sharing) return state.requests.length > 0 ? { reason: 'off' } : undefined;
  if (asked === 0) return undefined;
  const known = recent(state);
  if (known.length < 2) return { reason: 'alone' };
  const prefix = longestShared(known, 4 * state.config.blockSize);
  if (prefix === 0) return { reason: 'different' };
  if (prefix >= state.config.blockSize) return { reason: 'absent', prefix };
  const suits = 2 ** Math.floor(Math.log2(prefix));
  return { reason: 'short', prefix, suits, saved: Math.floor(prefix / suits) * suits };
}

/** The last requests that were looked up, by age. */
function recent({ requests }: State): Request[] {
  const found: Request[] = [];
  for (let id = requests.length - 1; id >= 0 && found.length < MOST; id--) {
    const request = requests.at(id);
    if (request.highWater > 0) found.unshift(request);
  }
  return found;
}

/**
 * Tokens at most that a lookup of a later request could have found in an earlier one: its own last token is always
 * computed.
 */
function longestShared(requests: readonly Request[], most: number): number {
  let longest = 0;
  for (const [i, later] of requests.entries())
    for (const earlier of requests.slice(0, i)) {
      if (earlier.salt !== later.salt || later.parent !== undefined) continue;
      const end = Math.min(most, later.promptLength - 1, earlier.tokens.length);
      let shared = 0;
      while (shared < end && later.tokens.at(shared) === earlier.tokens.at(shared)) shared++;
      longest = Math.max(longest, shared);
    }
  return longest;
}
