// Runs a workload with the visitor's actions in short slices, so that the page stays responsive. Most workloads are
// complete after the first slice; a hundred thousand steps take many.
import { batch, signal, type ReadonlySignal } from '@preact/signals-core';
import { Simulation, type Operation, type State } from '../../paging';
import { configFor, formatPage, type UserAction, type PageSettings } from './settings';

/** Gives a typed request its tokens, and the tokens that follow them. */
export interface TokenSource {
  /** The tokens of a text, and whether the model will continue it; if not, the seed draws what follows. */
  read(text: string): Promise<{ tokens: readonly number[]; fromModel: boolean }>;
  /**
   * The next token; undefined when the model cannot continue. Sample seed 0 takes the likeliest token, any other draws
   * by that seed.
   */
  next(tokens: readonly number[], sampleSeed: number): Promise<number | undefined>;
}

/** A simulation, complete or still running. */
export interface Run {
  readonly settings: PageSettings;
  readonly simulation: Simulation;
  /**
   * Typed requests and their forks, each with its sample seed. A fork has its own seed, or it would repeat its parent's
   * tokens.
   */
  readonly own: ReadonlyMap<number, number>;
  /** For each user action the moment at which it was done; those that are still to come are missing. */
  readonly done: readonly number[];
}

export interface Runner {
  readonly run: ReadonlySignal<Run | undefined>;
  /** Moments simulated so far. */
  readonly length: ReadonlySignal<number>;
  /** Whether more moments are on their way. */
  readonly working: ReadonlySignal<boolean>;
  /** Why it stopped before its end. */
  readonly halted: ReadonlySignal<'cancelled' | 'too-long' | undefined>;
  start(settings: PageSettings): void;
  /** Stops here and keeps what is simulated so far. */
  cancel(): void;
  /** Goes on after a cancel. */
  resume(): void;
  /** Stops for good. */
  dispose(): void;
}

/** Moments at most: twice what the longest workload takes. */
export const MOST_MOMENTS = 300_000;
/** The first slice is longer: most workloads are complete in it, so that the visitor never sees them half done. */
const FIRST_MS = 60;
const SLICE_MS = 8;
/**
 * Progress is published at most this often (ms), and redrawing it may take at most one part in PUBLISH_SHARE of the
 * time.
 */
const PUBLISH_MS = 120;
const PUBLISH_SHARE = 20;

export function createRunner(tokenSource: TokenSource): Runner {
  const run = signal<Run | undefined>(undefined);
  const length = signal(0);
  const working = signal(false);
  const halted = signal<'cancelled' | 'too-long' | undefined>(undefined);
  let generation = 0;
  /** The current run; it is published once its first slice is done. */
  let current: { run: MutableRun; steps: AsyncGenerator<void, void>; stop(): void } | undefined;

  const drive = async (): Promise<void> => {
    const mine = ++generation;
    if (!current) return;
    const { run: now, steps } = current;
    batch(() => {
      working.value = true;
      halted.value = undefined;
    });
    const begun = performance.now();
    let until = begun + FIRST_MS;
    let nextPublish = begun + PUBLISH_MS;
    const tell = (): void => {
      const from = performance.now();
      batch(() => {
        run.value = now;
        length.value = now.simulation.history.length;
      });
      const to = performance.now();
      nextPublish = to + Math.max(PUBLISH_MS, PUBLISH_SHARE * (to - from));
    };
    for (;;) {
      const turn = await steps.next();
      if (mine !== generation) return;
      if (turn.done) break;
      const { length: moments } = now.simulation.history;
      if (moments >= MOST_MOMENTS) {
        halted.value = 'too-long';
        break;
      }
      if (performance.now() < until) continue;
      if (run.peek() !== now || performance.now() > nextPublish) tell();
      await new Promise((resolve) => setTimeout(resolve));
      if (mine !== generation) return;
      until = performance.now() + SLICE_MS;
    }
    batch(() => {
      tell();
      working.value = false;
    });
  };

  return {
    run,
    length,
    working,
    halted,
    start(settings) {
      const old = current?.run;
      const since = old && divergence(old, settings);
      const fresh = old && since !== undefined ? rewound(old, settings, since) : newRun(settings);
      // The old run may still wait for the model: it must not write into the new one.
      current?.stop();
      const end = new AbortController();
      current = { run: fresh, steps: simulate(fresh, tokenSource, end.signal), stop: () => end.abort() };
      if (since !== undefined)
        batch(() => {
          run.value = fresh;
          length.value = fresh.simulation.history.length;
        });
      void drive();
    },
    cancel() {
      if (!working.peek()) return;
      generation++;
      batch(() => {
        if (current) {
          run.value = current.run;
          length.value = current.run.simulation.history.length;
        }
        working.value = false;
        halted.value = 'cancelled';
      });
    },
    resume() {
      if (halted.peek() === 'cancelled') void drive();
    },
    dispose() {
      generation++;
      current?.stop();
      current = undefined;
      working.value = false;
    },
  };
}

