/** The block pool: the free queue as a doubly linked list, reference counts, and the index of published blocks. */
import type { Draft } from './draft';
import type { PagingEvent, Released } from './events';

/** Removes a block from the free queue, wherever it is. */
export function unlink(draft: Draft, id: number): void {
  const { prev, next } = draft.blocks.at(id);
  if (prev < 0) draft.front = next;
  else draft.setBlock(prev, { next });
  if (next < 0) draft.back = prev;
  else draft.setBlock(next, { prev });
  draft.setBlock(id, { prev: -1, next: -1, free: false });
  draft.freeBlocks -= 1;
}

function linkFront(draft: Draft, id: number): void {
  const next = draft.front;
  if (next >= 0) draft.setBlock(next, { prev: id });
  else draft.back = id;
  draft.front = id;
  draft.setBlock(id, { prev: -1, next, free: true });
  draft.freeBlocks += 1;
}

function linkBack(draft: Draft, id: number): void {
  const prev = draft.back;
  if (prev >= 0) draft.setBlock(prev, { next: id });
  else draft.front = id;
  draft.back = id;
  draft.setBlock(id, { prev, next: -1, free: true });
  draft.freeBlocks += 1;
}

/** Removes a block from the index of published blocks. */
function unpublish(draft: Draft, id: number): void {
  const { hash, parent, ...rest } = draft.blocks.at(id);
  if (hash === undefined) return;
  draft.unfollow(parent ?? '', id);
  draft.setPublishedUnder(
    hash,
    draft.publishedUnder(hash).filter((other) => other !== id),
  );
  draft.blocks.set(id, rest);
}

/** Adds a full block to the index of published blocks. */
export function publish(
  draft: Draft,
  request: number,
  id: number,
  logical: number,
  hash: string,
  parent: string,
): void {
  const duplicates = draft.publishedUnder(hash);
  draft.setPublishedUnder(hash, [...duplicates, id]);
  draft.setBlock(id, { hash, parent });
  draft.follow(parent, id);
  draft.emit({ kind: 'publish', request, block: id, logical, hash, parent, duplicates });
}

/**
 * Takes the front of the free queue for a request: held once, empty, evicted from the index when it was published.
 * @throws RangeError when the queue is empty: the arithmetic of the allocation has to come first
 */
export function take(draft: Draft, request: number, logical: number): number {
  const id = draft.front;
  if (id < 0) throw new RangeError('the free queue is empty');
  unlink(draft, id);
  const { hash, logical: was } = draft.blocks.at(id);
  if (hash !== undefined) {
    unpublish(draft, id);
    draft.counters.evictions += 1;
    draft.emit({
      kind: 'evict',
      block: id,
      hash,
      logical: was,
      request,
      duplicate: draft.publishedUnder(hash).length > 0,
    });
  }
  draft.setBlock(id, { refCount: 1, tokens: [], logical, writer: request });
  draft.counters.allocations += 1;
  draft.emit({ kind: 'allocate', request, block: id, logical, free: draft.freeBlocks });
  return id;
}

/** Lets one more table hold a found block; an idle block leaves the free queue. */
export function touch(draft: Draft, request: number, id: number, logical: number): void {
  const { refCount } = draft.blocks.at(id);
  if (refCount === 0) unlink(draft, id);
  draft.setBlock(id, { refCount: refCount + 1 });
  draft.emit({ kind: 'touch', request, block: id, logical, refCount: refCount + 1, wasIdle: refCount === 0 });
}

type ReleaseReason = Extract<PagingEvent, { kind: 'release' }>['reason'];

/**
 * Releases blocks of a table, the deepest first. Those that nobody holds any more enter the free queue where the rule
 * set says: 2026 unhashed in front (they can never be a hit) and hashed at the back; 2025 all at the back; paper on top
 * of the stack.
 * @param ids in table order; the null block is skipped
 */
export function release(draft: Draft, request: number, ids: readonly number[], reason: ReleaseReason): void {
  const deepestFirst = ids.filter((id) => id !== 0).toReversed();
  if (deepestFirst.length === 0) return;
  const toFront: number[] = [];
  const released = deepestFirst.map((block): Released => {
    const refCount = draft.blocks.at(block).refCount - 1;
    draft.setBlock(block, { refCount });
    if (refCount > 0) return { block, refCount, to: 'held', forgotten: false };
    const { hash } = draft.blocks.at(block);
    if (draft.config.rules === 'paper') {
      unpublish(draft, block);
      linkFront(draft, block);
      return { block, refCount, to: 'front', forgotten: hash !== undefined };
    }
    if (draft.config.rules === 'v1-2026' && hash === undefined) {
      toFront.push(block);
      return { block, refCount, to: 'front', forgotten: false };
    }
    linkBack(draft, block);
    return { block, refCount, to: 'back', forgotten: false };
  });
  // The list goes in front of the old front and keeps its order: the deepest block is taken next.
  for (const block of toFront.toReversed()) linkFront(draft, block);
  draft.emit({ kind: 'release', request, reason, blocks: released });
}
