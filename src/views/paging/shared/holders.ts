// Who holds a block. A few blocks are looked up one by one; who asks for many gets a map of all.
import type { Block, Holder, State } from '../../../paging';

export interface Holding {
  /** The tables that hold a block, in the order of the running queue. */
  readonly holders: (block: number) => readonly Holder[];
  /** The first requests that hold it, `most` at most. */
  readonly owners: (block: number, most: number) => readonly number[];
}

/** Tables looked into one by one before a map is made of all of them: then it costs less. */
const MOST_LOOKS = 12_000;

export function holdingOf(state: State): Holding {
  const { requests, running } = state;
  let looks = 0;
  let map: ((block: number) => readonly Holder[]) | undefined;
  const all = (block: number): readonly Holder[] => (map ??= mapOf(state))(block);

  /** Most blocks are held by nobody but the request that they were taken for. */
  const sole = ({ id, refCount, writer, logical }: Block): boolean => refCount === 1 && requests.at(writer).table[logical] === id;
  /**
   * A block is as deep in all tables that hold it as in the one it was taken for: what is shared is a beginning. There
   * are as many as it counts, so where so many are found they are all of them.
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
    // The null block stands in tables and is held by nobody.
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

/** All table entries, as chains through typed arrays: thousands of them leave nothing to be collected. */
function mapOf(state: State): (block: number) => readonly Holder[] {
  const { running, requests } = state;
  const entries = running.reduce((sum, id) => sum + requests.at(id).table.length, 0);
  const first = new Int32Array(state.blocks.length).fill(-1);
  const [next, request, logical] = [new Int32Array(entries), new Int32Array(entries), new Int32Array(entries)];
  let at = 0;
  // Backwards, so that the chains run forwards.
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
