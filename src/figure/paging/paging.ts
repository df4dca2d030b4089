// A living picture of a paged KV cache: the views of one moment, playback and keys, over a stage and a runner that
// whoever mounts it owns.
import { computed, effect, untracked, type ReadonlySignal, type Signal } from '@preact/signals-core';
import type { Keyboard } from '../../ui/dom/keyboard';
import type { MountedPageView, PageFrame, PageView, PageViewEnv } from '../../views/paging/view';
import { STEP_MS } from '../clock';
import { listenForKeys } from '../keys';
import { mountPictures, type PictureEntry, type PicturesEnv } from '../pictures';
import { followPlaying } from '../playing';
import type { Runner } from './runner';
import type { PageStage } from './stage';

export interface PagingEnv extends Pick<
  PicturesEnv<PageFrame, PageView, MountedPageView>,
  'place' | 'shown' | 'adopt'
> {
  stage: PageStage;
  runner: Runner;
  views: readonly PictureEntry<PageView>[];
  /** What a view is mounted with. */
  view: PageViewEnv;
  playing: Signal<boolean>;
  speed: ReadonlySignal<number>;
  keyboard: Keyboard;
  /** Opens the key map, where there is one. */
  help?: () => void;
}

/** Mounts the pictures; keys that are pressed in `root` are theirs. Returns the end of it all. */
export function mountPaging(root: HTMLElement, env: PagingEnv): () => void {
  const { stage, runner, views, place, shown, adopt, view, playing, speed, keyboard, help } = env;
  const pictures = mountPictures<PageFrame, PageView, MountedPageView>({
    views,
    place,
    shown,
    adopt,
    frame: stage.frame,
    // The views stand there empty until there is a simulation.
    of: computed(() => runner.run.value ?? null),
    mount: (picture, host) => picture.mount(host, view),
    language: view.language,
  });
  const ends = [
    pictures.stop,
    effect(() => {
      if (!runner.working.value) untracked(() => stage.arrive());
    }),
    followPlaying({
      playing,
      speed,
      stands: () => STEP_MS.phase,
      // At the end of what is simulated so far, it waits for more.
      waiting: () => runner.working.peek() && stage.frame.peek()?.moment.index === runner.length.peek(),
      go: () => stage.go(1),
    }),
    listenForKeys(keyboard, root, {
      togglePlay: () => (playing.value = !playing.peek()),
      go: (direction, by) => (by ? stage.toStatusChange(direction) : void stage.go(direction)),
      toEdge: (direction) => stage.toEdge(direction),
      row: (by) => stage.toRequest(by),
      workgroup: (direction) => stage.toStatusChange(direction),
      unpin: () => stage.move({ pinned: {} }),
      ...(help && { help }),
    }),
  ];
  return () => {
    for (const end of ends) end();
  };
}
