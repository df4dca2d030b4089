// Which requests are in CPU memory at a moment, and what its step moved out or back.
import type { Moment } from '../../../paging';

export interface CpuFacts {
  /** The table entries that hold a CPU block. */
  readonly holders: (block: number) => readonly { readonly request: number; readonly logical: number }[];
  /** What this step moved: for each CPU block the block of the pool. */
  readonly out: ReadonlyMap<number, number>;
  readonly back: ReadonlyMap<number, number>;
}

export function cpuFactsOf({ state, events }: Moment): CpuFacts {
  const held = new Map<number, { request: number; logical: number }[]>();
  for (const request of state.swapped)
    for (const [logical, block] of state.requests.at(request).cpuTable.entries()) {
      if (block < 0) continue;
      const all = held.get(block);
      if (all) all.push({ request, logical });
      else held.set(block, [{ request, logical }]);
    }
  const out = new Map<number, number>();
  const back = new Map<number, number>();
  for (const event of events) {
    if (event.kind === 'swap-out') for (const { from, to } of event.blocks) out.set(to, from);
    else if (event.kind === 'swap-in') for (const { from, to } of event.blocks) back.set(from, to);
  }
  return { holders: (block) => held.get(block) ?? [], out, back };
}
