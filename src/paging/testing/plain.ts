/** A state as plain lists, so that two states can be compared. */
import { freeOrder } from '../reads';
import type { State } from '../types';

/** All readable parts of a state. */
export const plain = (state: State) => ({
  step: state.step,
  queues: [state.running, state.waiting, state.swapped, state.cpuFree, freeOrder(state)],
  blocks: [...state.blocks],
  cpu: [...state.cpu],
  requests: [...state.requests].map((request) => ({
    ...request,
    tokens: [...request.tokens],
    hashes: [...request.hashes],
  })),
  index: state.index.flatMap((part) => [...part]),
  counters: state.counters,
  batch: state.batch,
});

/** Who shares which blocks, without physical numbers: a block is named by the first table entry that holds it. */
export function sharing(state: State): string[] {
  const names = new Map<number, string>();
  return [...state.requests].map(({ id, status, computed, table, tokens }) => {
    const entries = table.map((block, logical) => {
      if (block === 0) return 'null';
      const name = names.get(block) ?? `${id}.${logical}`;
      names.set(block, name);
      return `${name}*${state.blocks.at(block).refCount}`;
    });
    return `${id} ${status} ${computed}/${tokens.length} [${entries.join()}]`;
  });
}
