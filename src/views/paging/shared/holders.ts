// Who holds a block. Few blocks are looked up one by one; for many a map of all is made.
import type { Block, Holder, State } from '../../../paging';

export interface Holding {
  /** The tables that hold a block, in the order of the running queue. */
  readonly holders: (block: number) => readonly Holder[];
  /** The first requests that hold it, at most `most`. */
  readonly owners: (block: number, most: number) => readonly number[];
}

/** After so many look-ups a map of all tables is made: then it costs less. */
const MOST_LOOKS = 12_000;

export function holdingOf(state: State): Holding {
  const { requests, running } = state;
  let looks = 0;
  let map: ((block: number) => readonly Holder[]) | undefined;
  const all = (block: number): readonly Holder[] => (map ??= mapOf(state))(block);

  /** The usual case: only the request that took the block holds it. */
  const sole = ({ id, refCount, writer, logical }: Block): boolean =>
    refCount === 1 && requests.at(writer).table[logical] === id;
  /**
   * A shared block has the same logical number in all tables, because what is shared is a prefix. The reference count
   * says how many there are, so the search stops when all are found.
   */
  const short = (id: number): readonly Holder[] | undefined => {
    const block = state.blocks.at(id);
    const { refCount, writer, logical } = block;
    if (refCount === 0) return [];
    if (sole(block)) return [{ request: writer, logical }];
    const found: Holder[] = [];
    for (const request of running) {
      looks += 1;
      if (requests.at(request).table[logical] === id && found.push({ request, logical }) === refCount) return found;
    }
    return undefined;
  };
  const known = new Map<number, readonly Holder[]>();
  const holders = (block: number): readonly Holder[] => {
    // The null block is in tables, but nobody holds it.
    if (block === 0) return [];
    if (map || looks > MOST_LOOKS) return all(block);
    let found = known.get(block);
    if (!found) known.set(block, (found = short(block) ?? all(block)));
    return found;
  };
  return {
    holders,
    owners(id, most) {
      const block = state.blocks.at(id);
      if (sole(block)) return [block.writer];
      return holders(id)
        .slice(0, most)
        .map(({ request }) => request);
    },
  };
}

/** All table entries as linked lists in typed arrays: thousands of entries leave nothing for the garbage collector. */
function mapOf(state: State): (block: number) => readonly Holder[] {
  const { running, requests } = state;
  const entries = running.reduce((sum, id) => sum + requests.at(id).table.length, 0);
  const first = new Int32Array(state.blocks.length).fill(-1);
  const [next, request, logical] = [new Int32Array(entries), new Int32Array(entries), new Int32Array(entries)];
  let at = 0;
  // Backwards, so that the lists run forwards.
  for (let i = running.length - 1; i >= 0; i--) {
    const id = running[i] as number;
    const { table } = requests.at(id);
    for (let j = table.length - 1; j >= 0; j--) {
      const block = table[j] as number;
      if (block === 0) continue;
      next[at] = first[block] as number;
      request[at] = id;
      logical[at] = j;
      first[block] = at;
      at += 1;
    }
  }
  return (block) => {
    const found: Holder[] = [];
    for (let e = first[block] ?? -1; e >= 0; e = next[e] as number)
      found.push({ request: request[e] as number, logical: logical[e] as number });
    return found;
  };
}
