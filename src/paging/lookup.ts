/** Prefix cache lookup: how many full blocks of a sequence are in the pool already. */
import type { Draft } from './draft';
import { blockHash } from './hash';
import type { Request } from './types';

/** The result of a lookup. */
export interface Found {
  /** By logical number; the null block where the window has passed. */
  readonly blocks: readonly number[];
  readonly idle: number;
}

const NOTHING: Found = { blocks: [], idle: 0 };

/** The request with the hashes of its first `count` full blocks computed. */
export function withHashes(request: Request, blockSize: number, count: number): Request {
  if (request.hashes.length >= count) return request;
  const fresh: string[] = [];
  let parent = request.hashes.at(request.hashes.length - 1) ?? '';
  for (let i = request.hashes.length; i < count; i++) {
    parent = blockHash(parent, request.tokens.slice(i * blockSize, (i + 1) * blockSize), request.salt);
    fresh.push(parent);
  }
  return { ...request, hashes: request.hashes.append(fresh) };
}

/**
 * Finds the longest run of published blocks from the left, over at most n - 1 tokens: at least one token must be left
 * to compute, or there would be no next token. Changes nothing but the request's remembered hashes; emits what it
 * found.
 */
export function lookup(draft: Draft, id: number): Found {
  const { blockSize, sharing, window } = draft.config;
  if (!sharing) return NOTHING;
  const tokens = draft.requests.at(id).tokens.length;
  const limit = Math.floor((tokens - 1) / blockSize);
  const request = withHashes(draft.requests.at(id), blockSize, limit);
  draft.requests.set(id, request);
  const blocks =
    window > 0 ? windowRun(draft, request, limit, Math.ceil((window - 1) / blockSize)) : leftRun(draft, request, limit);
  const idle = blocks.filter((block) => block !== 0 && draft.blocks.at(block).refCount === 0).length;
  const partial = longestPartial(draft, request, blocks.length);
  draft.emit({
    kind: 'lookup',
    request: id,
    tokens,
    limit,
    blocks,
    hitTokens: blocks.length * blockSize,
    idle,
    ...partial,
  });
  return { blocks, idle };
}

const publishedAt = (draft: Draft, request: Request, logical: number): number | undefined =>
  draft.publishedUnder(request.hashes.at(logical) ?? '')[0];

function leftRun(draft: Draft, request: Request, limit: number): number[] {
  const run: number[] = [];
  for (let i = 0; i < limit; i++) {
    const block = publishedAt(draft, request, i);
    if (block === undefined) break;
    run.push(block);
  }
  return run;
}

/**
 * With a window only the blocks inside it must be there. Searches from the right for the first run of `enough` blocks;
 * what lies left of it becomes null. A shorter run counts when it begins at the first block. (vLLM:
 * SlidingWindowManager.find_longest_cache_hit.)
 */
function windowRun(draft: Draft, request: Request, limit: number, enough: number): number[] {
  const run: number[] = Array.from({ length: limit }, () => 0);
  let length = 0;
  for (let i = limit - 1; i >= 0; i--) {
    const block = publishedAt(draft, request, i);
    run[i] = block ?? 0;
    length = block === undefined ? 0 : length + 1;
    if (length >= enough && block !== undefined) return run.slice(0, i + length);
  }
  return run.slice(0, length);
}

/**
 * The published block that agrees longest with the tokens after the hits: this sharing is lost, because only full
 * blocks are shared.
 */
function longestPartial(draft: Draft, request: Request, hits: number): { partialBlock: number; partialTokens: number } {
  const { blockSize } = draft.config;
  const parent = hits === 0 ? '' : (request.hashes.at(hits - 1) ?? '');
  const rest = request.tokens.slice(hits * blockSize, (hits + 1) * blockSize);
  let best = { partialBlock: -1, partialTokens: 0 };
  for (const id of draft.followersOf(parent)) {
    const block = draft.blocks.at(id);
    let common = 0;
    while (common < rest.length && rest[common] === block.tokens[common]) common += 1;
    if (common <= best.partialTokens) continue;
    // A first block with another salt agrees by chance: it is not the block size that prevents sharing.
    if (parent === '' && block.hash !== blockHash('', block.tokens, request.salt)) continue;
    best = { partialBlock: id, partialTokens: common };
  }
  return best;
}

/** Counts the lookup of a request that is admitted; lookups after a preemption are counted apart. */
export function countLookup({ counters, config, requests }: Draft, id: number, hitTokens: number): void {
  if (!config.sharing) return;
  const { tokens, status } = requests.at(id);
  const [asked, found] =
    status === 'preempted' ? (['askedAgain', 'hitAgain'] as const) : (['asked', 'hitTokens'] as const);
  counters[asked] += tokens.length;
  counters[found] += hitTokens;
}
