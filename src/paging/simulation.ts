/** Runs a workload. The workload and the visitor add operations to one history. */
import { DEFAULT_CONFIG } from './config';
import { History, type Moment } from './history';
import { awaiting, idle } from './reads';
import type { Config, Operation, State } from './types';
import { STEP, type Workload } from './workloads/workload';

/** A workload's configuration with the visitor's changes. */
export const configOf = (workload: Workload, changes: Partial<Config> = {}): Config => ({
  ...DEFAULT_CONFIG,
  ...workload.config,
  ...changes,
});

/** Whether a step would do nothing: there are no requests, or all of them wait for tokens from outside. */
export const nothingToDo = (state: State): boolean =>
  idle(state) || (state.waiting.length + state.swapped.length === 0 && awaiting(state).length === state.running.length);

/**
 * A state for a workload that is run again from its start. Most workloads only read the step, which a column has; any
 * other field is found by replay.
 */
const stateForReplay = (history: History, index: number): State =>
  new Proxy({} as State, {
    get: (_, field: keyof State) =>
      field === 'step' ? history.series.column('step')[index] : history.at(index).state[field],
  });

export class Simulation {
  readonly history: History;
  private readonly workload: Workload;
  private play: ReturnType<Workload['play']>;
  private ended = false;
  private begun = false;
  /** For each operation, whether the workload asked for it. */
  private readonly asked: boolean[] = [];
  /** The moment at which the workload ended. */
  private endedAt = Infinity;

  /** @throws AttnError `shape-invalid` for a configuration outside CONFIG_RANGES */
  constructor(workload: Workload, config: Config) {
    this.workload = workload;
    this.history = new History(config);
    this.play = workload.play(this.history.last.state);
  }

  /** Whether `advance` would add nothing. */
  get finished(): boolean {
    return this.ended && nothingToDo(this.history.last.state);
  }

  /**
   * Does the workload's next operations, and steps once it has ended.
   * @param most operations at most
   * @returns how many were done; fewer than `most` when nothing is left to do
   */
  advance(most = 1): number {
    for (let done = 0; done < most; done++) {
      const operation = this.next();
      if (!operation) return done;
      this.history.push(operation);
    }
    return most;
  }

  /** Adds an operation of the visitor after the last moment. */
  push(operation: Operation): Moment {
    return this.history.push(operation);
  }

  /**
   * Rewinds to a moment, to go on differently. No operation is done again; only the workload's generator is run again
   * over the moments before.
   * @throws RangeError outside 0 .. length
   */
  rewind(index: number): void {
    const { history } = this;
    this.play = this.workload.play(history.at(0).state);
    this.begun = false;
    for (let i = 0; i < index; i++) {
      if (!this.asked[i]) continue;
      this.play.next(this.begun ? stateForReplay(history, i) : (undefined as never));
      this.begun = true;
    }
    this.ended = this.endedAt < index;
    if (!this.ended) this.endedAt = Infinity;
    this.asked.length = Math.min(this.asked.length, index);
    history.truncate(index);
  }

  private next(): Operation | undefined {
    const { state, index } = this.history.last;
    if (!this.ended) {
      // The first call of a generator takes no value.
      const turn = this.begun ? this.play.next(state) : this.play.next(undefined as never);
      this.begun = true;
      if (!turn.done) {
        this.asked[index] = true;
        return turn.value;
      }
      this.ended = true;
      this.endedAt = index;
    }
    return nothingToDo(state) ? undefined : STEP;
  }
}
