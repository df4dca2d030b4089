// The second run: captured beside the first, kept while the page lives, and asked for more workgroups as the cursor comes to them.
import { batch, signal, type Signal } from '@preact/signals-core';
import { asAttnError, type AttnError } from '../../errors';
import type { CapturedWorkgroup, Trace } from '../../trace/trace';
import { sameProblem, type Choice } from '../../figure/choice';
import { capturedAt } from '../../figure/player';

/** A capture that stands beside the page's own. */
export interface Beside {
  trace: Trace;
  /** Gets one more workgroup. A recording has none to give: then absent. */
  workgroup?(pass: number, workgroup: number, thread: number): Promise<CapturedWorkgroup>;
  dispose(): void;
}

export type CaptureBeside = (choice: Choice, options: { signal: AbortSignal; onProgress(part: number): void }) => Promise<Beside>;

export interface Other {
  trace: Signal<Trace | undefined>;
  /** Grows when a workgroup was added to the trace in place. */
  captures: Signal<number>;
  /** 0..1 while it is being captured. */
  progress: Signal<number | undefined>;
  error: Signal<AttnError | undefined>;
  /** Captures the run of a choice, unless it is there already or on its way. */
  want(choice: Choice): void;
  /** Tries the last wanted run again. */
  again(): void;
  /** Gets a workgroup into the trace, with the lines of one of its threads. */
  fetch(pass: number, workgroup: number, thread: number): void;
}

/** A workgroup comes without lines at first; asked this often it has none to give. */
const TRIES = 3;

export function createOther(capture: CaptureBeside): Other {
  let work = new AbortController();
  let wanted: Choice | undefined;
  let current: Beside | undefined;
  let fetching = false;
  let asked = new Map<string, number>();
  const other: Pick<Other, 'trace' | 'captures' | 'progress' | 'error'> = {
    trace: signal(undefined),
    captures: signal(0),
    progress: signal(undefined),
    error: signal(undefined),
  };

  const run = async (choice: Choice): Promise<void> => {
    work.abort();
    work = new AbortController();
    const { signal: aborted } = work;
    wanted = choice;
    batch(() => {
      other.progress.value = 0;
      other.error.value = undefined;
    });
    try {
      const onProgress = (part: number): void => {
        if (!aborted.aborted) other.progress.value = part;
      };
      const made = await capture(choice, { signal: aborted, onProgress });
      if (aborted.aborted) return made.dispose();
      current?.dispose();
      current = made;
      asked = new Map();
      batch(() => {
        other.trace.value = made.trace;
        other.progress.value = undefined;
      });
    } catch (thrown) {
      if (aborted.aborted) return;
      batch(() => {
        other.error.value = asAttnError(thrown);
        other.progress.value = undefined;
      });
    }
  };

  return {
    ...other,
    want(choice) {
      if (!wanted || !sameProblem(wanted, choice)) void run(choice);
    },
    again() {
      if (wanted) void run(wanted);
    },
    fetch(pass, workgroup, thread) {
      const source = current;
      if (!source?.workgroup || fetching || capturedAt(source.trace, pass, workgroup)?.lines?.invocation === thread) return;
      const key = `${pass} ${workgroup} ${thread}`;
      const tries = asked.get(key) ?? 0;
      if (tries === TRIES) return;
      asked.set(key, tries + 1);
      fetching = true;
      source
        .workgroup(pass, workgroup, thread)
        .then((got) => {
          const kept = source.trace.passes[pass]?.captured as CapturedWorkgroup[] | undefined;
          const at = kept?.findIndex((one) => one.workgroup === workgroup) ?? -1;
          if (at < 0) kept?.push(got);
          else if (kept) kept[at] = got;
        })
        .catch((thrown: unknown) => (other.error.value = asAttnError(thrown)))
        .finally(() => {
          fetching = false;
          other.captures.value++;
        });
    },
  };
}
