// Captures the workgroups that the cursor comes to, one at a time, and the neighbours of the last while there is nothing else to do.
import { asAttnError } from '../../errors';
import { sceneOf } from '../../frame/scene';
import type { CapturedWorkgroup } from '../../trace/trace';
import type { CaptureSession } from '../../machine/machine';
import { neighbour } from '../../figure/player';
import { tell } from '../messages/messages';
import type { State } from '../state';

interface Want {
  pass: number;
  workgroup: number;
  thread: number;
}

export interface Supply {
  /** Serves this capture from now on. */
  follow(capture: CaptureSession): void;
  /** The device or its capture is gone. */
  clear(): void;
  /** Gets a workgroup into the trace. The newest want is served next; older ones are dropped. */
  want(pass: number, workgroup: number, thread: number): void;
}

/** Captured workgroups kept in a trace; the oldest beyond that are let go. */
const KEPT = 48;

export function createSupply(state: State): Supply {
  let capture: CaptureSession | undefined;
  let next: Want | undefined;
  let busy = false;

  const has = ({ pass, workgroup, thread }: Want): boolean =>
    capture?.trace.passes[pass]?.captured.some((c) => c.workgroup === workgroup && c.lines?.invocation === thread) ?? true;

  const store = (pass: number, got: CapturedWorkgroup): void => {
    const list = capture?.trace.passes[pass]?.captured as CapturedWorkgroup[] | undefined;
    if (!list) return;
    const at = list.findIndex((c) => c.workgroup === got.workgroup);
    const here = state.cursor.peek()?.workgroup;
    if (at >= 0) list[at] = got;
    else {
      // A capture that came with more than are kept here was whole from the start, and none is added to it.
      list.push(got);
      while (list.length > KEPT) list.splice(list[0]?.workgroup === here ? 1 : 0, 1);
    }
    state.captures.value++;
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
        if (source === capture) store(mine.pass, got);
        state.pending.value = next !== undefined;
      }
    } catch (thrown) {
      const error = asAttnError(thrown);
      if (error.code !== 'device-lost' && error.code !== 'cancelled') tell(state.messages, { kind: 'error', error });
    } finally {
      busy = false;
      state.pending.value = false;
    }
  };

  return {
    follow(source) {
      capture = source;
      next = undefined;
    },
    clear() {
      capture = undefined;
      next = undefined;
      state.pending.value = false;
    },
    want(pass, workgroup, thread) {
      const wanted = { pass, workgroup, thread };
      // A recording or an imported file holds what it holds.
      if (!capture || capture.trace !== state.trace.peek() || has(wanted)) return;
      next = wanted;
      state.pending.value = true;
      void serve();
    },
  };
}
