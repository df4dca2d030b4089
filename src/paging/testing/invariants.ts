/** What must hold for every state, checked from the state alone without trusting its counts. */
import { freeOrder } from '../reads';
import type { State } from '../types';

/** The first violation in a state; undefined when there is none. */
export function violation(state: State): string | undefined {
  return (
    queueViolation(state) ??
    countViolation(state) ??
    publishedViolation(state) ??
    cpuViolation(state) ??
    requestViolation(state)
  );
}

function queueViolation(state: State): string | undefined {
  const free = freeOrder(state);
  if (new Set(free).size !== free.length) return 'a block is twice in the free queue';
  if (free.length !== state.freeBlocks) return `${free.length} blocks in the queue, ${state.freeBlocks} counted`;
  if (free.includes(0)) return 'the null block is free';
  if (state.back !== (free.at(-1) ?? -1)) return 'the back of the queue is not its last block';
  const blocks = [...state.blocks];
  const used = blocks.filter((block) => block.refCount > 0).length;
  if (free.length + used + 1 !== state.config.blocks)
    return `free ${free.length} + used ${used} + null 1 is not ${state.config.blocks}`;
  const inQueue = new Set(free);
  const both = blocks.find((block) => inQueue.has(block.id) !== block.free || (block.free && block.refCount > 0));
  return (
    both &&
    `block ${both.id} is in the queue: ${inQueue.has(both.id)}, marked free: ${both.free}, held ${both.refCount} times`
  );
}

function countViolation(state: State): string | undefined {
  const counts = new Map<number, number>();
  for (const { table } of state.requests) {
    const own = table.filter((block) => block !== 0);
    if (own.some((block, i) => own.indexOf(block) < i)) return 'a table holds a block twice';
    for (const block of own) counts.set(block, (counts.get(block) ?? 0) + 1);
  }
  const wrong = [...state.blocks].find(({ id, refCount }) => refCount !== (counts.get(id) ?? 0));
  return wrong && `block ${wrong.id} counts ${wrong.refCount} holders, ${counts.get(wrong.id) ?? 0} tables hold it`;
}

/**
 * The index lists exactly the blocks that have a hash, and those are full. That equal hashes mean equal tokens is
 * checked against the naive model.
 */
function publishedViolation(state: State): string | undefined {
  let listed = 0;
  for (const part of state.index) {
    if (part.size === 0) continue;
    for (const [hash, ids] of part) {
      listed += ids.length;
      const wrong = ids.find((id) => state.blocks.at(id).hash !== hash);
      if (wrong !== undefined) return `the index says block ${wrong} has hash ${hash}`;
    }
  }
  for (const { id, hash, tokens, refCount } of state.blocks) {
    if (hash === undefined) continue;
    listed -= 1;
    if (tokens.length !== state.config.blockSize) return `block ${id} is published with ${tokens.length} tokens`;
    if (state.config.rules === 'paper' && refCount === 0) return `block ${id} is published and held by nobody`;
  }
  return listed === 0 ? undefined : `the index lists ${listed} blocks more than have a hash`;
}

function requestViolation(state: State): string | undefined {
  const { blockSize, window } = state.config;
  for (const request of state.requests) {
    const { id, table, tokens, computed, status } = request;
    if (status !== 'running' && table.length > 0) return `request ${id} is ${status} and holds blocks`;
    if (status !== 'running') continue;
    if (table.length !== Math.ceil(computed / blockSize))
      return `request ${id} has ${computed} tokens in ${table.length} blocks`;
    for (const [logical, block] of table.entries()) {
      if (block === 0 && window === 0) return `request ${id} has the null block without a window`;
      const end = Math.min(computed, (logical + 1) * blockSize);
      if (block === 0 && end > Math.max(0, computed - window + 1))
        return `request ${id} lacks block ${logical}, which its window sees`;
      const { tokens: have } = state.blocks.at(block);
      for (let at = logical * blockSize; at < end; at++) {
        const want = tokens.at(at);
        if (block !== 0 && have[at % blockSize] !== want)
          return `request ${id} position ${at} holds ${have[at % blockSize]} for ${want}`;
      }
    }
  }
  return undefined;
}

function cpuViolation(state: State): string | undefined {
  const counts = new Map<number, number>();
  for (const { cpuTable } of state.requests)
    for (const block of cpuTable) if (block >= 0) counts.set(block, (counts.get(block) ?? 0) + 1);
  const wrong = [...state.cpu].find(({ id, refCount }) => refCount !== (counts.get(id) ?? 0));
  if (wrong)
    return `CPU block ${wrong.id} counts ${wrong.refCount} holders, ${counts.get(wrong.id) ?? 0} tables hold it`;
  const busy = new Set(counts.keys());
  const all = new Set([...busy, ...state.cpuFree]);
  return busy.size + state.cpuFree.length === all.size && all.size === state.config.cpuBlocks
    ? undefined
    : 'CPU blocks are lost or both free and held';
}
