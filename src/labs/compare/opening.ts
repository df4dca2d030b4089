// Where a ready-made comparison puts the cursor: its runs are not there yet when it is clicked, so the place is
// followed until they are.
import { effect, signal, type ReadonlySignal, type Signal } from '@preact/signals-core';
import type { Pair } from './track';

/** At the beginning of both, or at their end, where the sums of the whole runs stand. */
export type OpensAt = 'start' | 'end';

const placeOf = (opens: OpensAt, { length }: Pair): number => (opens === 'start' ? 0 : Math.max(0, length - 1));

export interface Opening {
  open(at: OpensAt): void;
  dispose(): void;
}

/** Keeps `cursor` at the place that was opened while runs arrive, until anything else moves it. */
export function followOpening(cursor: Signal<number>, scene: ReadonlySignal<{ pair: Pair }>): Opening {
  const opens = signal<OpensAt | undefined>(undefined);
  let put = -1;
  const move = (at: number): void => {
    put = at;
    cursor.value = at;
  };
  const stop = effect(() => {
    const at = cursor.value;
    const { pair } = scene.value;
    if (opens.value === undefined) return;
    if (at !== put) opens.value = undefined;
    else move(placeOf(opens.value, pair));
  });
  return {
    open(at) {
      move(placeOf(at, scene.peek().pair));
      opens.value = at;
    },
    dispose: stop,
  };
}
