/**
 * Waste: what the slots of a paged pool are used for, by the terms of the PagedAttention paper (Fig. 2). All in slots.
 */
import type { State } from '../types';

/** The parts add up to `slots`. */
export interface Waste {
  /** All slots. Setting the pool aside is not counted as waste. */
  readonly slots: number;
  /** Slots with K and V of a token in use; a shared slot counts once. */
  readonly token: number;
  /** Empty slots that their request will fill. */
  readonly reserved: number;
  /** Empty slots that nobody will ever fill. */
  readonly internal: number;
  /**
   * Free slots, enough in total for the waiting request, but with no hole that is large enough. Paging has none: any
   * block fits.
   */
  readonly external: number;
  /** All other free slots. */
  readonly free: number;
  /** The part of `free` in published blocks: nobody holds them, and a prefix can still be found in them. */
  readonly cached: number;
}

const NOBODY: ReadonlySet<number> = new Set();

/**
 * The waste of a paged pool. The null block does not count.
 * @param alsoHeld blocks that count as held although they are free by now
 */
export function pagedWaste(state: State, alsoHeld = NOBODY): Waste {
  const { blockSize, blocks } = state.config;
  const willHold = partlyFilled(state);
  const sums = { token: 0, reserved: 0, internal: 0, free: 0, cached: 0 };
  // A loop by number and not by iterator: this runs at every step, over ten thousand blocks.
  for (let id = 1; id < blocks; id++) {
    const { refCount, tokens, hash } = state.blocks.at(id);
    if (refCount === 0 && !alsoHeld.has(id)) {
      sums.free += blockSize;
      if (hash !== undefined) sums.cached += blockSize;
      continue;
    }
    const end = Math.min(blockSize, Math.max(tokens.length, willHold.get(id) ?? 0));
    sums.token += tokens.length;
    sums.reserved += end - tokens.length;
    sums.internal += blockSize - end;
  }
  return { slots: (blocks - 1) * blockSize, ...sums, external: 0 };
}

/**
 * The waste while the last step ran: requests that it finished still held their blocks. Only for a state right after a
 * step.
 */
export function pagedWasteOfStep(state: State): Waste {
  const ended = state.batch.filter(({ request }) => state.requests.at(request).status === 'finished');
  return pagedWaste(state, ended.length === 0 ? NOBODY : new Set(ended.flatMap(({ table }) => table)));
}

/** How many slots will be filled in the end, for blocks at the ends of tables that are not full. */
function partlyFilled({ running, requests, config: { blockSize } }: State): Map<number, number> {
  const found = new Map<number, number>();
  for (const id of running) {
    const { table, computed, finalLength } = requests.at(id);
    for (let logical = Math.floor(computed / blockSize); logical < table.length; logical++) {
      const block = table[logical] ?? 0;
      // The last token of a sequence is never computed, so finalLength - 1 slots are filled in the end.
      found.set(block, Math.max(found.get(block) ?? 0, finalLength - 1 - logical * blockSize));
    }
  }
  return found;
}

/** A column of the paper's Fig. 2, in percent of KV cache memory. `external` is "external fragmentation and others". */
export interface PaperColumn {
  readonly id: 'orca-max' | 'orca-pow2' | 'orca-oracle' | 'vllm';
  readonly token: number;
  readonly reserved: number | undefined;
  readonly internal: number | undefined;
  readonly external: number | undefined;
}

/**
 * Quoted from Kwon et al., PagedAttention (SOSP 2023), Fig. 2: their workload, not ours. Undefined: not given there.
 */
export const PAPER_COLUMNS: readonly PaperColumn[] = [
  { id: 'orca-max', token: 20.4, reserved: 13.3, internal: 57.3, external: 8.9 },
  { id: 'orca-pow2', token: 26.8, reserved: 17.9, internal: 13.6, external: 41.6 },
  { id: 'orca-oracle', token: 38.2, reserved: 25.2, internal: undefined, external: 36.6 },
  { id: 'vllm', token: 96.3, reserved: undefined, internal: undefined, external: undefined },
];