/** A run while the runner still writes to it. */
interface MutableRun extends Run {
  readonly own: Map<number, number>;
  readonly done: number[];
}

const newRun = (settings: PageSettings): MutableRun => {
  const simulation = new Simulation(settings.workload, configFor(settings));
  return { settings, simulation, own: new Map(), done: [] };
};

/** The moment up to which this run and one with other settings are the same. Undefined when they share nothing. */
function divergence({ settings, simulation, done }: Run, to: PageSettings): number | undefined {
  const bare = (of: PageSettings): string => formatPage({ ...of, userActions: [] });
  if (bare(settings) !== bare(to)) return undefined;
  const same = (i: number): boolean => JSON.stringify(settings.userActions[i]) === JSON.stringify(to.userActions[i]);
  let first = 0;
  while (first < Math.max(settings.userActions.length, to.userActions.length) && same(first)) first += 1;
  const since = Math.min(done[first] ?? Infinity, to.userActions[first]?.at ?? Infinity);
  return since > 0 && since <= simulation.history.length ? since : undefined;
}

/** The same run, rewound to a moment, to go on with other actions. What came before that moment is kept. */
function rewound({ simulation, own, done }: MutableRun, settings: PageSettings, since: number): MutableRun {
  simulation.rewind(since);
  const { length } = simulation.history.last.state.requests;
  return {
    settings,
    simulation,
    own: new Map([...own].filter(([id]) => id < length)),
    done: done.filter((at) => at < since),
  };
}

/** Simulates moment after moment, and yields wherever the caller may want to look at the clock. */
async function* simulate(run: MutableRun, tokenSource: TokenSource, over: AbortSignal): AsyncGenerator<void, void> {
  const { simulation, settings, own, done } = run;
  const { history } = simulation;
  const open = settings.userActions.slice(done.length);
  for (;;) {
    const { length, last } = history;
    const userAction = open[0];
    // A typed request that has computed all its tokens waits for the model's next one.
    const waits = own.size === 0 ? undefined : last.state.running.find((id) => own.has(id) && caughtUp(last.state, id));
    if (userAction && (userAction.at <= length || (waits === undefined && simulation.finished))) {
      open.shift();
      const id = last.state.requests.length;
      const operation = await operationOf(userAction, tokenSource, last.state, own);
      if (over.aborted) return;
      done.push(length);
      simulation.push(operation);
      const child = userAction.act === 'add' || (userAction.act === 'fork' && own.has(userAction.request));
      if (child && history.last.state.requests.length > id) own.set(id, userAction.act === 'add' ? 0 : id);
      yield;
      continue;
    }
    if (waits !== undefined) {
      const next = await tokenSource.next([...last.state.requests.at(waits).tokens], own.get(waits) ?? 0);
      if (over.aborted) return;
      simulation.push(
        next === undefined ? { op: 'free', request: waits } : { op: 'append', request: waits, tokens: [next] },
      );
      yield;
      continue;
    }
    if (simulation.advance(own.size > 0 || userAction ? 1 : 16) === 0) return;
    yield;
  }
}

const caughtUp = (state: State, id: number): boolean => {
  const { tokens, computed } = state.requests.at(id);
  return computed === tokens.length;
};

async function operationOf(
  userAction: UserAction,
  tokenSource: TokenSource,
  state: State,
  own: ReadonlyMap<number, number>,
): Promise<Operation> {
  if (userAction.act === 'free') return { op: 'free', request: userAction.request };
  const name = nameFor(state);
  if (userAction.act === 'add') {
    const { tokens, fromModel } = await tokenSource.read(userAction.text);
    return { op: 'add', name, prompt: tokens, generate: userAction.generate, source: fromModel ? 'outside' : 'seeded' };
  }
  const fork: Operation = { op: 'fork', request: userAction.request, name };
  if (!own.has(userAction.request)) return fork;
  // When the parent's last token is not computed yet, the child draws its own.
  const { tokens, computed, promptLength } = state.requests.at(userAction.request);
  if (tokens.length === promptLength || computed === tokens.length) return fork;
  const token = await tokenSource.next(tokens.slice(0, tokens.length - 1), state.requests.length);
  return token === undefined ? fork : { ...fork, token };
}

/** A name that no request has yet: its number. */
export const nameFor = ({ requests }: State): string => `#${requests.length}`;
