// Captures the workgroups that a cursor comes to, one at a time, and the neighbours of the last while there is nothing
// else to do.
import type { ReadonlySignal, Signal } from '@preact/signals-core';
import { asAttnError, type AttnError } from '../errors';
import { sceneOf } from '../frame/scene';
import type { CaptureSession } from '../machine/machine';
import type { CapturedWorkgroup, Trace } from '../trace/trace';
import { neighbour } from './player';

interface Want {
  pass: number;
  workgroup: number;
  thread: number;
}

export interface SupplyEnv {
  /** The trace on screen: a recording or an imported file holds what it holds. */
  trace: ReadonlySignal<Trace | undefined>;
  /** Raised when a workgroup was added to the trace in place. */
  captures: Signal<number>;
  /** Whether what was wanted is on its way. */
  pending: Signal<boolean>;
  /** The workgroup on screen, which is never let go. */
  here?(): number | undefined;
  /** Told of what went wrong, but for a loss of the device, which is noticed elsewhere first. */
  report(error: AttnError): void;
}

type Source = Pick<CaptureSession, 'trace' | 'workgroup'>;

export interface Supply {
  /** Serves this capture from now on. */
  follow(capture: Source): void;
  /** The device or its capture is gone. */
  clear(): void;
  /** Gets a workgroup into the trace. The newest want is served next; older ones are dropped. */
  want(pass: number, workgroup: number, thread: number): void;
}

/** Captured workgroups kept in a trace; the oldest beyond that are let go. */
const KEPT = 48;
/** A workgroup comes without lines at first; one that came so often without has none to give. */
const TRIES = 3;

export function createSupply({ trace: shown, captures, pending, here, report }: SupplyEnv): Supply {
  let capture: Source | undefined;
  let next: Want | undefined;
  let busy = false;
  /** How often a workgroup came without the lines that were wanted. */
  let bare = new Map<string, number>();

  const keyOf = ({ pass, workgroup, thread }: Want): string => `${pass} ${workgroup} ${thread}`;

  const has = ({ pass, workgroup, thread }: Want): boolean =>
    capture?.trace.passes[pass]?.captured.some((c) => c.workgroup === workgroup && c.lines?.invocation === thread) ??
    true;

  const store = (pass: number, got: CapturedWorkgroup): void => {
    const list = capture?.trace.passes[pass]?.captured as CapturedWorkgroup[] | undefined;
    if (!list) return;
    const at = list.findIndex((c) => c.workgroup === got.workgroup);
    if (at >= 0) list[at] = got;
    else {
      // A capture that came with more than are kept here was whole from the start, and none is added to it.
      list.push(got);
      while (list.length > KEPT) list.splice(list[0]?.workgroup === here?.() ? 1 : 0, 1);
    }
    captures.value++;
  };

  const around = (want: Want): Want | undefined => {
    if (!capture) return undefined;
    const scene = sceneOf(capture.trace, capture.trace.header.plane);
    for (const direction of [1, -1] as const) {
      const there = neighbour(scene, { ...want, phase: 0 }, direction);
      if (!there) continue;
      const known = capture.trace.passes[there.pass]?.captured.some((c) => c.workgroup === there.workgroup);
      if (!known) return { ...there, thread: want.thread };
    }
    return undefined;
  };

  const serve = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    let asked: Want | undefined;
    try {
      for (;;) {
        const source = capture;
        const mine: Want | undefined = next ?? (asked && around(asked));
        if (!source || !mine) break;
        if (next) asked = next;
        next = undefined;
        if (has(mine)) continue;
        const got = await source.workgroup(mine.pass, mine.workgroup, mine.thread);
        if (source === capture) {
          if (got.lines?.invocation !== mine.thread) bare.set(keyOf(mine), (bare.get(keyOf(mine)) ?? 0) + 1);
          store(mine.pass, got);
        }
        pending.value = next !== undefined;
      }
    } catch (thrown) {
      const error = asAttnError(thrown);
      if (error.code !== 'device-lost' && error.code !== 'cancelled') report(error);
    } finally {
      busy = false;
      pending.value = false;
    }
  };

  return {
    follow(source) {
      if (source !== capture) bare = new Map();
      capture = source;
      next = undefined;
    },
    clear() {
      capture = undefined;
      next = undefined;
      pending.value = false;
    },
    want(pass, workgroup, thread) {
      const wanted = { pass, workgroup, thread };
      if (!capture || capture.trace !== shown.peek() || has(wanted)) return;
      const known = capture.trace.passes[pass]?.captured.some((c) => c.workgroup === workgroup);
      if (known && (bare.get(keyOf(wanted)) ?? 0) >= TRIES) return;
      next = wanted;
      pending.value = true;
      void serve();
    },
  };
}
