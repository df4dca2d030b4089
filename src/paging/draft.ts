/**
 * The working copy of a state during one operation. It shares with the old state whatever is not written to, and
 * collects the events.
 */
import type { PagingEvent } from './events';
import { partOf } from './hash';
import type { RowsEdit } from './rows';
import type { BatchRow, Block, Config, Counters, CpuBlock, Request, State } from './types';

export class Draft {
  readonly config: Config;
  readonly blocks: RowsEdit<Block>;
  readonly cpu: RowsEdit<CpuBlock>;
  readonly requests: RowsEdit<Request>;
  readonly cpuFree: number[];
  running: number[];
  waiting: number[];
  swapped: number[];
  front: number;
  back: number;
  freeBlocks: number;
  step: number;
  batch: readonly BatchRow[];
  readonly counters: { -readonly [K in keyof Counters]: Counters[K] };
  readonly events: PagingEvent[] = [];
  private readonly index: ReadonlyMap<string, readonly number[]>[];
  private readonly ownParts = new Map<number, Map<string, readonly number[]>>();
  /** Published blocks by the hash of their parent, for those parents that were asked for. */
  private readonly followers = new Map<string, Set<number>>();

  constructor(state: State) {
    this.config = state.config;
    this.blocks = state.blocks.edit();
    this.cpu = state.cpu.edit();
    this.requests = state.requests.edit();
    this.cpuFree = [...state.cpuFree];
    this.running = [...state.running];
    this.waiting = [...state.waiting];
    this.swapped = [...state.swapped];
    this.front = state.front;
    this.back = state.back;
    this.freeBlocks = state.freeBlocks;
    this.step = state.step;
    this.batch = state.batch;
    this.counters = { ...state.counters };
    this.index = [...state.index];
  }

  emit(event: PagingEvent): void {
    this.events.push(event);
  }

  setBlock(id: number, change: Partial<Block>): void {
    this.blocks.set(id, { ...this.blocks.at(id), ...change });
  }

  setRequest(id: number, change: Partial<Request>): void {
    this.requests.set(id, { ...this.requests.at(id), ...change });
  }

  /** Blocks published under a hash, the first published one first. */
  publishedUnder(hash: string): readonly number[] {
    return this.index[partOf(hash, this.index.length)]?.get(hash) ?? [];
  }

  setPublishedUnder(hash: string, ids: readonly number[]): void {
    const part = partOf(hash, this.index.length);
    const own = this.ownParts.get(part) ?? new Map(this.index[part]);
    this.ownParts.set(part, own);
    this.index[part] = own;
    if (ids.length > 0) own.set(hash, ids);
    else own.delete(hash);
  }

  /** Published blocks whose parent has this hash; '' is the start of a chain. */
  followersOf(parent: string): ReadonlySet<number> {
    const known = this.followers.get(parent);
    if (known) return known;
    const found = new Set<number>();
    for (let id = 1; id < this.blocks.length; id++) if (this.blocks.at(id).parent === parent) found.add(id);
    this.followers.set(parent, found);
    return found;
  }

  /** Notes that a block was published after `parent`. */
  follow(parent: string, id: number): void {
    this.followers.get(parent)?.add(id);
  }

  /** Notes that a block is no longer published. */
  unfollow(parent: string, id: number): void {
    this.followers.get(parent)?.delete(id);
  }

  done(): State {
    const { config, step, running, waiting, swapped, cpuFree, front, back, freeBlocks, index, counters, batch } = this;
    const lists = { running, waiting, swapped, cpuFree, index };
    const rows = { blocks: this.blocks.done(), cpu: this.cpu.done(), requests: this.requests.done() };
    return { config, step, ...rows, ...lists, front, back, freeBlocks, counters, batch };
  }
}
