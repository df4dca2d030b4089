// Why no lookup has found anything yet: explains a hit rate of 0 from the requests themselves.
import type { Request, State } from '../../../paging';

export type Why =
  /** Prefix sharing is off: blocks are not published. */
  | { readonly reason: 'off' }
  /** There was no earlier request. */
  | { readonly reason: 'alone' }
  /** No two prompts begin with the same token. */
  | { readonly reason: 'different' }
  /**
   * The longest common prefix of a later and an earlier request is shorter than a block. `suits`: the largest power of
   * two that would be found as block size; `saved`: how many tokens of the prefix that would share.
   */
  | { readonly reason: 'short'; readonly prefix: number; readonly suits: number; readonly saved: number }
  /** The prefix was long enough, but its blocks were not there: not yet, or no longer. */
  | { readonly reason: 'absent'; readonly prefix: number };

/** The last so many requests are compared, all pairs of them. */
const MOST = 64;

/** Undefined before the first lookup, and once something was found. */
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

/** The last requests that were looked up, oldest first. */
function recent({ requests }: State): Request[] {
  const found: Request[] = [];
  for (let id = requests.length - 1; id >= 0 && found.length < MOST; id--) {
    const request = requests.at(id);
    if (request.highWater > 0) found.unshift(request);
  }
  return found;
}

/**
 * The most tokens that a lookup of a later request could have found in an earlier one: its last token is always
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
