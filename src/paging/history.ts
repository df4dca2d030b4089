/**
 * A simulation with its past: a log of operations, a kept state every so often, and any moment by replay from the nearest one.
 * The log alone decides: a moment replayed is equal to the moment lived.
 */
import { create } from './config';
import { CONTIGUOUS_POLICIES, type Contiguous, createContiguous, followContiguous } from './contiguous';
import type { PagingEvent } from './events';
import { apply } from './operations';
import { Series } from './series';
import type { Config, Operation, State } from './types';

/** The state after one operation (none at the start), and what happened in it. */
export interface Moment {
  /** 0 is the start; moment k is the one after the k-th operation. */
  readonly index: number;
  readonly operation?: Operation;
  readonly state: State;
  readonly events: readonly PagingEvent[];
  /** The same workload in contiguous memory, one for each of CONTIGUOUS_POLICIES. */
  readonly contiguous: readonly Contiguous[];
}

/** More kept states than this, and every second one is dropped. */
const MOST_KEPT = 1024;

export class History {
  readonly series = new Series();
  private readonly log: Operation[] = [];
  /** Moments 0, every, 2 * every, ... */
  private kept: Moment[] = [];
  private every = 32;
  private tip: Moment;
  /** Moments in a row from a kept one on, the last ones looked at: steps back and forth cost nothing. */
  private segment: Moment[] = [];

  constructor(config: Config) {
    const contiguous = CONTIGUOUS_POLICIES.map((policy) => createContiguous(config, policy));
    this.tip = { index: 0, state: create(config), events: [], contiguous };
    this.keep();
  }

  /** Operations done; the last moment has this index. */
  get length(): number {
    return this.log.length;
  }

  /** The last moment. */
  get last(): Moment {
    return this.tip;
  }

  /** Does one more operation. A refused one is a moment as well: its events say why. */
  push(operation: Operation): Moment {
    this.log.push(operation);
    this.tip = after(this.tip, operation);
    this.keep();
    return this.tip;
  }

  /**
   * Any moment. Costs at most as many operations as lie between two kept states, usually one or none.
   * @throws RangeError outside 0 .. length
   */
  at(index: number): Moment {
    if (!Number.isInteger(index) || index < 0 || index > this.length) throw new RangeError(`no moment ${index} of ${this.length}`);
    if (index === this.tip.index) return this.tip;
    const first = Math.floor(index / this.every) * this.every;
    if (this.segment[0]?.index !== first) this.segment = [this.kept[first / this.every] as Moment];
    while (this.segment.length <= index - first) {
      const last = this.segment.at(-1) as Moment;
      this.segment.push(after(last, this.log[last.index] as Operation));
    }
    return this.segment[index - first] as Moment;
  }

  /** The operations so far: with the configuration, all that is needed to live it again. */
  operations(): readonly Operation[] {
    return this.log;
  }

  /** Undoes everything after a moment. */
  cut(index: number): Moment {
    this.tip = this.at(index);
    this.log.length = index;
    this.kept.length = Math.floor(index / this.every) + 1;
    this.segment = [];
    this.series.cut(index + 1);
    return this.tip;
  }

  private keep(): void {
    this.series.add(this.tip.state, this.tip.events);
    if (this.tip.index % this.every !== 0) return;
    this.kept.push(this.tip);
    if (this.kept.length <= MOST_KEPT) return;
    this.kept = this.kept.filter((_, i) => i % 2 === 0);
    this.every *= 2;
    this.segment = [];
  }
}

function after(moment: Moment, operation: Operation): Moment {
  const { state, events } = apply(moment.state, operation);
  const contiguous = moment.contiguous.map((memory) => followContiguous(memory, events, state));
  return { index: moment.index + 1, operation, state, events, contiguous };
}
