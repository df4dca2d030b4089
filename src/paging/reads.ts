/**
 * Questions that views ask of a state: queue order, who holds what, orphans, and where a token lies. Nothing here
 * changes anything.
 */
import { partOf } from './hash';
import type { Block, State } from './types';

/** The free queue, the block to be taken next first. */
export function freeOrder(state: State): number[] {
  const order: number[] = [];
  for (let id = state.front; id >= 0; id = state.blocks.at(id).next) order.push(id);
  return order;
}

/** Blocks published under a hash; a lookup finds the first. */
export const findPublished = (state: State, hash: string): readonly number[] =>
  state.index[partOf(hash, state.index.length)]?.get(hash) ?? [];

/** One table entry that points to a block. */
export interface Holder {
  readonly request: number;
  readonly logical: number;
}

const NOBODY: readonly Holder[] = [];

/**
 * For every block, the table entries that hold it, in the order of the running queue. As many as its reference count.
 */
export function holders(state: State): (block: number) => readonly Holder[] {
  const held = new Map<number, Holder[]>();
  for (const request of state.running)
    for (const [logical, block] of state.requests.at(request).table.entries()) {
      if (block === 0) continue;
      const list = held.get(block);
      if (list) list.push({ request, logical });
      else held.set(block, [{ request, logical }]);
    }
  return (block) => held.get(block) ?? NOBODY;
}

/** Published blocks. */
const published = (state: State): Block[] => [...state.blocks].filter((block) => block.hash !== undefined);

/** Orphans: published blocks that no lookup reaches, because a block before them in their chain is gone. */
export function orphans(state: State): number[] {
  const blocks = published(state);
  const parents = new Map(blocks.map((block) => [block.hash, block.parent ?? '']));
  const reachable = new Map<string, boolean>([['', true]]);
  const reaches = (hash: string): boolean => {
    const chain: string[] = [];
    let at = hash;
    while (!reachable.has(at) && parents.has(at)) {
      chain.push(at);
      at = parents.get(at) ?? '';
    }
    const end = reachable.get(at) ?? false;
    for (const link of chain) reachable.set(link, end);
    return end;
  };
  return blocks.filter((block) => !reaches(block.parent ?? '')).map((block) => block.id);
}

/** Published blocks that follow a hash in its chain, at any depth: its eviction would make them orphans. */
export function orphansOf(state: State, hash: string): number[] {
  const children = new Map<string, Block[]>();
  for (const block of published(state)) {
    const parent = block.parent ?? '';
    children.set(parent, [...(children.get(parent) ?? []), block]);
  }
  const found: number[] = [];
  const open = [hash];
  const seen = new Set<string>();
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    for (const child of children.get(at) ?? []) {
      found.push(child.id);
      open.push(child.hash ?? '');
    }
  }
  return found;
}

/** slot(pos) = table[pos div B] * B + pos mod B; -1 where the position has no slot (yet, or slid out of the window). */
export function slotOf(table: readonly number[], position: number, blockSize: number): number {
  const block = table[Math.floor(position / blockSize)] ?? 0;
  return block === 0 ? -1 : block * blockSize + (position % blockSize);
}

/** Whether no request waits, runs or is swapped out. */
export const idle = (state: State): boolean => state.running.length + state.waiting.length + state.swapped.length === 0;

/** The running requests that wait for a token from outside. */
export const awaiting = (state: State): number[] =>
  state.running.filter((id) => {
    const { tokens, computed } = state.requests.at(id);
    return tokens.length === computed;
  });

/** Share of the tokens asked for by new requests that were found, 0..1; NaN before the first lookup. */
export const hitRate = ({ counters }: State): number => counters.hitTokens / counters.asked;
