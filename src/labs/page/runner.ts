// Puts a workload and a person's deeds to work, in slices that block nothing: short ones are done at once, a hundred thousand steps come bit by bit.
import { batch, signal, type ReadonlySignal } from '@preact/signals-core';
import { Simulation, type Operation, type State } from '../../paging';
import { configFor, formatPage, type Deed, type PageSettings } from './settings';

/** Brings what a person typed into the pool: its tokens, and those that the model says next. */
export interface Scribe {
  /** The tokens of a text, and whether the model goes on with them; else the seed draws what follows. */
  read(text: string): Promise<{ tokens: readonly number[]; speaks: boolean }>;
  /** The token that comes next; undefined where the model can say no more. Voice 0 says the likeliest, another one draws its own. */
  next(tokens: readonly number[], voice: number): Promise<number | undefined>;
}

/** A simulation under way or done. */
export interface Run {
  readonly settings: PageSettings;
  readonly simulation: Simulation;
  /** Requests that a person typed, and their forks, with their voices: a fork speaks on its own, or it would say the same. */
  readonly own: ReadonlyMap<number, number>;
  /** By deed, the moment at which it was done; those that are not done yet are missing. */
  readonly done: readonly number[];
}

export interface Runner {
  readonly run: ReadonlySignal<Run | undefined>;
  /** Moments there are by now; grows in slices. */
  readonly length: ReadonlySignal<number>;
  /** Whether more moments are on their way. */
  readonly working: ReadonlySignal<boolean>;
  /** Why it came to a halt before its end. */
  readonly halted: ReadonlySignal<'cancelled' | 'too-long' | undefined>;
  start(settings: PageSettings): void;
  /** Stops where it is; what is there stays. */
  cancel(): void;
  /** Goes on after a cancel. */
  resume(): void;
}

/** Moments at most: twice what the longest workload takes. */
export const MOST_MOMENTS = 300_000;
/** The first slice is longer: most workloads are over in it, so that nothing is ever seen half done. */
const FIRST_MS = 60;
const SLICE_MS = 8;
/** How often the page is told how far it is: at most so, and the pictures of it take at most a part of the time. */
const TELL_MS = 120;
const TELL_PART = 20;

export function createRunner(scribe: Scribe): Runner {
  const run = signal<Run | undefined>(undefined);
  const length = signal(0);
  const working = signal(false);
  const halted = signal<'cancelled' | 'too-long' | undefined>(undefined);
  let generation = 0;
  /** What is under way; it is shown once its first slice is done. */
  let current: { run: Life; steps: AsyncGenerator<void, void>; stop(): void } | undefined;

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
    let nextTold = begun + TELL_MS;
    const tell = (): void => {
      const from = performance.now();
      batch(() => {
        run.value = now;
        length.value = now.simulation.history.length;
      });
      const to = performance.now();
      nextTold = to + Math.max(TELL_MS, TELL_PART * (to - from));
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
      if (run.peek() !== now || performance.now() > nextTold) tell();
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
      const since = old && parting(old, settings);
      const fresh = old && since !== undefined ? goneBack(old, settings, since) : begun(settings);
      // Whoever still waits for the model in the old life must not touch the new one.
      current?.stop();
      const end = new AbortController();
      current = { run: fresh, steps: live(fresh, scribe, end.signal), stop: () => end.abort() };
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
  };
}

/** A run as the runner itself writes it. */
interface Life extends Run {
  readonly own: Map<number, number>;
  readonly done: number[];
}

const begun = (settings: PageSettings): Life => {
  const simulation = new Simulation(settings.workload, configFor(settings));
  return { settings, simulation, own: new Map(), done: [] };
};

/** The moment up to which a run with other deeds is the same; undefined where all of it may differ, or where nothing was lived yet. */
function parting({ settings, simulation, done }: Run, to: PageSettings): number | undefined {
  const bare = (of: PageSettings): string => formatPage({ ...of, deeds: [] });
  if (bare(settings) !== bare(to)) return undefined;
  const same = (i: number): boolean => JSON.stringify(settings.deeds[i]) === JSON.stringify(to.deeds[i]);
  let first = 0;
  while (first < Math.max(settings.deeds.length, to.deeds.length) && same(first)) first += 1;
  const since = Math.min(done[first] ?? Infinity, to.deeds[first]?.at ?? Infinity);
  return since > 0 && since <= simulation.history.length ? since : undefined;
}

/** The same run back at a moment, to go on with other deeds: what was lived before it is kept. */
function goneBack({ simulation, own, done }: Life, settings: PageSettings, since: number): Life {
  simulation.back(since);
  const { length } = simulation.history.last.state.requests;
  return {
    settings,
    simulation,
    own: new Map([...own].filter(([id]) => id < length)),
    done: done.filter((at) => at < since),
  };
}

/** Moment after moment; it yields after each that is worth a look at the clock. */
async function* live(run: Life, scribe: Scribe, over: AbortSignal): AsyncGenerator<void, void> {
  const { simulation, settings, own, done } = run;
  const { history } = simulation;
  const open = settings.deeds.slice(done.length);
  for (;;) {
    const { length, last } = history;
    const deed = open[0];
    // A typed request goes on with what the model says next.
    const waits = own.size === 0 ? undefined : last.state.running.find((id) => own.has(id) && caughtUp(last.state, id));
    if (deed && (deed.at <= length || (waits === undefined && simulation.finished))) {
      open.shift();
      const id = last.state.requests.length;
      const operation = await operationOf(deed, scribe, last.state, own);
      if (over.aborted) return;
      done.push(length);
      simulation.push(operation);
      const child = deed.act === 'add' || (deed.act === 'fork' && own.has(deed.request));
      if (child && history.last.state.requests.length > id) own.set(id, deed.act === 'add' ? 0 : id);
      yield;
      continue;
    }
    if (waits !== undefined) {
      const next = await scribe.next([...last.state.requests.at(waits).tokens], own.get(waits) ?? 0);
      if (over.aborted) return;
      simulation.push(next === undefined ? { op: 'free', request: waits } : { op: 'append', request: waits, tokens: [next] });
      yield;
      continue;
    }
    if (simulation.advance(own.size > 0 || deed ? 1 : 16) === 0) return;
    yield;
  }
}

const caughtUp = (state: State, id: number): boolean => {
  const { tokens, computed } = state.requests.at(id);
  return computed === tokens.length;
};

async function operationOf(deed: Deed, scribe: Scribe, state: State, own: ReadonlyMap<number, number>): Promise<Operation> {
  if (deed.act === 'free') return { op: 'free', request: deed.request };
  const name = nameFor(state);
  if (deed.act === 'add') {
    const { tokens, speaks } = await scribe.read(deed.text);
    return { op: 'add', name, prompt: tokens, generate: deed.generate, source: speaks ? 'outside' : 'seeded' };
  }
  const fork: Operation = { op: 'fork', request: deed.request, name };
  if (!own.has(deed.request)) return fork;
  // A last token that was said and not computed yet is the child's own.
  const { tokens, computed, promptLength } = state.requests.at(deed.request);
  if (tokens.length === promptLength || computed === tokens.length) return fork;
  const token = await scribe.next(tokens.slice(0, tokens.length - 1), state.requests.length);
  return token === undefined ? fork : { ...fork, token };
}

/** A name that nobody has: the request's number. */
export const nameFor = ({ requests }: State): string => `#${requests.length}`;
