/**
 * A scheduler step of the paper and of vLLM V0: either whole prompts, or one decode of every running group. Groups are
 * preempted and swapped back as a whole.
 */
import { arithmeticOf, compute, fits } from './allocate';
import type { Draft } from './draft';
import { preemptToRecompute, slide } from './leave';
import { countLookup, lookup } from './lookup';
import { sampleAll, emitAwaiting } from './sample';
import { cpuBlocksNeeded, groupArithmetic, swapIn, swapInArithmetic, swapOut } from './swap';
import { chooseVictim } from './schedule-v1';
import type { BatchRow } from './types';

/** One scheduler step under `paper`. While anything is swapped out, nothing new is admitted. */
export function stepPaper(draft: Draft): void {
  const rows: BatchRow[] = [];
  if (draft.swapped.length === 0) admitPrompts(draft, rows);
  else if (draft.waiting.length > 0) draft.emit({ kind: 'hold', reason: 'swapped', waiting: draft.waiting.length });
  const phase = rows.length > 0 ? 'prefill' : 'decode';
  if (phase === 'decode') {
    const preempted = decode(draft, rows);
    if (!preempted) swapInGroups(draft, rows);
  }
  draft.batch = rows;
  draft.step += 1;
  sampleAll(draft, rows);
  emitAwaiting(draft);
  const { budget } = draft.config;
  draft.emit({ kind: 'batch', step: draft.step, tokens: tokensOf(rows), budget, requests: rows.length, phase });
}

const tokensOf = (rows: readonly BatchRow[]): number => rows.reduce((sum, { count }) => sum + count, 0);

function computeRow(
  draft: Draft,
  rows: BatchRow[],
  id: number,
  count: number,
  found?: ReturnType<typeof lookup>,
): void {
  compute(draft, id, count, found);
  const { computed, table } = draft.requests.at(id);
  rows.push({ request: id, start: computed - count, count, table });
}

/**
 * Prompts are computed whole; one that is longer than the budget goes alone. First come, first served: one that does
 * not fit stops those behind it.
 */
function admitPrompts(draft: Draft, rows: BatchRow[]): void {
  const { maxRunning, blockSize, budget } = draft.config;
  while (draft.waiting.length > 0) {
    const id = draft.waiting[0] as number;
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
    const { tokens, status } = draft.requests.at(id);
    const hitTokens = found.blocks.length * blockSize;
    const count = tokens.length - hitTokens;
    if (rows.length > 0 && tokensOf(rows) + count > budget) return;
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
    computeRow(draft, rows, id, count, found);
  }
}

/** Those of `ids` that are in one group, in their order. */
const membersOf = (draft: Draft, ids: readonly number[], id: number): number[] => {
  const { group } = draft.requests.at(id);
  return ids.filter((other) => draft.requests.at(other).group === group);
};

/**
 * How many tokens each member computes now. The budget cuts long texts, but every member gets at least one token: a
 * group goes forward together or not at all.
 */
function countsOf(draft: Draft, members: readonly number[], rows: readonly BatchRow[]): number[] {
  let left = draft.config.budget - tokensOf(rows) - members.length;
  return members.map((id) => {
    const { tokens, computed } = draft.requests.at(id);
    const pending = tokens.length - computed;
    const more = Math.max(0, Math.min(pending - 1, left));
    left -= more;
    return Math.min(pending, 1 + more);
  });
}

/** @returns whether a group was preempted */
function decode(draft: Draft, rows: BatchRow[]): boolean {
  let preempted = false;
  const served = new Set<number>();
  for (;;) {
    const id = draft.running.find((other) => !served.has(draft.requests.at(other).group));
    if (id === undefined) return preempted;
    const members = membersOf(draft, draft.running, id);
    if (rows.length > 0 && tokensOf(rows) + members.length > draft.config.budget) return preempted;
    for (const member of members) slide(draft, member);
    const granted = makeRoom(draft, members, rows, served);
    preempted ||= granted !== 'at-once';
    if (granted === 'no') continue;
    const counts = countsOf(draft, members, rows);
    members.forEach((member, i) => {
      if ((counts[i] ?? 0) > 0) computeRow(draft, rows, member, counts[i] ?? 0);
    });
    served.add(draft.requests.at(id).group);
  }
}

