/**
 * The layout of the tap's buffer and of its uniform: where the counts, state and lines of a dispatch are, in words of
 * 32 bits.
 */
import { SHARED } from './prelude';
import type { Tapped } from './tap';

/** How much room a captured workgroup gets. */
export interface Caps {
  /** Executed phases. */
  phases: number;
  /** Scalars of state. */
  state: number;
  /** Entries of the line log. */
  lines: number;
  /** Words of the log of stores to HBM; none where no buffer is rewritten. */
  stores: number;
}

export const exceeds = (needs: Caps, caps: Caps): boolean =>
  needs.phases > caps.phases || needs.state > caps.state || needs.lines > caps.lines || needs.stores > caps.stores;

export const largest = (a: Caps, b: Caps): Caps => ({
  phases: Math.max(a.phases, b.phases),
  state: Math.max(a.state, b.state),
  lines: Math.max(a.lines, b.lines),
  stores: Math.max(a.stores, b.stores),
});

/** What dispatches record. Workgroups are linear ids in the full grid. */
export interface Extract {
  grid: readonly [number, number, number];
  /** Whether the accesses of all workgroups are counted in total. */
  totals: boolean;
  /** The first captured workgroup, and how many follow it. */
  first: number;
  captured: number;
  caps: Caps;
  /** The invocation whose lines are logged. */
  thread: number;
}

/** The first word of each region. The regions of captured workgroups repeat at a stride that follows from the caps. */
export interface Plan {
  heads: number;
  /** Words of the log of stores that were needed, and ~the first phase of which some did not fit; where stores are logged. */
  storeHeads: number | undefined;
  order: number;
  starts: number;
  counts: number;
  log: number;
  state: number;
  stores: number;
  totals: number;
  /** The size in words. */
  size: number;
}

/** Words of a count: executions, ~lowest index, highest index + 1. */
export const COUNT_WORDS = 3;
/** Words of a head: executed phases, scalars of state needed, log entries needed, unused. */
export const HEAD_WORDS = 4;
export const STORE_HEAD_WORDS = 2;

type Sizes = Pick<Tapped, 'sites' | 'phases' | 'rewritten'>;

/** Lays out the buffer. */
export function planBuffer(
  { sites, phases, rewritten }: Sizes,
  { grid, totals, captured, caps }: Pick<Extract, 'grid' | 'totals' | 'captured' | 'caps'>,
): Plan {
  let at = 0;
  const take = (words: number) => {
    const start = at;
    at += words;
    return start;
  };
  const record = sites.length * COUNT_WORDS;
  const logs = rewritten.length > 0;
  const plan = {
    heads: take(captured * HEAD_WORDS),
    storeHeads: logs ? take(captured * STORE_HEAD_WORDS) : undefined,
    order: take(captured * caps.phases),
    starts: take(captured * caps.phases),
    counts: take(captured * caps.phases * record),
    log: take(captured * caps.lines * 2),
    state: take(captured * caps.state * 2),
    stores: take(logs ? captured * caps.stores : 0),
    totals: take(totals ? grid[0] * grid[1] * grid[2] * phases.length * record : 0),
  };
  return { ...plan, size: Math.max(1, at) };
}

/** The contents of the uniform `_TapSetup` (see prelude.ts) for a dispatch that begins at workgroup `origin`. */
export function setupWords(
  tapped: Pick<Tapped, 'sites' | 'phases' | 'counted' | 'blocks'>,
  extract: Extract,
  plan: Plan,
  origin: readonly number[],
): Uint32Array<ArrayBuffer> {
  const { grid, caps } = extract;
  const { counted, phases, blocks } = tapped;
  const kept = 20 + 4 * phases.length + 4 * Math.max(1, Math.ceil(counted.length / 4));
  const words = new Uint32Array(kept + (plan.storeHeads === undefined ? 0 : 4));
  words.set([origin[0] ?? 0, origin[1] ?? 0, origin[2] ?? 0, extract.first, ...grid, extract.captured], 0);
  words.set(
    [plan.totals, plan.heads, plan.order, plan.counts, plan.starts, plan.log, plan.state, extract.totals ? 1 : 0],
    8,
  );
  words.set([caps.phases, caps.state, caps.lines, extract.thread], 16);
  for (const { id } of phases) {
    const ids = counted.flatMap((site, i) => (site.phases.includes(id) ? [i] : []));
    const range = ids.length === 0 ? [0, 0] : [Math.min(...ids), Math.max(...ids) + 1];
    words.set([...range, blocks[id] ?? 0], 20 + 4 * id);
  }
  counted.forEach((site, i) => {
    words[20 + 4 * phases.length + i] = site.phases.length === 1 ? (site.phases[0] ?? SHARED) : SHARED;
  });
  if (plan.storeHeads !== undefined) words.set([plan.storeHeads, plan.stores, caps.stores], kept);
  return words;
}
