/**
 * The end of a step: requests that are computed to their end get their next token, and those with enough tokens finish.
 */
import { mixSeed, mulberry32 } from '../ops/random';
import type { Draft } from './draft';
import { finish } from './leave';
import type { BatchRow, Config } from './types';

/** Simulated tokens begin with the byte `a`, so that they can be shown as letters. */
export const FIRST_SIMULATED = 97;

/** The simulated token of a request at a position: the same for the same seed, whatever else happened. */
export function seededToken({ seed, vocabulary, letters }: Config, request: number, position: number): number {
  // Requests and positions are mixed in with different factors, or a request would repeat its neighbour one position
  // later.
  const uniform = mulberry32(mixSeed(seed ^ Math.imul(request + 1, 0x85ebca6b), position))();
  return letters
    ? (letters.codePointAt(Math.floor(uniform * letters.length)) ?? FIRST_SIMULATED)
    : FIRST_SIMULATED + Math.floor(uniform * vocabulary);
}

/**
 * Adds the next token of every request in the batch that is computed to its end; K and V of that token follow in the
 * next step.
 */
export function sampleAll(draft: Draft, batch: readonly BatchRow[]): void {
  for (const { request: id } of batch) {
    const request = draft.requests.at(id);
    const { tokens, computed, source, finalLength } = request;
    if (source === 'outside' || computed < tokens.length) continue;
    const token = seededToken(draft.config, id, tokens.length);
    draft.requests.set(id, { ...request, tokens: tokens.append([token]) });
    draft.emit({ kind: 'sample', request: id, token, position: tokens.length });
    if (tokens.length + 1 >= finalLength) finish(draft, id);
  }
}

/** Emits which requests have nothing to compute until a token comes from outside. */
export function emitAwaiting(draft: Draft): void {
  for (const id of draft.running) {
    const { tokens, computed } = draft.requests.at(id);
    if (computed === tokens.length) draft.emit({ kind: 'await', request: id, position: tokens.length });
  }
}
