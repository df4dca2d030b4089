// The views of the lab: mounted for each trace, drawn for each frame, each in its own place. Views that are loaded late join in.
import { effect, signal, untracked } from '@preact/signals-core';
import type { Frame } from '../../capture/frame-types';
import type { Trace } from '../../capture/trace';
import type { Pane, ViewEntry } from '../../views/index';
import type { Theme } from '../../views/palette';
import type { MountedView, View, ViewEvents } from '../../views/view';
import type { Language } from '../../words';
import type { StepState } from './api';
import type { Stage } from './stage';

export interface PicturesEnv {
  state: StepState;
  stage: Stage;
  views: readonly ViewEntry[];
  language: Language;
  theme: Theme;
  on: ViewEvents;
  /** Makes a view's style sheet count in the shadow root. */
  adopt(css: string): void;
  /** Called after each frame that all views have drawn. */
  drawn?: (() => void) | undefined;
}

interface Picture {
  view: View;
  pane: Pane;
  mounted: MountedView | undefined;
}

/** One pane at a time below this width. */
const NARROW = '(max-width: 799px)';
/** A picture is described in words once it has stood still so long. */
const DESCRIBE_MS = 400;

/** Fills the places in `root` that carry `data-view`; returns the end of it all. */
export function followViews(root: HTMLElement, env: PicturesEnv): () => void {
  const { state, stage, language, theme, on } = env;
  const media = matchMedia(NARROW);
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  const narrow = signal(media.matches);
  const onMedia = (): void => {
    narrow.value = media.matches;
  };
  media.addEventListener('change', onMedia);
  const pictures: Picture[] = [];
  let over = false;
  let mountedFor: Trace | undefined;

  const mount = (picture: Picture, trace: Trace): void => {
    const place = root.querySelector<HTMLElement>(`[data-view="${picture.view.id}"]`);
    if (place) picture.mounted = picture.view.mount(place, { trace, language, theme, motion: !still.matches, on });
  };
  const seen = ({ pane }: Picture): boolean => !narrow.peek() || state.pane.peek() === pane;
  const describe = describer(root, language, pictures);

  const join = (entry: ViewEntry, view: View): void => {
    if (over) return;
    env.adopt(view.css);
    const title = root.querySelector(`#title-${view.id}`);
    if (title) title.textContent = view.title[language];
    const picture: Picture = { view, pane: entry.pane, mounted: undefined };
    pictures.push(picture);
    const frame = stage.frame.peek();
    if (!frame || frame.trace !== mountedFor) return;
    mount(picture, frame.trace);
    if (seen(picture)) picture.mounted?.draw(frame);
  };
  for (const entry of env.views) {
    if (typeof entry.view === 'function') void entry.view().then((view) => join(entry, view));
    else join(entry, entry.view);
  }

  const mountAll = (trace: Trace): void => {
    if (trace === mountedFor) return;
    mountedFor = trace;
    for (const picture of pictures) {
      picture.mounted?.dispose();
      mount(picture, trace);
    }
  };
  const stop = effect(() => {
    const frame = stage.frame.value;
    void [narrow.value, state.pane.value];
    if (!frame) return;
    untracked(() => mountAll(frame.trace));
    for (const picture of pictures) if (seen(picture)) picture.mounted?.draw(frame);
    describe.soon(frame);
    env.drawn?.();
  });
  return () => {
    over = true;
    stop();
    describe.stop();
    for (const { mounted } of pictures) mounted?.dispose();
    media.removeEventListener('change', onMedia);
  };
}

/** Puts each view's words for screen readers into its pane, when the picture has come to rest. */
function describer(root: HTMLElement, language: Language, pictures: readonly Picture[]): { soon(frame: Frame): void; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    soon(frame) {
      clearTimeout(timer);
      timer = setTimeout(() => {
        for (const { view } of pictures) {
          const place = root.querySelector(`[data-describes="${view.id}"]`);
          if (place) place.textContent = view.describe(frame, language);
        }
      }, DESCRIBE_MS);
    },
    stop: () => clearTimeout(timer),
  };
}
