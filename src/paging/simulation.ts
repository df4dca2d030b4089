/** A workload at work: it and a person both add to one history. */
import { DEFAULT_CONFIG } from './config';
import { History, type Moment } from './history';
import { awaiting, idle } from './reads';
import type { Config, Operation, State } from './types';
import { STEP, type Workload } from './workloads/workload';

/** The configuration of a workload with a person's changes. */
export const configOf = (workload: Workload, changes: Partial<Config> = {}): Config => ({
  ...DEFAULT_CONFIG,
  ...workload.config,
  ...changes,
});

/** Whether a step would do nothing: nobody is there, or all who are wait for tokens from outside. */
export const quiet = (state: State): boolean =>
  idle(state) || (state.waiting.length + state.swapped.length === 0 && awaiting(state).length === state.running.length);

export class Simulation {
  readonly history: History;
  private readonly play: ReturnType<Workload['play']>;
  private ended = false;
  private begun = false;

  /** @throws AttnError `shape-invalid` for a configuration outside CONFIG_RANGES */
  constructor(workload: Workload, config: Config) {
    this.history = new History(config);
    this.play = workload.play(this.history.last.state);
  }

  /** Whether `advance` would add nothing. */
  get finished(): boolean {
    return this.ended && quiet(this.history.last.state);
  }

  /**
   * Lives on by the workload's next operations, and by steps once it has no more to ask.
   * @param most operations at most
   * @returns how many it were; fewer than `most` when all is done
   */
  advance(most = 1): number {
    for (let done = 0; done < most; done++) {
      const operation = this.next();
      if (!operation) return done;
      this.history.push(operation);
    }
    return most;
  }

  /** A person's operation, after the last moment. */
  push(operation: Operation): Moment {
    return this.history.push(operation);
  }

  private next(): Operation | undefined {
    const { state } = this.history.last;
    if (!this.ended) {
      // The first call of a generator takes no value.
      const turn = this.begun ? this.play.next(state) : this.play.next(undefined as never);
      this.begun = true;
      if (!turn.done) return turn.value;
      this.ended = true;
    }
    return quiet(state) ? undefined : STEP;
  }
}
