/** The scheduler of rule set `paper`, naively: prompts or decodes, groups swapped whole. See naive.ts. */
import type { Naive } from './naive';

type NaiveRequest = Naive['requests'][number];

const group = (requests: readonly NaiveRequest[], like: NaiveRequest) =>
  requests.filter((request) => request.group === like.group);

/** One step of `naive` under the rules of the paper. */
export function naivePaperStep(naive: Naive): void {
  if (naive.swapped.length === 0) prefill(naive);
  if (naive.served.length > 0) return;
  if (!decode(naive)) swapBack(naive);
}

function prefill(naive: Naive): void {
  while (naive.waiting.length > 0 && naive.running.length < naive.config.maxRunning) {
    const request = naive.waiting[0] as NaiveRequest;
    const hits = naive.lookup(request);
    const count = request.tokens.length - hits.length * naive.config.blockSize;
    if (naive.used > 0 && naive.used + count > naive.config.budget) return;
    if (!naive.admit(request, count, hits)) return;
  }
}

/** Tokens of each member: one, and more of what is pending as far as the budget goes. */
function shares(naive: Naive, members: readonly NaiveRequest[]): number[] {
  const counts = members.map((request) => Math.min(1, request.tokens.length - request.computed));
  let left = naive.config.budget - naive.used - members.length;
  for (const [i, request] of members.entries()) {
    while (left > 0 && request.computed + (counts[i] ?? 0) < request.tokens.length) {
      counts[i] = (counts[i] ?? 0) + 1;
      left -= 1;
    }
  }
  return counts;
}

/**
 * What a group takes, member by member: new blocks, and a copy of the last one unless all others have copied it by
 * then.
 */
function groupNeed(
  naive: Naive,
  members: readonly NaiveRequest[],
  counts: readonly number[],
  tableOf = (request: NaiveRequest) => request.table,
  holdersOf = (block: number) => naive.count(block),
): number {
  const { blockSize } = naive.config;
  const left = new Map<number, number>();
  let need = 0;
  for (const [i, request] of members.entries()) {
    const count = counts[i] ?? 0;
    if (count === 0) continue;
    need += Math.max(0, Math.ceil((request.computed + count) / blockSize) - tableOf(request).length);
    if (request.computed % blockSize === 0) continue;
    const block = tableOf(request)[Math.floor(request.computed / blockSize)] as number;
    const holders = left.get(block) ?? holdersOf(block);
    left.set(block, holders - 1);
    if (holders > 1) need += 1;
  }
  return need;
}

/** @returns whether a group was preempted */
function decode(naive: Naive): boolean {
  let preempted = false;
  const done = new Set<number>();
  for (let next = naive.running[0]; next; next = naive.running.find((request) => !done.has(request.group))) {
    const like = next;
    const members = group(naive.running, like);
    if (naive.served.length > 0 && naive.used + members.length > naive.config.budget) break;
    for (const member of members) naive.slide(member);
    const counts = shares(naive, members);
    while (naive.running.includes(like) && groupNeed(naive, members, counts) > naive.free.length) {
      preempted = true;
      const others = naive.running.filter((request) => request.group !== like.group && !done.has(request.group));
      if (others.length > 0) {
        preempt(naive, group(naive.running, naive.victim(others)));
        continue;
      }
      if (members.length > 1 && members.length === naive.running.length)
        naive.recompute(members.at(-1) as NaiveRequest);
      else preempt(naive, members);
      break;
    }
    if (group(naive.running, like).length < members.length) continue;
    members.forEach((member, i) => {
      if ((counts[i] ?? 0) > 0) naive.compute(member, counts[i] ?? 0);
    });
    done.add(like.group);
  }
  return preempted;
}

function preempt(naive: Naive, members: readonly NaiveRequest[]): void {
  const { preemption } = naive.config;
  const blocks = [...new Set(members.flatMap((request) => request.table))].filter((block) => block !== 0);
  const swaps = preemption === 'swap' || (preemption === 'auto' && members.length > 1);
  if (!swaps || blocks.length > naive.cpuFree.length) {
    for (const request of members.toReversed()) naive.recompute(request);
    return;
  }
  const places = blocks.map(() => naive.cpuFree.pop() as number);
  blocks.forEach((block, i) => {
    naive.cpuContent[places[i] as number] = naive.content[block] as number[];
  });
  for (const request of members) {
    request.cpu = request.table.map((block) => (block === 0 ? -1 : (places[blocks.indexOf(block)] as number)));
    request.status = 'swapped';
    naive.remove(request);
  }
  for (const request of members) naive.dropTable(request);
  naive.swapped = [...members, ...naive.swapped];
}

function swapBack(naive: Naive): void {
  while (naive.swapped.length > 0) {
    const members = group(naive.swapped, naive.swapped[0] as NaiveRequest);
    if (naive.served.length > 0 && naive.used + members.length > naive.config.budget) return;
    if (naive.running.length > 0 && naive.running.length + members.length > naive.config.maxRunning) return;
    const counts = shares(naive, members);
    const onCpu = (block: number) => naive.swapped.filter((request) => request.cpu.includes(block)).length;
    const need = blocksOf(members).length + groupNeed(naive, members, counts, (request) => request.cpu, onCpu);
    if (need > naive.free.length - naive.reserve()) {
      if (naive.running.length > 0 || members.length === 1) return;
      naive.recompute(members.at(-1) as NaiveRequest);
      continue;
    }
    comeBack(naive, members);
    members.forEach((member, i) => {
      if ((counts[i] ?? 0) > 0) naive.compute(member, counts[i] ?? 0);
    });
  }
}

const blocksOf = (members: readonly NaiveRequest[]) =>
  [...new Set(members.flatMap((request) => request.cpu))].filter((block) => block >= 0);

function comeBack(naive: Naive, members: readonly NaiveRequest[]): void {
  const blocks = blocksOf(members);
  const places = blocks.map((block) => {
    const place = naive.take();
    naive.content[place] = naive.cpuContent[block] as number[];
    return place;
  });
  for (const request of members)
    request.table = request.cpu.map((block) => (block < 0 ? 0 : (places[blocks.indexOf(block)] as number)));
  for (const request of members) {
    naive.dropCpu(request);
    naive.remove(request);
    naive.running.push(request);
    request.status = 'running';
    naive.publish(request);
  }
}
