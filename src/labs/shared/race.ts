// The race of naive against tiled as the lab holds it: what runs, how far it is, what came out. Outlives the pictures
// of it.
import { signal, type ReadonlySignal } from '@preact/signals-core';
import { asAttnError, type AttnError } from '../../errors';
import type { Comparison } from '../../bench/compare';
import type { Run } from '../../ops/run';

export type RaceStage = 'compile' | 'race' | 'check';
type Report = (stage: RaceStage, done: number, of: number) => void;

export interface RaceState {
  progress?: { stage: RaceStage; done: number; of: number };
  result?: { runs: readonly Run[]; comparison: Comparison };
}

export interface Race {
  readonly state: ReadonlySignal<RaceState>;
  /** Both runs of the shape on screen; undefined while nothing can run here. */
  readonly runs: ReadonlySignal<readonly Run[] | undefined>;
  /** Times them. Does nothing while a race is on. */
  start(): Promise<void>;
  cancel(): void;
}

export interface RaceEnv {
  runs: ReadonlySignal<readonly Run[] | undefined>;
  /** See bench/compare. */
  compare(runs: readonly Run[], options: { signal: AbortSignal; onProgress: Report }): Promise<Comparison>;
  onError(error: AttnError): void;
}

/** Whether a result is of other runs than those on screen. */
export const isStale = (result: NonNullable<RaceState['result']>, runs: readonly Run[] | undefined): boolean =>
  JSON.stringify(result.runs) !== JSON.stringify(runs);

export function createRace(env: RaceEnv): Race {
  const state = signal<RaceState>({});
  let stop: AbortController | undefined;
  const start = async (): Promise<void> => {
    const runs = env.runs.peek();
    if (!runs || stop) return;
    stop = new AbortController();
    const previous = state.peek().result;
    const keep = previous ? { result: previous } : {};
    const onProgress: Report = (stage, done, of) => (state.value = { ...keep, progress: { stage, done, of } });
    onProgress('compile', 0, runs.length);
    try {
      const comparison = await env.compare(runs, { signal: stop.signal, onProgress });
      state.value = { result: { runs, comparison } };
    } catch (thrown) {
      const error = asAttnError(thrown);
      state.value = keep;
      if (error.code !== 'cancelled') env.onError(error);
    } finally {
      stop = undefined;
    }
  };
  return { state, runs: env.runs, start, cancel: () => stop?.abort() };
}
