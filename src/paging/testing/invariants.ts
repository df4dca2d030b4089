/** What must hold of every state, whatever was done to get there; found out from the state alone, without trusting its counts. */
import { freeOrder } from '../reads';
import type { Request, State } from '../types';

/** The first thing wrong with a state, or nothing. */
export function violation(state: State): string | undefined {
  return queueViolation(state) ?? countViolation(state) ?? publishedViolation(state) ?? cpuViolation(state) ?? requestViolation(state);
}

const requestsOf = (state: State): Request[] => [...state.requests];

function queueViolation(state: State): string | undefined {
  const free = freeOrder(state);
  if (new Set(free).size !== free.length) return 'a block is twice in the free queue';
  if (free.length !== state.freeBlocks) return `${free.length} blocks in the queue, ${state.freeBlocks} counted`;
  if (free.includes(0)) return 'the null block is free';
  if (state.back !== (free.at(-1) ?? -1)) return 'the back of the queue is not its last block';
  const used = [...state.blocks].filter((block) => block.refCount > 0).length;
  if (free.length + used + 1 !== state.config.blocks) return `free ${free.length} + used ${used} + null 1 is not ${state.config.blocks}`;
  const inQueue = new Set(free);
  const both = [...state.blocks].find((block) => inQueue.has(block.id) !== block.free || (block.free && block.refCount > 0));
  return both && `block ${both.id} is in the queue: ${inQueue.has(both.id)}, marked free: ${both.free}, held ${both.refCount} times`;
}

function countViolation(state: State): string | undefined {
  const counts = new Map<number, number>();
  for (const { table } of requestsOf(state)) {
    const own = table.filter((block) => block !== 0);
    if (new Set(own).size !== own.length) return 'a table holds a block twice';
    for (const block of own) counts.set(block, (counts.get(block) ?? 0) + 1);
  }
  const wrong = [...state.blocks].find(({ id, refCount }) => refCount !== (counts.get(id) ?? 0));
  return wrong && `block ${wrong.id} counts ${wrong.refCount} holders, ${counts.get(wrong.id) ?? 0} tables hold it`;
}

/** Where a hash came from: followed from block to block, its tokens must be those of every table that goes through it. */
function publishedViolation(state: State): string | undefined {
  const listed = state.index.flatMap((part) => [...part].flatMap(([hash, ids]) => ids.map((id) => ({ hash, id }))));
  const wrong = listed.find(({ hash, id }) => state.blocks.at(id).hash !== hash);
  if (wrong) return `the index says block ${wrong.id} has hash ${wrong.hash}`;
  const published = [...state.blocks].filter((block) => block.hash !== undefined);
  if (published.length !== listed.length) return `${published.length} blocks have a hash, the index lists ${listed.length}`;
  const partial = published.find((block) => block.tokens.length !== state.config.blockSize);
  if (partial) return `block ${partial.id} is published with ${partial.tokens.length} tokens`;
  const kept = published.find((block) => state.config.rules === 'paper' && block.refCount === 0);
  return kept && `block ${kept.id} is published and held by nobody`;
}

function requestViolation(state: State): string | undefined {
  const { blockSize, window } = state.config;
  for (const request of state.requests) {
    const { id, table, tokens, computed, status } = request;
    if (status !== 'running' && table.length > 0) return `request ${id} is ${status} and holds blocks`;
    if (status !== 'running') continue;
    if (table.length !== Math.ceil(computed / blockSize)) return `request ${id} has ${computed} tokens in ${table.length} blocks`;
    for (const [logical, block] of table.entries()) {
      if (block === 0 && window === 0) return `request ${id} has the null block without a window`;
      const end = Math.min(computed, (logical + 1) * blockSize);
      if (block === 0 && end > Math.max(0, computed - window + 1)) return `request ${id} lacks block ${logical}, which its window sees`;
      const want = tokens.slice(logical * blockSize, end);
      const have = state.blocks.at(block).tokens.slice(0, want.length);
      if (block !== 0 && have.join() !== want.join()) return `request ${id} block ${logical} holds ${have.join()} for ${want.join()}`;
    }
  }
  return undefined;
}

function cpuViolation(state: State): string | undefined {
  const counts = new Map<number, number>();
  for (const { cpuTable } of requestsOf(state))
    for (const block of cpuTable) if (block >= 0) counts.set(block, (counts.get(block) ?? 0) + 1);
  const wrong = [...state.cpu].find(({ id, refCount }) => refCount !== (counts.get(id) ?? 0));
  if (wrong) return `CPU block ${wrong.id} counts ${wrong.refCount} holders, ${counts.get(wrong.id) ?? 0} tables hold it`;
  const busy = new Set(counts.keys());
  const all = new Set([...busy, ...state.cpuFree]);
  return busy.size + state.cpuFree.length === all.size && all.size === state.config.cpuBlocks
    ? undefined
    : 'CPU blocks are lost or both free and held';
}
