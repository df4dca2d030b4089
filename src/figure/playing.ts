// Playback of a figure: its clock runs while its `playing` is true, and stops where there is nothing more to play.
import { effect, type ReadonlySignal, type Signal } from '@preact/signals-core';
import { createClock } from './clock';

export interface Playing {
  playing: Signal<boolean>;
  speed: ReadonlySignal<number>;
  /** Milliseconds that a step stands at speed 1. */
  stands(): number;
  /** Whether what the next step needs is still on its way. */
  waiting?(): boolean;
  /** One step; false at the end. */
  go(): boolean;
}

/** Plays until the returned function is called. */
export function followPlaying({ playing, speed, stands, waiting, go }: Playing): () => void {
  const clock = createClock(
    () => stands() / speed.peek(),
    () => waiting?.() ?? false,
    () => {
      if (!go()) playing.value = false;
    },
  );
  const stop = effect(() => (playing.value ? clock.start() : clock.stop()));
  return () => {
    stop();
    clock.stop();
  };
}
