/**
 * Swapping (rule set `paper`): a sequence group moves to the CPU pool and back as a whole, each distinct block once.
 */
import { arithmeticOf, publishFull } from './allocate';
import { watermarkBlocks } from './config';
import type { Draft } from './draft';
import type { Arithmetic, Moved } from './events';
import { dropCpu } from './leave';
import { release, take } from './pool';

/** The distinct blocks of some tables, without the null block (0; -1 in CPU tables). */
const distinct = (tables: readonly (readonly number[])[], nothing: number): number[] => [
  ...new Set(tables.flat().filter((block) => block !== nothing)),
];

/** How many CPU blocks it takes to swap these requests out. */
export const cpuBlocksNeeded = (draft: Draft, members: readonly number[]): number =>
  distinct(
    members.map((id) => draft.requests.at(id).table),
    0,
  ).length;

/**
 * Copies a group's blocks to the CPU pool; shared blocks stay shared there. The caller has checked the room
 * (`cpuBlocksNeeded`).
 */
export function swapOut(draft: Draft, members: readonly number[], because: number): void {
  const tables = members.map((id) => draft.requests.at(id).table);
  const moved: Moved[] = distinct(tables, 0).map((from) => ({ from, to: draft.cpuFree.pop() as number }));
  const place = new Map(moved.map(({ from, to }) => [from, to]));
  for (const { from, to } of moved) draft.cpu.set(to, { id: to, refCount: 0, tokens: draft.blocks.at(from).tokens });
  for (const id of members) {
    const { table, preemptions } = draft.requests.at(id);
    const blocks = table.filter((block) => block !== 0).length;
    draft.counters.preemptions += 1;
    draft.emit({ kind: 'preempt', request: id, because, policy: draft.config.victim, how: 'swap', lost: 0, blocks });
    const cpuTable = table.map((block) => place.get(block) ?? -1);
    for (const block of cpuTable.filter((other) => other >= 0)) {
      const old = draft.cpu.at(block);
      draft.cpu.set(block, { ...old, refCount: old.refCount + 1 });
    }
    draft.setRequest(id, { status: 'swapped', table: [], cpuTable, preemptions: preemptions + 1 });
  }
  draft.counters.swappedOut += moved.length;
  draft.emit({
    kind: 'swap-out',
    group: groupOf(draft, members),
    requests: members,
    blocks: moved,
    cpuFree: draft.cpuFree.length,
  });
  members.forEach((id, i) => release(draft, id, tables[i] ?? [], 'swap'));
  draft.running = draft.running.filter((id) => !members.includes(id));
  // The group preempted last arrived first, so it goes to the front.
  draft.swapped.unshift(...members);
}

/** What it takes to swap a group in: its distinct blocks, and room for the tokens that each member computes next. */
export function swapInArithmetic(draft: Draft, members: readonly number[], counts: readonly number[]): Arithmetic {
  const { blockSize } = draft.config;
  const requests = members.map((id) => draft.requests.at(id));
  const back = distinct(
    requests.map(({ cpuTable }) => cpuTable),
    -1,
  );
  const left = new Map(back.map((block) => [block, draft.cpu.at(block).refCount]));
  const sums = { tokens: 0, growth: 0, copies: 0 };
  requests.forEach(({ cpuTable, computed }, i) => {
    const count = counts[i] ?? 0;
    sums.tokens += computed + count;
    sums.growth += Math.max(0, Math.ceil((computed + count) / blockSize) - cpuTable.length);
    const last = cpuTable[Math.floor(computed / blockSize)] ?? -1;
    const holders = left.get(last) ?? 0;
    if (count === 0 || computed % blockSize === 0 || holders < 2) return;
    sums.copies += 1;
    left.set(last, holders - 1);
  });
  const fresh = back.length + sums.growth + sums.copies;
  const watermark = draft.running.length > 0 ? watermarkBlocks(draft.config) : 0;
  const { tokens, copies } = sums;
  return { tokens, needed: fresh, held: 0, hits: 0, fresh, copies, idleHits: 0, watermark, free: draft.freeBlocks };
}

/** Copies a group back into the pool; its full blocks are published again. */
export function swapIn(draft: Draft, members: readonly number[], arithmetic: Arithmetic): void {
  const tables = members.map((id) => draft.requests.at(id).cpuTable);
  const first = members[0] as number;
  const place = new Map<number, number>();
  for (const table of tables)
    for (const [logical, from] of table.entries()) {
      if (from < 0) continue;
      const known = place.get(from);
      const to = known ?? take(draft, first, logical);
      place.set(from, to);
      if (known === undefined) draft.setBlock(to, { tokens: draft.cpu.at(from).tokens });
      else draft.setBlock(to, { refCount: draft.blocks.at(to).refCount + 1 });
    }
  const moved = [...place].map(([from, to]): Moved => ({ from, to }));
  draft.counters.swappedIn += moved.length;
  draft.emit({ kind: 'swap-in', group: groupOf(draft, members), requests: members, blocks: moved, arithmetic });
  draft.swapped = draft.swapped.filter((id) => !members.includes(id));
  draft.running.push(...members);
  members.forEach((id, i) => {
    const table = (tables[i] ?? []).map((block) => place.get(block) ?? 0);
    dropCpu(draft, tables[i] ?? []);
    draft.setRequest(id, { status: 'running', table, cpuTable: [], published: 0 });
    publishFull(draft, id);
  });
}

const groupOf = (draft: Draft, members: readonly number[]): number => draft.requests.at(members[0] as number).group;

/** What a running group takes for its next tokens: a block that its members share is copied for all but one of them. */
export function groupArithmetic(draft: Draft, members: readonly number[], counts: readonly number[]): Arithmetic {
  const each = members.map((id, i) => arithmeticOf(draft, id, counts[i] ?? 0));
  const sum = (of: (part: Arithmetic) => number) => each.reduce((total, part) => total + of(part), 0);
  // Every member that writes into a shared block counts a copy; but once all others have copied it, the last one writes
  // in place.
  const copying = new Map<number, number>();
  members.forEach((id, i) => {
    const { table, computed } = draft.requests.at(id);
    const last = table[Math.floor(computed / draft.config.blockSize)] ?? 0;
    if (each[i]?.copies === 1) copying.set(last, (copying.get(last) ?? 0) + 1);
  });
  let inPlace = 0;
  for (const [block, copies] of copying) if (copies === draft.blocks.at(block).refCount) inPlace += 1;
  return {
    tokens: sum((part) => part.tokens),
    needed: sum((part) => part.needed),
    held: sum((part) => part.held),
    hits: 0,
    fresh: sum((part) => part.fresh) - inPlace,
    copies: sum((part) => part.copies) - inPlace,
    idleHits: 0,
    watermark: 0,
    free: draft.freeBlocks,
  };
}
