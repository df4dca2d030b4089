// Facts about a moment, worked out once for all views of the pool: what happened to each block, who holds it, its place
// in the queue.
import { type Moment, slotOf, type State } from '../../../paging';
import { type Holding, holdingOf } from './holders';
import { type Queue, queueOf } from './queue';
import type { PageFrame, PageSelection } from '../view';

/** What can happen to a block in one moment. `left`: one table released it, others still hold it. */
const CHANGES = [
  'evicted',
  'allocated',
  'copied',
  'copied-from',
  'hit',
  'shared',
  'left',
  'freed',
  'written',
  'published',
  'swapped-in',
  'swapped-out',
] as const;

export type Change = (typeof CHANGES)[number];

const bitOf = Object.fromEntries(CHANGES.map((change, i) => [change, 1 << i])) as Record<Change, number>;

export interface Facts extends Queue, Holding {
  /** A bit set for each block, one bit a change: thousands of blocks change in one step. */
  readonly bits: Uint16Array;
  /** Blocks that changed, in the order of the events. */
  readonly changed: ReadonlySet<number>;
  /** Slots written in this moment: for each block the first one and how many. */
  readonly written: ReadonlyMap<number, { readonly offset: number; readonly count: number }>;
  readonly copies: readonly { readonly from: number; readonly to: number }[];
}

const known = new WeakMap<State, { moment: Moment; facts: Facts }>();

/** @param moment the same moment gives the same object */
export function factsOf(moment: Moment): Facts {
  const kept = known.get(moment.state);
  if (kept?.moment === moment) return kept.facts;
  const facts = makeFacts(moment);
  known.set(moment.state, { moment, facts });
  return facts;
}

function makeFacts({ state, events }: Moment): Facts {
  const bits = new Uint16Array(state.blocks.length);
  const changed = new Set<number>();
  const written = new Map<number, { offset: number; count: number }>();
  const copies: { from: number; to: number }[] = [];
  const add = (block: number, change: Change): void => {
    bits[block] = (bits[block] ?? 0) | bitOf[change];
    changed.add(block);
  };
  for (const event of events) {
    if (event.kind === 'touch') add(event.block, 'hit');
    else if (event.kind === 'evict') add(event.block, 'evicted');
    else if (event.kind === 'allocate') add(event.block, 'allocated');
    else if (event.kind === 'publish') add(event.block, 'published');
    else if (event.kind === 'fork') for (const block of event.shared) add(block, 'shared');
    else if (event.kind === 'swap-out') for (const { from } of event.blocks) add(from, 'swapped-out');
    else if (event.kind === 'swap-in') for (const { to } of event.blocks) add(to, 'swapped-in');
    else if (event.kind === 'release')
      for (const { block, refCount } of event.blocks) add(block, refCount > 0 ? 'left' : 'freed');
    else if (event.kind === 'copy-on-write') {
      copies.push({ from: event.from, to: event.to });
      add(event.from, 'copied-from');
      add(event.to, 'copied');
    } else if (event.kind === 'append')
      for (const { block, offset, count } of event.written) {
        add(block, 'written');
        written.set(block, { offset, count });
      }
  }
  return { bits, changed, written, copies, ...queueOf(state), ...holdingOf(state) };
}

/** The order in which one change is chosen when only one can be named: the final and rarest first. */
const RANK: readonly Change[] = [
  'copied',
  'evicted',
  'swapped-in',
  'allocated',
  'hit',
  'shared',
  'copied-from',
  'swapped-out',
  'left',
  'written',
];

export function mainChange({ bits, place }: Facts, block: number): Change | undefined {
  const all = bits[block] ?? 0;
  if (all === 0) return undefined;
  if (all & bitOf.freed && (place[block] ?? -1) >= 0) return all & bitOf['swapped-out'] ? 'swapped-out' : 'freed';
  return RANK.find((change) => (all & bitOf[change]) !== 0);
}

/** Whether a change happened to a block in this moment. */
export const did = ({ bits }: Facts, block: number, change: Change): boolean =>
  ((bits[block] ?? 0) & bitOf[change]) !== 0;

/** All changes of a block in this moment. */
export const changesOf = (facts: Facts, block: number): Change[] =>
  CHANGES.filter((change) => did(facts, block, change));

/** A request; undefined when the state has none of this id. */
export const requestAt = (state: State, id: number | undefined) =>
  id !== undefined && id >= 0 && id < state.requests.length ? state.requests.at(id) : undefined;

/** What the selection selects in the pool: blocks that get a ring, and the slot of one token. */
export function selectedBlocks({ selection, moment: { state } }: PageFrame): {
  blocks: readonly number[];
  slot: number;
} {
  const { blockSize, blocks } = state.config;
  const request = requestAt(state, selection.request);
  const slot = request && selection.position !== undefined ? slotOf(request.table, selection.position, blockSize) : -1;
  if (selection.block !== undefined) {
    if (selection.block >= blocks) return { blocks: [], slot: -1 };
    return { blocks: [selection.block], slot: Math.floor(slot / blockSize) === selection.block ? slot : -1 };
  }
  if (slot >= 0) return { blocks: [Math.floor(slot / blockSize)], slot };
  return {
    blocks: request && selection.position === undefined ? request.table.filter((block) => block > 0) : [],
    slot: -1,
  };
}

/**
 * The selection for one slot of a block: of the chosen request when it holds the block, else of the first holder. Without
 * `offset`: the whole block.
 */
export function selectionAt(
  facts: Facts,
  chosen: number | undefined,
  blockSize: number,
  block: number,
  offset?: number,
): PageSelection {
  const held = facts.holders(block);
  const by = held.find(({ request }) => request === chosen) ?? held[0];
  if (!by) return { block };
  return { block, request: by.request, ...(offset !== undefined && { position: by.logical * blockSize + offset }) };
}
