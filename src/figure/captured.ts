// A run beside whatever else is on screen: captured when it is wanted, kept until another is, and asked for more
// workgroups as a cursor comes to them.
import { batch, signal, type ReadonlySignal, type Signal } from '@preact/signals-core';
import { asAttnError, type AttnError } from '../errors';
import type { Trace } from '../trace/trace';
import type { CaptureChoice, Made } from './capture';
import { sameProblem, type Choice } from './choice';
import { createSupply } from './supply';

export interface Captured {
  trace: Signal<Trace | undefined>;
  /** Grows when a workgroup was added to the trace in place. */
  captures: ReadonlySignal<number>;
  /** Whether a workgroup that was asked for is on its way. */
  pending: ReadonlySignal<boolean>;
  /** 0..1 while it is being captured. */
  progress: ReadonlySignal<number | undefined>;
  error: ReadonlySignal<AttnError | undefined>;
  /** Captures the run of a choice, unless it is there already or on its way. */
  want(choice: Choice): void;
  /** Tries the last wanted run again. */
  again(): void;
  /** Gets a workgroup into the trace, with the lines of one of its threads. */
  fetch(pass: number, workgroup: number, thread: number): void;
  /** Ends what is under way and lets go of the device's part of it; the trace stays. */
  dispose(): void;
}

export interface CapturedOptions {
  /** The workgroup on screen. */
  here?(): number | undefined;
  /** What is shown until the first run is there, if there is something. */
  first?(choice: Choice): Promise<Trace> | undefined;
}

export function createCaptured(capture: CaptureChoice, { here, first }: CapturedOptions = {}): Captured {
  let work = new AbortController();
  let wanted: Choice | undefined;
  let current: Made | undefined;
  const trace = signal<Trace | undefined>(undefined);
  const captures = signal(0);
  const pending = signal(false);
  const progress = signal<number | undefined>(undefined);
  const error = signal<AttnError | undefined>(undefined);
  const report = (told: AttnError): void => {
    error.value = told;
  };
  const supply = createSupply({ trace, captures, pending, report, ...(here && { here }) });

  const follow = (made: Made): void => {
    const { workgroup } = made;
    if (workgroup) supply.follow({ trace: made.trace, workgroup });
    else supply.clear();
    current?.dispose();
    current = made;
    batch(() => {
      trace.value = made.trace;
      progress.value = undefined;
    });
  };

  /** A recording that cannot be had is no error: the run is on its way. */
  const stored = async (choice: Choice, aborted: AbortSignal): Promise<void> => {
    const found = await first?.(choice)?.catch(() => undefined);
    if (found && !aborted.aborted) trace.value ??= found;
  };

  const run = async (choice: Choice): Promise<void> => {
    work.abort();
    work = new AbortController();
    const { signal: aborted } = work;
    wanted = choice;
    batch(() => {
      progress.value = 0;
      error.value = undefined;
    });
    if (!trace.peek()) void stored(choice, aborted);
    try {
      const onProgress = (part: number): void => {
        if (!aborted.aborted) progress.value = part;
      };
      const made = await capture(choice, { signal: aborted, onProgress });
      if (aborted.aborted) made.dispose();
      else follow(made);
    } catch (thrown) {
      if (aborted.aborted) return;
      batch(() => {
        error.value = asAttnError(thrown);
        progress.value = undefined;
      });
    }
  };

  return {
    trace,
    captures,
    pending,
    progress,
    error,
    want(choice) {
      if (!wanted || !sameProblem(wanted, choice)) void run(choice);
    },
    again() {
      if (wanted) void run(wanted);
    },
    fetch: supply.want,
    dispose() {
      work.abort();
      supply.clear();
      current?.dispose();
      current = undefined;
      wanted = undefined;
    },
  };
}
