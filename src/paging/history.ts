/**
 * The history of a simulation: a log of operations, checkpoints of the state, and any moment by replay from the nearest
 * checkpoint. Replay is exact: a moment replayed equals the moment as it was first simulated.
 */
import { create } from './config';
import {
  CONTIGUOUS_POLICIES,
  type Contiguous,
  contiguousWasteOfStep,
  createContiguous,
  followContiguous,
} from './counts/contiguous';
import type { PagingEvent } from './events';
import { apply } from './operations';
import { Series } from './counts/series';
import type { Config, Operation, State } from './types';
import { pagedWasteOfStep } from './counts/waste';

/** The state after one operation (none at the start), and its events. */
export interface Moment {
  /** 0 is the start; moment k comes after the k-th operation. */
  readonly index: number;
  readonly operation?: Operation;
  readonly state: State;
  readonly events: readonly PagingEvent[];
  /** The same workload in contiguous memory, one for each of CONTIGUOUS_POLICIES. */
  readonly contiguous: readonly Contiguous[];
}

/** Roughly what it costs to replay an operation and to keep its state: the rows of its batch, and a constant. */
const weightOf = ({ state, operation }: Moment): number => (operation?.op === 'step' ? state.batch.length : 0) + 8;

/** How often a history keeps a checkpoint; see `weightOf`. */
export interface CheckpointPolicy {
  /** Weight between two checkpoints at first: any moment is replayed in a few milliseconds. */
  readonly interval: number;
  /**
   * When all checkpoints together (some hundred bytes each) exceed this weight, every second one is dropped and the
   * interval doubles.
   */
  readonly most: number;
}

const CHECKPOINTS: CheckpointPolicy = { interval: 384, most: 300_000 };

const NONE: readonly PagingEvent[] = [];

export class History {
  readonly series = new Series();
  private readonly log: Operation[] = [];
  /** In order of their moments; the first is the start. Without events: those are found by replaying. */
  private checkpoints: Moment[] = [];
  private checkpointWeight = 0;
  private interval: number;
  private readonly most: number;
  /** Weight of the operations since the last checkpoint. */
  private since = 0;
  private tip: Moment;
  /** The moments replayed last, in a row from a checkpoint on: stepping back and forth costs nothing. */
  private segment: Moment[] = [];

  constructor(config: Config, { interval, most }: CheckpointPolicy = CHECKPOINTS) {
    this.interval = interval;
    this.most = most;
    const contiguous = CONTIGUOUS_POLICIES.map((policy) => createContiguous(config, policy));
    this.tip = { index: 0, state: create(config), events: [], contiguous };
    this.checkpoints.push(this.tip);
    this.series.add(this.tip.state, []);
  }

  /** How many operations were done; also the index of the last moment. */
  get length(): number {
    return this.log.length;
  }

  /** The last moment. */
  get last(): Moment {
    return this.tip;
  }

  /** Does one more operation. A refused one makes a moment as well: its events say why. */
  push(operation: Operation): Moment {
    this.log.push(operation);
    this.tip = after(this.tip, operation);
    const { state, events, contiguous } = this.tip;
    this.series.add(
      state,
      events,
      operation.op === 'step' ? [pagedWasteOfStep(state), ...contiguous.map(contiguousWasteOfStep)] : undefined,
    );
    this.keep();
    return this.tip;
  }

  /**
   * Any moment. Replays the operations since the nearest checkpoint, usually one or none.
   * @throws RangeError outside 0 .. length
   */
  at(index: number): Moment {
    if (!Number.isInteger(index) || index < 0 || index > this.length)
      throw new RangeError(`no moment ${index} of ${this.length}`);
    if (index === this.tip.index) return this.tip;
    const place = this.placeOf(index - 1);
    const nearest = this.checkpoints[place] as Moment;
    if (this.segment[0] !== nearest) this.segment = [nearest];
    while (this.segment.length <= index - nearest.index) {
      const last = this.segment.at(-1) as Moment;
      const operation = this.log[last.index] as Operation;
      const recorded = this.checkpoints[place + 1];
      // When the next moment is a checkpoint, only its events are missing.
      const known = recorded?.index === last.index + 1;
      this.segment.push(known ? { ...recorded, events: apply(last.state, operation).events } : after(last, operation));
    }
    return this.segment[index - nearest.index] as Moment;
  }

  /**
   * The state at a moment, without its events: at a checkpoint nothing is replayed.
   * @throws RangeError as `at` does
   */
  stateAt(index: number): State {
    const checkpoints = this.checkpoints[this.placeOf(index)];
    return checkpoints?.index === index && index <= this.length ? checkpoints.state : this.at(index).state;
  }

  /** All operations so far: with the configuration they are enough to replay everything. */
  operations(): readonly Operation[] {
    return this.log;
  }

  /** Undoes everything after a moment. */
  truncate(index: number): Moment {
    this.tip = this.at(index);
    this.log.length = index;
    this.checkpoints.length = this.placeOf(index) + 1;
    this.checkpointWeight = this.checkpoints.reduce((sum, moment) => sum + weightOf(moment), 0);
    // So that the next moment becomes a checkpoint, whatever it weighs.
    this.since = this.interval;
    this.segment = [];
    this.series.truncate(index + 1);
    return this.tip;
  }

  /** Where in `checkpoints` the last one at or before an index is; the start when there is none. */
  private placeOf(index: number): number {
    let low = 0;
    for (let high = this.checkpoints.length; high - low > 1;) {
      const middle = (low + high) >> 1;
      if ((this.checkpoints[middle] as Moment).index <= index) low = middle;
      else high = middle;
    }
    return low;
  }

  private keep(): void {
    this.since += weightOf(this.tip);
    if (this.since < this.interval) return;
    this.since = 0;
    this.checkpoints.push({ ...this.tip, events: NONE });
    this.checkpointWeight += weightOf(this.tip);
    if (this.checkpointWeight <= this.most) return;
    this.checkpoints = this.checkpoints.filter((_, i) => i % 2 === 0);
    this.checkpointWeight = this.checkpoints.reduce((sum, moment) => sum + weightOf(moment), 0);
    this.interval *= 2;
    this.segment = [];
  }
}

function after(moment: Moment, operation: Operation): Moment {
  const { state, events } = apply(moment.state, operation);
  const contiguous = moment.contiguous.map((memory) => followContiguous(memory, events, state));
  return { index: moment.index + 1, operation, state, events, contiguous };
}
