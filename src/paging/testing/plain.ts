/** A state as plain lists: what can be compared with another one, whatever they share inside. */
import { freeOrder } from '../reads';
import type { State } from '../types';

/** Everything of a state that can be read. */
export const plain = (state: State) => ({
  step: state.step,
  queues: [state.running, state.waiting, state.swapped, state.cpuFree, freeOrder(state)],
  blocks: [...state.blocks],
  cpu: [...state.cpu],
  requests: [...state.requests].map((request) => ({ ...request, tokens: [...request.tokens], hashes: [...request.hashes] })),
  index: state.index.flatMap((part) => [...part]),
  counters: state.counters,
  batch: state.batch,
});

/** Who shares what with whom, physical numbers left out: blocks are named by the first table entry that holds them. */
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
