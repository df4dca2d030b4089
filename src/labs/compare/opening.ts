// Where a ready-made comparison puts the cursor: its runs are not there yet when it is clicked, so the place is followed until they are.
import { effect, signal, type ReadonlySignal, type Signal } from '@preact/signals-core';
import type { CompareSettings } from './settings';
import type { Pair } from './track';

/** At the beginning of both, or at their end, where the sums of the whole runs stand. */
export type OpensAt = 'start' | 'end';

const placeOf = (opens: OpensAt, { length }: Pair): number => (opens === 'start' ? 0 : Math.max(0, length - 1));

export interface Opening {
  open(at: OpensAt): void;
  dispose(): void;
}

/** Keeps `compare.at` at the place that was opened while runs arrive, until anything else moves the cursor. */
export function followOpening(compare: Signal<CompareSettings>, scene: ReadonlySignal<{ pair: Pair }>): Opening {
  const opens = signal<OpensAt | undefined>(undefined);
  let put = -1;
  const move = (at: number): void => {
    put = at;
    if (compare.peek().at !== at) compare.value = { ...compare.peek(), at };
  };
  const stop = effect(() => {
    const { at } = compare.value;
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
