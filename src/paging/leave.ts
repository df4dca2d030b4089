/** How requests release their blocks: finished, preempted, or slid out of the window. */
import type { Draft } from './draft';
import { release } from './pool';

const without = (ids: readonly number[], id: number): number[] => ids.filter((other) => other !== id);

/** Ends a request, finished or by hand: it leaves every queue and releases its blocks and CPU blocks. */
export function leave(draft: Draft, id: number, reason: 'finish' | 'free'): void {
  const { table, cpuTable } = draft.requests.at(id);
  release(draft, id, table, reason);
  dropCpu(draft, cpuTable);
  draft.running = without(draft.running, id);
  draft.waiting = without(draft.waiting, id);
  draft.swapped = without(draft.swapped, id);
  draft.setRequest(id, { status: 'finished', table: [], cpuTable: [] });
}

/** Finishes a request that has all its tokens. Its last token needs no K and V. */
export function finish(draft: Draft, id: number): void {
  const { tokens, promptLength } = draft.requests.at(id);
  draft.counters.finished += 1;
  draft.emit({ kind: 'finish', request: id, tokens: tokens.length, generated: tokens.length - promptLength });
  leave(draft, id, 'finish');
}

/**
 * Preempts a running or swapped request: it releases all blocks and waits at the head of the queue, to be computed
 * again.
 */
export function preemptToRecompute(draft: Draft, id: number, because: number): void {
  const { table, cpuTable, computed, preemptions } = draft.requests.at(id);
  const blocks = table.filter((block) => block !== 0).length;
  draft.counters.preemptions += 1;
  draft.emit({
    kind: 'preempt',
    request: id,
    because,
    policy: draft.config.victim,
    how: 'recompute',
    lost: computed,
    blocks,
  });
  release(draft, id, table, 'preempt');
  dropCpu(draft, cpuTable);
  draft.running = without(draft.running, id);
  draft.swapped = without(draft.swapped, id);
  draft.waiting.unshift(id);
  draft.setRequest(id, {
    status: 'preempted',
    table: [],
    cpuTable: [],
    computed: 0,
    published: 0,
    preemptions: preemptions + 1,
  });
}

/** Releases these CPU blocks; null entries (-1) are skipped. */
export function dropCpu(draft: Draft, cpuTable: readonly number[]): void {
  for (const id of cpuTable.filter((block) => block >= 0)) {
    const block = draft.cpu.at(id);
    const refCount = block.refCount - 1;
    draft.cpu.set(id, { ...block, refCount });
    if (refCount === 0) draft.cpuFree.push(id);
  }
}

/** Replaces blocks that lie completely behind the window of the next query by the null block. */
export function slide(draft: Draft, id: number): void {
  const { window, blockSize } = draft.config;
  if (window === 0) return;
  const { table, computed } = draft.requests.at(id);
  const firstVisible = Math.max(0, computed - window + 1);
  const behind = Math.floor(firstVisible / blockSize);
  const logical = Array.from({ length: behind }, (_, i) => i).filter((i) => (table[i] ?? 0) !== 0);
  if (logical.length === 0) return;
  draft.emit({ kind: 'slide', request: id, logical, firstVisible });
  release(
    draft,
    id,
    logical.map((i) => table[i] ?? 0),
    'window',
  );
  draft.setRequest(id, { table: table.map((block, i) => (i < behind ? 0 : block)) });
}
