// Where a ready-made comparison puts the cursor: its runs are not there yet when it is clicked, so the place is followed until they are.
import { effect, signal, type ReadonlySignal, type Signal } from '@preact/signals-core';
import type { CompareSettings } from './settings';
import type { Pair, Track } from './track';

/** Halfway through the shorter run, where both are at work; or at the end of both, where the sums of the whole runs stand. */
export type OpensAt = 'middle' | 'end';

/** That place on the common cursor. */
export function placeOf(opens: OpensAt, tracks: readonly [Track, Track], pair: Pair): number {
  if (opens === 'end') return pair.length - 1;
  const [a, b] = tracks.map(({ length }, side) => pair.positionOf(side as 0 | 1, Math.max(0, Math.ceil(length / 2) - 1))) as [
    number,
    number,
  ];
  return Math.min(a, b);
}

export interface Opening {
  open(at: OpensAt): void;
  dispose(): void;
}

/** Keeps `compare.at` at the place that was opened while runs arrive, until anything else moves the cursor. */
export function followOpening(
  compare: Signal<CompareSettings>,
  scene: ReadonlySignal<{ tracks: readonly [Track, Track]; pair: Pair }>,
): Opening {
  const opens = signal<OpensAt | undefined>(undefined);
  let put = -1;
  const move = (at: number): void => {
    put = at;
    if (compare.peek().at !== at) compare.value = { ...compare.peek(), at };
  };
  const stop = effect(() => {
    const { at } = compare.value;
    const { tracks, pair } = scene.value;
    if (opens.value === undefined) return;
    if (at !== put) opens.value = undefined;
    else move(placeOf(opens.value, tracks, pair));
  });
  return {
    open(at) {
      const { tracks, pair } = scene.peek();
      move(placeOf(at, tracks, pair));
      opens.value = at;
    },
    dispose: stop,
  };
}
