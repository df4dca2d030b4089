/**
 * Numbers of every moment of a history, in columns, so that a chart over a hundred thousand moments needs no replay.
 */
import type { PagingEvent } from '../events';
import type { RequestStatus, State } from '../types';
import type { Waste } from './waste';
import { WasteSums } from './waste-sums';

/** The columns. Counters are sums since the start, see `Counters`. */
export const COLUMNS = [
  'step',
  'batchTokens',
  'running',
  'waiting',
  'swapped',
  'freeBlocks',
  'asked',
  'hitTokens',
  'computed',
  'recomputed',
  'preemptions',
  'evictions',
  'finished',
] as const;

export type Column = (typeof COLUMNS)[number];

/** A request has a status from the moment with this index on. */
export interface Span {
  readonly from: number;
  readonly status: RequestStatus;
}

export class Series {
  /** How many moments there are, the start among them. */
  length = 0;
  private readonly columns = Object.fromEntries(COLUMNS.map((name) => [name, new Float64Array(256)])) as Record<
    Column,
    Float64Array
  >;
  private readonly statuses: Span[][] = [];
  private readonly waste = new WasteSums();

  /**
   * The values of one column, for moments 0 .. length - 1. A view of the stored numbers: valid until the next moment is
   * added.
   */
  column(name: Column): Float64Array {
    return this.columns[name].subarray(0, this.length);
  }

  /** The statuses of a request over time; empty for an unknown request. */
  spans(request: number): readonly Span[] {
    return this.statuses[request] ?? [];
  }

  /** Requests that ever came. */
  get requests(): number {
    return this.statuses.length;
  }

  /**
   * The mean waste over the steps up to a moment: of paged memory first, then of contiguous memory by
   * CONTIGUOUS_POLICIES. Undefined before the first step.
   */
  meanWaste(index: number): ReturnType<WasteSums['mean']> {
    return this.waste.mean(index);
  }

  /** @param wastes given when the moment was a step; paged memory first */
  add(state: State, events: readonly PagingEvent[], wastes?: readonly Waste[]): void {
    const batch = events.at(-1);
    const values: Record<Column, number> = {
      ...state.counters,
      step: state.step,
      batchTokens: batch?.kind === 'batch' ? batch.tokens : 0,
      running: state.running.length,
      waiting: state.waiting.length,
      swapped: state.swapped.length,
      freeBlocks: state.freeBlocks,
    };
    for (const name of COLUMNS) {
      const column = this.roomy(name);
      column[this.length] = values[name];
    }
    for (const event of events) this.follow(event);
    this.waste.add(wastes);
    this.length += 1;
  }

  /** Removes all moments from an index on. */
  truncate(length: number): void {
    this.length = Math.min(this.length, length);
    this.waste.truncate(length);
    for (const [request, spans] of this.statuses.entries())
      this.statuses[request] = spans.filter(({ from }) => from < length);
    while (this.statuses.at(-1)?.length === 0) this.statuses.pop();
  }

  private roomy(name: Column): Float64Array {
    const column = this.columns[name];
    if (this.length < column.length) return column;
    const longer = new Float64Array(column.length * 2);
    longer.set(column);
    this.columns[name] = longer;
    return longer;
  }

  private follow(event: PagingEvent): void {
    if (event.kind === 'arrive') this.turn(event.request, 'waiting');
    else if (event.kind === 'admit') this.turn(event.request, 'running');
    else if (event.kind === 'fork' && !event.asNewRequest) this.turn(event.child, 'running');
    else if (event.kind === 'preempt') this.turn(event.request, event.how === 'swap' ? 'swapped' : 'preempted');
    else if (event.kind === 'swap-in') for (const request of event.requests) this.turn(request, 'running');
    else if (event.kind === 'finish' || event.kind === 'free') this.turn(event.request, 'finished');
  }

  private turn(request: number, status: RequestStatus): void {
    const spans = (this.statuses[request] ??= []);
    // A request may be admitted and preempted in one step: only its status at the end counts.
    if (spans.at(-1)?.from === this.length) spans.pop();
    spans.push({ from: this.length, status });
  }
}
