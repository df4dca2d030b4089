/**
 * Allocation: slots for the tokens of a step. First the arithmetic that decides; then blocks are touched, copied,
 * taken, filled and published.
 */
import { watermarkBlocks } from './config';
import type { Draft } from './draft';
import type { Arithmetic, Written } from './events';
import { type Found, withHashes } from './lookup';
import { publish, take, touch } from './pool';
import type { Request } from './types';

const NOT_FOUND: Found = { blocks: [], idle: 0 };

/** Whether the next token goes into a block that others hold as well: it has to be copied first. */
function writesShared(draft: Draft, { computed, table }: Request): boolean {
  const { blockSize } = draft.config;
  const last = table[Math.floor(computed / blockSize)];
  return computed % blockSize > 0 && last !== undefined && last !== 0 && draft.blocks.at(last).refCount > 1;
}

/**
 * What `count` more tokens of a request would take. Changes nothing.
 * @param found hits of a waiting request; it then starts with their tokens computed
 */
export function arithmeticOf(draft: Draft, id: number, count: number, found: Found = NOT_FOUND): Arithmetic {
  const { blockSize } = draft.config;
  const request = draft.requests.at(id);
  const admitting = request.status !== 'running';
  const hits = found.blocks.length;
  const tokens = request.computed + hits * blockSize + count;
  const needed = Math.ceil(tokens / blockSize);
  const held = request.table.length;
  const copies = count > 0 && writesShared(draft, request) ? 1 : 0;
  const watermark = admitting && draft.running.length > 0 ? watermarkBlocks(draft.config) : 0;
  const fresh = Math.max(0, needed - held - hits) + copies;
  return { tokens, needed, held, hits, fresh, copies, idleHits: found.idle, watermark, free: draft.freeBlocks };
}

/** The rule: new blocks and hits that leave the free queue must fit into what is free above the watermark. */
export const fits = ({ fresh, idleHits, watermark, free }: Arithmetic): boolean => fresh + idleHits <= free - watermark;

/** Gives a request the blocks that the arithmetic granted, and computes `count` tokens into them. */
export function compute(draft: Draft, id: number, count: number, found: Found = NOT_FOUND): void {
  const { blockSize } = draft.config;
  found.blocks.forEach((block, logical) => {
    if (block !== 0) touch(draft, id, block, logical);
  });
  const request = draft.requests.at(id);
  const hitTokens = found.blocks.length * blockSize;
  const from = request.computed + hitTokens;
  const to = from + count;
  const table = tableFor(draft, request, found, to);
  const written = write(draft, request, table, from, to);
  const recomputed = Math.max(0, Math.min(to, request.highWater) - from);
  const prompt = Math.max(0, Math.min(to, request.promptLength) - from);
  draft.requests.set(id, {
    ...request,
    table,
    computed: to,
    published: Math.max(request.published, found.blocks.length),
    hitTokens: request.hitTokens + hitTokens,
    highWater: Math.max(request.highWater, to),
    recomputed: request.recomputed + recomputed,
  });
  draft.counters.computed += count;
  draft.counters.recomputed += recomputed;
  draft.emit({ kind: 'append', request: id, from, to, written, recomputed, prompt });
  publishFull(draft, id);
}

/**
 * The request's table with room for `to` tokens, the block written next being its own. The same table object when
 * nothing is missing.
 */
function tableFor(draft: Draft, request: Request, found: Found, to: number): readonly number[] {
  const { blockSize } = draft.config;
  const copies = writesShared(draft, request);
  if (!copies && found.blocks.length === 0 && request.table.length * blockSize >= to) return request.table;
  const table = [...request.table, ...found.blocks];
  if (copies) copyOnWrite(draft, request.id, table, Math.floor(request.computed / blockSize));
  for (let logical = table.length; logical * blockSize < to; logical++) table.push(take(draft, request.id, logical));
  return table;
}

/** Replaces the shared last block by a copy that only this request holds. */
function copyOnWrite(draft: Draft, id: number, table: number[], logical: number): void {
  const from = table[logical] ?? 0;
  const to = take(draft, id, logical);
  const { tokens, refCount } = draft.blocks.at(from);
  draft.setBlock(from, { refCount: refCount - 1 });
  draft.setBlock(to, { tokens });
  table[logical] = to;
  draft.counters.copies += 1;
  draft.emit({ kind: 'copy-on-write', request: id, from, to, logical, slots: tokens.length, refCount: refCount - 1 });
}

function write(draft: Draft, request: Request, table: readonly number[], from: number, to: number): Written[] {
  const { blockSize } = draft.config;
  const written: Written[] = [];
  for (let at = from; at < to;) {
    const logical = Math.floor(at / blockSize);
    const end = Math.min(to, (logical + 1) * blockSize);
    const block = table[logical] ?? 0;
    const offset = at % blockSize;
    const old = draft.blocks.at(block);
    draft.blocks.set(block, { ...old, tokens: old.tokens.slice(0, offset).concat(request.tokens.slice(at, end)) });
    written.push({ block, logical, offset, count: end - at });
    at = end;
  }
  return written;
}

/** Publishes those full blocks of a table that are not published yet. */
export function publishFull(draft: Draft, id: number): void {
  const { blockSize, sharing } = draft.config;
  const { computed, published } = draft.requests.at(id);
  const full = Math.floor(computed / blockSize);
  if (!sharing || full <= published) return;
  const request = withHashes(draft.requests.at(id), blockSize, full);
  for (let i = published; i < full; i++) {
    const block = request.table[i] ?? 0;
    const hash = request.hashes.at(i) ?? '';
    const known = block === 0 || draft.blocks.at(block).hash !== undefined;
    if (!known) publish(draft, id, block, i, hash, request.hashes.at(i - 1) ?? '');
  }
  draft.requests.set(id, { ...request, published: full });
}
