/** All operations on a state. A refused operation returns the very state it was given, and an event that says why. */
import { peakBlocks } from './config';
import { Draft } from './draft';
import type { Outcome, PagingEvent, RefusalReason } from './events';
import { finish, leave } from './leave';
import { seededToken } from './sample';
import { stepPaper } from './schedule-paper';
import { stepV1 } from './schedule-v1';
import { Tail } from './tail';
import type { NewRequest, Operation, Request, State } from './types';

/** A state with the events that led to it. */
export type Result = Outcome<State>;

type Refusal = Omit<Extract<PagingEvent, { kind: 'refuse' }>, 'kind' | 'attempt'>;

/**
 * Applies an operation. Pure: the given state is unchanged, and the same operation on it gives the same result. Events
 * come in the order in which they happened.
 */
export function apply(state: State, operation: Operation): Result {
  switch (operation.op) {
    case 'add':
      return add(state, operation);
    case 'append':
      return append(state, operation.request, operation.tokens);
    case 'fork':
      return fork(state, operation);
    case 'free':
      return free(state, operation.request);
    case 'step':
      return step(state);
  }
}

function edited(state: State, edit: (draft: Draft) => void): Result {
  const draft = new Draft(state);
  edit(draft);
  return { state: draft.done(), events: draft.events };
}

const refused = (state: State, attempt: 'add' | 'append' | 'fork' | 'free', refusal: Refusal): Result => ({
  state,
  events: [{ kind: 'refuse', attempt, ...refusal }],
});

/** Whether a number may be a token: an id of any vocabulary. */
const isToken = (token: number): boolean => Number.isInteger(token) && token >= 0;

/** The request, or why it cannot be changed. */
function unfinished(state: State, id: number): Request | RefusalReason {
  if (!Number.isInteger(id) || id < 0 || id >= state.requests.length) return 'unknown-request';
  const request = state.requests.at(id);
  return request.status === 'finished' ? 'finished' : request;
}

/** One step of the scheduler under the configured rules. */
export function step(state: State): Result {
  return edited(state, state.config.rules === 'paper' ? stepPaper : stepV1);
}

/**
 * Adds a request at the end of the waiting queue. Its id is its index in `state.requests`. Refused when it has no
 * prompt, has no whole number of tokens to generate, is longer than `maxLength`, or may come to need more blocks than
 * the pool has: every request that is accepted will finish.
 */
export function add(state: State, wanted: NewRequest): Result {
  const { config, requests } = state;
  const finalLength = wanted.prompt.length + wanted.generate;
  const none = { request: -1 };
  if (wanted.prompt.length === 0) return refused(state, 'add', { ...none, reason: 'empty-prompt' });
  if (!Number.isInteger(wanted.generate) || !wanted.prompt.every(isToken))
    return refused(state, 'add', { ...none, reason: 'not-whole' });
  if (wanted.generate < 1) return refused(state, 'add', { ...none, reason: 'nothing-to-generate' });
  if (finalLength > config.maxLength)
    return refused(state, 'add', { ...none, reason: 'too-long', need: finalLength, have: config.maxLength });
  // Only for a valid length: `peakBlocks` loops over it.
  const peak = peakBlocks(config, finalLength);
  if (peak > config.blocks - 1)
    return refused(state, 'add', { ...none, reason: 'never-fits', need: peak, have: config.blocks - 1 });
  return edited(state, (draft) => {
    const id = requests.length;
    arrive(draft, {
      id,
      group: id,
      name: wanted.name,
      tokens: Tail.of(wanted.prompt),
      promptLength: wanted.prompt.length,
      finalLength,
      source: wanted.source ?? 'seeded',
      salt: wanted.salt ?? '',
    });
  });
}

type Identity = Pick<
  Request,
  'id' | 'group' | 'name' | 'tokens' | 'promptLength' | 'finalLength' | 'source' | 'salt' | 'parent'
>;

const fresh = (draft: Draft, identity: Identity): Request => ({
  ...identity,
  arrived: draft.step,
  status: 'waiting',
  computed: 0,
  table: [],
  cpuTable: [],
  hashes: Tail.of<string>([]),
  published: 0,
  hitTokens: 0,
  highWater: 0,
  recomputed: 0,
  preemptions: 0,
});

