/**
 * The same workload without paging: each request gets one run of slots, as long as it may become. A small simulation of
 * its own, driven by the events of the paged one: the same slots, queue order and limit of running requests, but no
 * sharing.
 */
import type { PagingEvent } from '../events';
import { Tail } from '../tail';
import type { Config, State } from '../types';
import type { Waste } from './waste';

/**
 * How many slots a run gets: the longest sequence allowed, the next power of two, or exactly what it will need (which
 * nobody can know).
 */
export type ContiguousPolicy = 'max-length' | 'power-of-two' | 'oracle';

export const CONTIGUOUS_POLICIES: readonly ContiguousPolicy[] = ['max-length', 'power-of-two', 'oracle'];

interface Wanted {
  readonly request: number;
  /** Tokens known on arrival. */
  readonly prompt: number;
  /** Slots that it fills in the end: all tokens but the last, which is never computed. */
  readonly end: number;
}

/** A run of slots. */
export interface Run extends Wanted {
  readonly start: number;
  readonly size: number;
  /** The step in which its prompt was computed; one token more in every step after it. */
  readonly since: number;
}

export interface Contiguous {
  readonly policy: ContiguousPolicy;
  readonly slots: number;
  readonly maxLength: number;
  readonly maxRunning: number;
  readonly step: number;
  /** In the order of their slots. */
  readonly runs: readonly Run[];
  /** Runs that ended with the last step: they still held their slots while it ran. */
  readonly ended: readonly Run[];
  /**
   * All requests in order of arrival, three numbers each: request, prompt, end. Those before place `next` have been
   * served.
   */
  readonly queue: Tail<number>;
  readonly next: number;
  /** The head of the queue found no hole that is large enough, and no run has ended since. */
  readonly blocked: boolean;
  /** Requests whose run is longer than all slots. */
  readonly refused: number;
  readonly finished: number;
}

const NONE: readonly Run[] = [];

/** Empty memory, as many slots as the pool has. */
export const createContiguous = (
  { blocks, blockSize, maxLength, maxRunning }: Config,
  policy: ContiguousPolicy,
): Contiguous => ({
  policy,
  slots: (blocks - 1) * blockSize,
  maxLength,
  maxRunning,
  step: 0,
  runs: [],
  ended: [],
  queue: Tail.of<number>([]),
  next: 0,
  blocked: false,
  refused: 0,
  finished: 0,
});

function sizeOf({ policy, maxLength }: Contiguous, { end }: Wanted): number {
  if (policy === 'oracle') return end;
  return policy === 'max-length' ? maxLength : Math.min(maxLength, 2 ** Math.ceil(Math.log2(end)));
}

/**
 * Applies one operation of the paged simulation, from its events; `state` is the one after it. A forked sequence
 * arrives as a new request with all its tokens as prompt: contiguous memory cannot share.
 */
export function followContiguous(memory: Contiguous, events: readonly PagingEvent[], state: State): Contiguous {
  let next = memory;
  for (const event of events) {
    if (event.kind === 'arrive') next = arrive(next, state, event.request);
    else if (event.kind === 'fork' && !event.asNewRequest) next = arrive(next, state, event.child);
    else if (event.kind === 'free') next = leave(next, event.request);
    else if (event.kind === 'batch') next = step(next);
  }
  return next;
}

function arrive(memory: Contiguous, state: State, request: number): Contiguous {
  const { tokens, finalLength } = state.requests.at(request);
  const wanted = { request, prompt: Math.min(tokens.length, finalLength - 1), end: finalLength - 1 };
  if (sizeOf(memory, wanted) > memory.slots) return { ...memory, refused: memory.refused + 1 };
  return { ...memory, queue: memory.queue.append([wanted.request, wanted.prompt, wanted.end]) };
}

/** The request at a place of the queue. */
function wantedAt({ queue }: Contiguous, place: number): Wanted | undefined {
  const request = queue.at(3 * place);
  return request === undefined
    ? undefined
    : { request, prompt: queue.at(3 * place + 1) ?? 0, end: queue.at(3 * place + 2) ?? 0 };
}

function leave(memory: Contiguous, request: number): Contiguous {
  const waiting = memory.queue.slice(3 * memory.next);
  const queue = waiting.filter((_, i) => waiting[i - (i % 3)] !== request);
  return {
    ...memory,
    runs: memory.runs.filter((run) => run.request !== request),
    queue: Tail.of(queue),
    next: 0,
    blocked: false,
  };
}

/** Tokens in a run after a step. */
export const tokensIn = ({ prompt, end, since }: Run, now: number): number => Math.min(end, prompt + now - since);

function step(memory: Contiguous): Contiguous {
  const now = memory.step + 1;
  const runs = [...memory.runs];
  let { next, blocked } = memory;
  for (
    let head = wantedAt(memory, next);
    head && !blocked && runs.length < memory.maxRunning;
    head = wantedAt(memory, next)
  ) {
    const size = sizeOf(memory, head);
    const at = firstHole(runs, memory.slots, size);
    blocked = at === undefined;
    if (at === undefined) break;
    runs.splice(at.place, 0, { ...head, start: at.start, size, since: now });
    next += 1;
  }
  const left = runs.filter(({ prompt, end, since }) => prompt + now - since < end);
  return {
    ...memory,
    step: now,
    runs: left,
    ended: left.length === runs.length ? NONE : runs.filter((run) => !left.includes(run)),
    next,
    blocked: blocked && left.length === runs.length,
    finished: memory.finished + runs.length - left.length,
  };
}

/** First fit: where the first hole of this size begins, and before which run. */
function firstHole(runs: readonly Run[], slots: number, size: number): { start: number; place: number } | undefined {
  let start = 0;
  for (const [place, run] of runs.entries()) {
    if (run.start - start >= size) return { start, place };
    start = run.start + run.size;
  }
  return slots - start >= size ? { start, place: runs.length } : undefined;
}

/** Its waste while the last step ran. */
export const contiguousWasteOfStep = (memory: Contiguous): Waste =>
  contiguousWaste(
    memory.ended.length === 0
      ? memory
      : { ...memory, runs: [...memory.runs, ...memory.ended].toSorted((a, b) => a.start - b.start) },
  );

/** Its waste now. */
export function contiguousWaste(memory: Contiguous): Waste {
  const sums = { token: 0, reserved: 0, internal: 0 };
  for (const run of memory.runs) {
    const tokens = tokensIn(run, memory.step);
    sums.token += tokens;
    sums.reserved += run.end - tokens;
    sums.internal += run.size - run.end;
  }
  const free = memory.slots - sums.token - sums.reserved - sums.internal;
  const head = wantedAt(memory, memory.next);
  const size = head ? sizeOf(memory, head) : Infinity;
  const fragmented = free >= size && firstHole(memory.runs, memory.slots, size) === undefined;
  return { slots: memory.slots, ...sums, external: fragmented ? free : 0, free: fragmented ? 0 : free, cached: 0 };
}
