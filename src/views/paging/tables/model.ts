// The data of the block tables view: the chosen request, who shares blocks with it, and the physical blocks between
// them.
import type { Request, State } from '../../../paging';
import { factsOf, type Facts, requestAt } from '../shared/facts';
import type { PageFrame } from '../view';

/**
 * One entry of a table: a logical block, its physical block, and the physical block before this operation (undefined:
 * there was no such entry).
 */
export interface TableEntry {
  readonly logical: number;
  readonly block: number;
  readonly before: number | undefined;
}

export interface TableRow {
  readonly request: Request;
  /** The entries that are shown. */
  readonly entries: readonly TableEntry[];
}

export interface TablesModel {
  readonly state: State;
  readonly facts: Facts;
  /** The chosen request; undefined when there is none. */
  readonly chosen: TableRow | undefined;
  /** Requests shown below the physical blocks; those that share most come first. */
  readonly sharers: readonly { readonly row: TableRow; readonly shared: number }[];
  /** How many sharers are left out. */
  readonly others: number;
  /** The physical blocks that are shown, in ascending order. */
  readonly physical: readonly number[];
  /** Whether blocks are left out between neighbours. */
  readonly gapped: boolean;
}

/** @param room how many blocks fit into a row */
export function tablesOf(frame: PageFrame, room: number, mostSharers: number): TablesModel {
  const { moment, before, chosen, selection } = frame;
  const { state } = moment;
  const facts = factsOf(moment);
  const request = requestAt(state, chosen);
  const looked =
    request && selection.request === request.id && selection.position !== undefined
      ? Math.floor(selection.position / state.config.blockSize)
      : undefined;
  const row = request && rowOf(request, before, room, looked);
  const sharing = request ? sharersOf(state, facts, request) : [];
  const sharers = sharing
    .slice(0, mostSharers)
    .map(({ id, shared }) => ({ row: rowOf(state.requests.at(id), before, room, undefined), shared }));
  const all = state.config.blocks;
  if (all <= room)
    return {
      state,
      facts,
      chosen: row,
      sharers,
      others: sharing.length - sharers.length,
      physical: numbers(all),
      gapped: false,
    };
  const wanted = new Set<number>();
  const want = (some: TableRow | undefined): void => {
    for (const { block } of some?.entries ?? []) if (wanted.size < room) wanted.add(block);
  };
  want(row);
  for (const { from, to } of facts.copies) if (wanted.has(to) && wanted.size < room) wanted.add(from);
  for (const sharer of sharers) want(sharer.row);
  const physical = [...wanted].toSorted((a, b) => a - b);
  return { state, facts, chosen: row, sharers, others: sharing.length - sharers.length, physical, gapped: true };
}

const numbers = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** A long table shows its beginning, which may be shared, and its end, where it grows. */
const BEGINNING = 3;

/** All entries; else the first and last ones that fit, or those around the one that is pointed at. */
function rowOf(request: Request, before: State, room: number, looked: number | undefined): TableRow {
  const { table } = request;
  const left = Math.max(0, table.length - room);
  const logicalOf = (i: number): number => {
    if (looked === undefined) return i < Math.min(BEGINNING, room - 1) ? i : left + i;
    return Math.max(0, Math.min(left, looked - Math.floor(room / 2))) + i;
  };
  const was = requestAt(before, request.id)?.table ?? [];
  const entries = Array.from({ length: Math.min(room, table.length) }, (_, i): TableEntry => {
    const logical = logicalOf(i);
    return { logical, block: table[logical] ?? 0, before: was[logical] };
  });
  return { request, entries };
}

/** Requests that hold blocks of this one: those with most first, forks before others. */
function sharersOf(state: State, facts: Facts, request: Request): { id: number; shared: number }[] {
  const shared = new Map<number, number>();
  for (const block of request.table) {
    if (block === 0 || state.blocks.at(block).refCount < 2) continue;
    for (const { request: id } of facts.holders(block))
      if (id !== request.id) shared.set(id, (shared.get(id) ?? 0) + 1);
  }
  return [...shared].map(([id, n]) => ({ id, shared: n })).toSorted((a, b) => b.shared - a.shared || a.id - b.id);
}

/** slot(pos) worked out step by step in numbers; undefined when the position has no slot. */
export function slotFormula(table: readonly number[], position: number, blockSize: number): string | undefined {
  const logical = Math.floor(position / blockSize);
  const offset = position % blockSize;
  const block = table[logical];
  if (block === undefined || block === 0) return undefined;
  const slot = block * blockSize + offset;
  return `slot(${position}) = table[${position} div ${blockSize}] · ${blockSize} + ${position} mod ${blockSize} = table[${logical}] · ${blockSize} + ${offset} = ${block} · ${blockSize} + ${offset} = ${slot}`;
}

/** The token whose slot is worked out: the one pointed at, else the last computed one of the chosen request. */
export function lookedUp({
  moment: { state },
  selection,
  chosen,
}: PageFrame): { request: Request; position: number } | undefined {
  const looked = selection.position === undefined ? undefined : requestAt(state, selection.request);
  if (looked && selection.position !== undefined && selection.position < looked.tokens.length)
    return { request: looked, position: selection.position };
  const request = requestAt(state, chosen);
  return request && request.table.length > 0 && request.computed > 0
    ? { request, position: request.computed - 1 }
    : undefined;
}
