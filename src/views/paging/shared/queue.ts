// The free queue of a state as a list. Little changes from one state to the next, so the list is made from the previous
// one: unchanged parts are copied without being read.
import type { State } from '../../../paging';

export interface Queue {
  /** The free queue, the block taken next first, and each block's place in it (-1: not free). */
  readonly order: Int32Array;
  readonly place: Int32Array;
  /** The first published block of the queue, which is evicted next; -1 when there is none. */
  readonly evictedNext: number;
  /** How many blocks of the queue are published. */
  readonly findable: number;
}

interface KnownQueue extends Queue {
  readonly state: State;
  /** For each place, whether its block is published. */
  readonly published: Uint8Array;
}

let last: KnownQueue | undefined;

/** The result depends on the state alone; which state was asked for before only changes the speed. */
export function queueOf(state: State): Queue {
  if (last?.state !== state) last = walk(state, last?.state.blocks.length === state.blocks.length ? last : undefined);
  return last;
}

/** @param known another state's queue: a block object that is the same in both has the same successor */
function walk(state: State, known: KnownQueue | undefined): KnownQueue {
  const { blocks, front, freeBlocks } = state;
  const [order, published] = [new Int32Array(freeBlocks), new Uint8Array(freeBlocks)];
  const place = new Int32Array(blocks.length).fill(-1);
  /** For each unchanged block, its place in the known queue. */
  const unchangedAt = known ? known.place.slice() : place.slice();
  known?.state.blocks.differing(blocks, (id) => (unchangedAt[id] = -1));
  let [evictedNext, findable, at] = [-1, 0, 0];
  for (let id = front; id >= 0; at++) {
    const there = unchangedAt[id] as number;
    const block = there < 0 ? blocks.at(id) : undefined;
    order[at] = id;
    place[id] = at;
    if (block ? block.hash !== undefined : known?.published[there] === 1) {
      published[at] = 1;
      findable += 1;
      if (evictedNext < 0) evictedNext = id;
    }
    id = block ? block.next : (known?.order[there + 1] ?? -1);
  }
  return { state, order, place, published, evictedNext, findable };
}
