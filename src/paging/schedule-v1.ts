/**
 * A scheduler step of vLLM V1: no phases; every request catches up with its tokens under one budget, running ones
 * first.
 */
import { arithmeticOf, compute, fits } from './allocate';
import type { Draft } from './draft';
import { preemptToRecompute, slide } from './leave';
import { countLookup, lookup } from './lookup';
import { sampleAll, emitAwaiting } from './sample';
import type { BatchRow, VictimPolicy } from './types';

/** Rows computed so far in this step, and the tokens still allowed. */
interface Progress {
  readonly rows: BatchRow[];
  budget: number;
}

/** One scheduler step under `v1-2026` or `v1-2025`. */
export function stepV1(draft: Draft): void {
  const progress: Progress = { rows: [], budget: draft.config.budget };
  const preempted = serveRunning(draft, progress);
  if (!preempted) admitWaiting(draft, progress);
  else if (draft.waiting.length > 0) draft.emit({ kind: 'hold', reason: 'preempted', waiting: draft.waiting.length });
  draft.batch = progress.rows;
  draft.step += 1;
  sampleAll(draft, progress.rows);
  emitAwaiting(draft);
  const { budget } = draft.config;
  const tokens = budget - progress.budget;
  draft.emit({ kind: 'batch', step: draft.step, tokens, budget, requests: progress.rows.length, phase: 'mixed' });
}

function computeRow(
  draft: Draft,
  progress: Progress,
  id: number,
  count: number,
  found?: ReturnType<typeof lookup>,
): void {
  compute(draft, id, count, found);
  const { computed, table } = draft.requests.at(id);
  progress.rows.push({ request: id, start: computed - count, count, table });
  progress.budget -= count;
}

/** @returns whether a request was preempted */
function serveRunning(draft: Draft, progress: Progress): boolean {
  let preempted = false;
  for (let i = 0; i < draft.running.length && progress.budget > 0;) {
    const id = draft.running[i] as number;
    const { tokens, computed } = draft.requests.at(id);
    const count = Math.min(tokens.length - computed, progress.budget);
    if (count > 0) {
      slide(draft, id);
      const granted = makeRoom(draft, i, count);
      preempted ||= granted !== 'at-once';
      if (granted === 'no') break;
      computeRow(draft, progress, id, count);
    }
    i += 1;
  }
  return preempted;
}

/**
 * Preempts from the end of the running queue until the request at index `i` fits; itself when nothing after it is left.
 * Those before it keep what this step computed, which is published already. So the first request always makes progress.
 */
function makeRoom(draft: Draft, i: number, count: number): 'at-once' | 'by-preempting' | 'no' {
  const id = draft.running[i] as number;
  for (let granted: 'at-once' | 'by-preempting' = 'at-once'; ; granted = 'by-preempting') {
    const arithmetic = arithmeticOf(draft, id, count);
    if (fits(arithmetic)) {
      if (arithmetic.fresh > 0) draft.emit({ kind: 'grant', request: id, members: [id], arithmetic });
      return granted;
    }
    draft.emit({ kind: 'refuse', request: id, reason: 'blocks', attempt: 'run', arithmetic });
    const others = draft.running.slice(i + 1);
    const victim = others.length > 0 ? chooseVictim(draft, others) : id;
    preemptToRecompute(draft, victim, id);
    if (victim === id) return 'no';
  }
}

/** The request to preempt; ties go to the later one. */
export function chooseVictim(draft: Draft, candidates: readonly number[]): number {
  const cost: Record<VictimPolicy, (id: number) => number> = {
    last: () => 0,
    'most-blocks': (id) => -draft.requests.at(id).table.filter((block) => block !== 0).length,
    'fewest-computed': (id) => draft.requests.at(id).computed,
  };
  const costOf = cost[draft.config.victim];
  return candidates.reduce((best, id) => (costOf(id) <= costOf(best) ? id : best));
}

/** First come, first served: a request that does not fit stops those behind it. */
function admitWaiting(draft: Draft, progress: Progress): void {
  while (draft.waiting.length > 0 && progress.budget > 0) {
    const id = draft.waiting[0] as number;
    const { maxRunning, blockSize } = draft.config;
    if (draft.running.length >= maxRunning) {
      draft.emit({
        kind: 'refuse',
        request: id,
        reason: 'max-running',
        attempt: 'admit',
        need: draft.running.length + 1,
        have: maxRunning,
      });
      return;
    }
    const found = lookup(draft, id);
    const hitTokens = found.blocks.length * blockSize;
    const { tokens, status } = draft.requests.at(id);
    const count = Math.min(tokens.length - hitTokens, progress.budget);
    const arithmetic = arithmeticOf(draft, id, count, found);
    if (!fits(arithmetic)) {
      draft.emit({ kind: 'refuse', request: id, reason: 'blocks', attempt: 'admit', arithmetic });
      return;
    }
    draft.emit({ kind: 'admit', request: id, resumed: status === 'preempted', hitTokens, count, arithmetic });
    draft.waiting.shift();
    draft.running.push(id);
    countLookup(draft, id, hitTokens);
    draft.setRequest(id, { status: 'running' });
    computeRow(draft, progress, id, count, found);
  }
}
