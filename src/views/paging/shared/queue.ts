// The free queue of a state as a list. Most of it stands from one state to the next, so it is followed from the list
// that was made last: what is the same there is not read.
import type { State } from '../../../paging';

export interface Queue {
  /** The free queue, the next to be taken first, and each block's place in it (-1: not in it). */
  readonly order: Int32Array;
  readonly place: Int32Array;
  /** The first published block of the queue: the one that is evicted next; -1 when none is. */
  readonly evictedNext: number;
  /** Published blocks of the queue. */
  readonly findable: number;
}

interface KnownQueue extends Queue {
  readonly state: State;
  /** By place: whether the block is published. */
  readonly published: Uint8Array;
}

let last: KnownQueue | undefined;

/** A queue depends on its state alone; which one was asked for before decides only how fast it is found. */
export function queueOf(state: State): Queue {
  if (last?.state !== state) last = walk(state, last?.state.blocks.length === state.blocks.length ? last : undefined);
  return last;
}

/** @param known another state's queue: a block that is the very same there has the same one after it */
function walk(state: State, known: KnownQueue | undefined): KnownQueue {
  const { blocks, front, freeBlocks } = state;
  const [order, published] = [new Int32Array(freeBlocks), new Uint8Array(freeBlocks)];
  const place = new Int32Array(blocks.length).fill(-1);
  /** Where a block that stands lies in the known queue. */
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