function arrive(draft: Draft, identity: Identity): void {
  const { id: request, tokens, finalLength, source } = identity;
  draft.requests.push(fresh(draft, identity));
  draft.waiting.push(request);
  draft.emit({
    kind: 'arrive',
    request,
    tokens: tokens.length,
    finalLength,
    position: draft.waiting.length - 1,
    source,
  });
}

/**
 * Appends known tokens to a request: a model's next token, or more text. The next steps compute them and take the
 * blocks. A request that then has all its tokens finishes. Refused when it would grow beyond its final length.
 */
export function append(state: State, id: number, tokens: readonly number[]): Result {
  const request = unfinished(state, id);
  if (typeof request === 'string') return refused(state, 'append', { request: id, reason: request });
  if (!tokens.every(isToken)) return refused(state, 'append', { request: id, reason: 'not-whole' });
  const length = request.tokens.length + tokens.length;
  if (length > request.finalLength)
    return refused(state, 'append', { request: id, reason: 'too-long', need: length, have: request.finalLength });
  return edited(state, (draft) => {
    draft.setRequest(id, { tokens: request.tokens.append(tokens) });
    draft.emit({ kind: 'extend', request: id, from: request.tokens.length, to: length });
    if (length === request.finalLength) finish(draft, id);
  });
}

/**
 * Forks a request: the child has the same tokens, except a last token that is not computed yet. Under `paper` it shares
 * the parent's table and runs at once (refused unless the parent runs and the limit allows one more); under V1 it is a
 * new request that looks its blocks up.
 */
export function fork(state: State, wanted: Extract<Operation, { op: 'fork' }>): Result {
  const { config } = state;
  const request = unfinished(state, wanted.request);
  const concerned = { request: wanted.request };
  if (typeof request === 'string') return refused(state, 'fork', { ...concerned, reason: request });
  if (!isToken(wanted.token ?? 0)) return refused(state, 'fork', { ...concerned, reason: 'not-whole' });
  const shares = config.rules === 'paper';
  if (shares && request.status !== 'running') return refused(state, 'fork', { ...concerned, reason: 'not-running' });
  const need = state.running.length + 1;
  if (shares && need > config.maxRunning)
    return refused(state, 'fork', { ...concerned, reason: 'max-running', need, have: config.maxRunning });
  return edited(state, (draft) => {
    const id = state.requests.length;
    const { token, tokens } = childTokens(state, request, id, wanted.token);
    const { name } = wanted;
    const { group, promptLength, finalLength, source, salt, table, computed, published, hashes } = request;
    const identity = {
      id,
      parent: request.id,
      name,
      tokens,
      promptLength,
      finalLength,
      source,
      salt,
      group: shares ? group : id,
    };
    draft.emit({
      kind: 'fork',
      request: request.id,
      child: id,
      shared: shares ? table.filter((block) => block !== 0) : [],
      asNewRequest: !shares,
      ...(token !== undefined && { token }),
    });
    if (!shares) {
      arrive(draft, identity);
      return;
    }
    draft.requests.push({
      ...fresh(draft, identity),
      status: 'running',
      table,
      computed,
      published,
      hashes,
      highWater: computed,
    });
    for (const block of table)
      if (block !== 0) draft.setBlock(block, { refCount: draft.blocks.at(block).refCount + 1 });
    const members = draft.running.filter((other) => draft.requests.at(other).group === group);
    draft.running.splice(draft.running.indexOf(members.at(-1) as number) + 1, 0, id);
  });
}

/** The child's tokens: the parent's, with its own last one when that was drawn and is not computed yet. */
function childTokens(
  state: State,
  parent: Request,
  child: number,
  given?: number,
): { token?: number; tokens: Tail<number> } {
  const { tokens, computed, promptLength, source } = parent;
  const position = tokens.length - 1;
  const drawn = position >= promptLength && computed <= position;
  const token = given ?? (source === 'seeded' ? seededToken(state.config, child, position) : undefined);
  if (!drawn || token === undefined) return { tokens };
  return { token, tokens: Tail.of([...tokens.slice(0, position), token]) };
}

/** Ends a request by hand, whatever its status: the visitor ended it, or a beam was dropped. */
export function free(state: State, id: number): Result {
  const request = unfinished(state, id);
  if (typeof request === 'string') return refused(state, 'free', { request: id, reason: request });
  return edited(state, (draft) => {
    draft.emit({ kind: 'free', request: id, status: request.status });
    leave(draft, id, 'free');
  });
}