/** Preempts later groups until this one fits, then this one itself. */
function makeRoom(
  draft: Draft,
  members: readonly number[],
  rows: readonly BatchRow[],
  served: ReadonlySet<number>,
): 'at-once' | 'by-preempting' | 'no' {
  const counts = countsOf(draft, members, rows);
  const first = members[0] as number;
  const { group } = draft.requests.at(first);
  for (let granted: 'at-once' | 'by-preempting' = 'at-once'; ; granted = 'by-preempting') {
    const arithmetic = groupArithmetic(draft, members, counts);
    if (fits(arithmetic)) {
      if (arithmetic.fresh > 0) draft.emit({ kind: 'grant', request: first, members, arithmetic });
      return granted;
    }
    draft.emit({ kind: 'refuse', request: first, members, reason: 'blocks', attempt: 'run', arithmetic });
    const others = draft.running.filter((id) => {
      const { group: other } = draft.requests.at(id);
      return other !== group && !served.has(other);
    });
    if (others.length > 0) preemptGroup(draft, membersOf(draft, draft.running, chooseVictim(draft, others)), first);
    else {
      preemptLast(draft, members);
      return 'no';
    }
  }
}

/**
 * Preempts the group itself. A group that fills the pool alone could never come back whole: V0 fails here, this
 * simulation recomputes its last member.
 */
function preemptLast(draft: Draft, members: readonly number[]): void {
  const first = members[0] as number;
  if (members.length > 1 && members.length === draft.running.length)
    preemptToRecompute(draft, members.at(-1) as number, first);
  else preemptGroup(draft, members, first);
}

function preemptGroup(draft: Draft, members: readonly number[], because: number): void {
  const { preemption } = draft.config;
  const swaps = preemption === 'swap' || (preemption === 'auto' && members.length > 1);
  const need = cpuBlocksNeeded(draft, members);
  if (swaps && need <= draft.cpuFree.length) {
    swapOut(draft, members, because);
    return;
  }
  if (swaps) {
    const request = members[0] as number;
    draft.emit({
      kind: 'refuse',
      request,
      reason: 'cpu-blocks',
      attempt: 'swap-out',
      need,
      have: draft.cpuFree.length,
    });
  }
  for (const id of members.toReversed()) preemptToRecompute(draft, id, because);
}

/** Swaps groups back in, in order, as long as they fit; they decode in the same step. */
function swapInGroups(draft: Draft, rows: BatchRow[]): void {
  while (draft.swapped.length > 0) {
    const first = draft.swapped[0] as number;
    const members = membersOf(draft, draft.swapped, first);
    if (rows.length > 0 && tokensOf(rows) + members.length > draft.config.budget) return;
    const need = draft.running.length + members.length;
    const have = draft.config.maxRunning;
    if (need > have && draft.running.length > 0) {
      draft.emit({ kind: 'refuse', request: first, reason: 'max-running', attempt: 'swap-in', need, have });
      return;
    }
    const counts = countsOf(draft, members, rows);
    const arithmetic = swapInArithmetic(draft, members, counts);
    if (!fits(arithmetic)) {
      draft.emit({ kind: 'refuse', request: first, members, reason: 'blocks', attempt: 'swap-in', arithmetic });
      if (draft.running.length > 0 || members.length === 1) return;
      // Nothing else runs and the group still does not fit: it can never come back whole.
      preemptToRecompute(draft, members.at(-1) as number, first);
      continue;
    }
    swapIn(draft, members, arithmetic);
    members.forEach((id, i) => {
      if ((counts[i] ?? 0) > 0) computeRow(draft, rows, id, counts[i] ?? 0);
    });
  }
}
