// The views of the lab: mounted for each trace, each in its own place. Those in sight draw every frame, the others when a frame has come
// to rest or when they come into sight. Views that are loaded late join in.
import { effect, signal, untracked } from '@preact/signals-core';
import { loadLate } from '../../frame/frame-now';
import type { Frame } from '../../frame/frame-types';
import type { Trace } from '../../trace/trace';
import type { Pane, ViewEntry } from '../../views';
import type { Theme } from '../../ui/palette';
import type { RingRef, RingTarget } from '../../views/shared/ring';
import type { MountedView, View, ViewEvents } from '../../views/view';
import type { Language } from '../../words';
import { doLater } from '../../figure/later';
import { atRest } from '../../figure/rest';
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
  paints: boolean;
  place: HTMLElement | null;
  mounted: MountedView | undefined;
  after: ReturnType<typeof doLater>;
  /** Whether any of it is inside the window. */
  inSight: boolean;
  /** The frame it shows. */
  drawn: Frame | undefined;
}

/** One pane at a time below this width. */
const NARROW = '(max-width: 799px)';
/** A sliver at the window's edge shows nothing of a picture. */
const SIGHT: IntersectionObserverInit = { rootMargin: '-16px 0px' };

export interface Pictures {
  /** Where a thing is, by the view that shows it. */
  ring(ref: RingRef): RingTarget | undefined;
  stop(): void;
}

/** Fills the places in `root` that carry `data-view`. */
export function followViews(root: HTMLElement, env: PicturesEnv): Pictures {
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
    picture.drawn = undefined;
    const { later } = picture.after;
    const given = { trace, language, theme, motion: !still.matches, on, later };
    picture.mounted = picture.place ? picture.view.mount(picture.place, given) : undefined;
  };
  const unmount = (picture: Picture): void => {
    picture.after.stop();
    picture.mounted?.dispose();
  };
  const draw = (picture: Picture, frame: Frame): void => {
    if (picture.drawn === frame) return;
    picture.drawn = frame;
    picture.mounted?.draw(frame);
  };
  const shown = ({ pane }: Picture): boolean => !narrow.peek() || state.pane.peek() === pane;
  /** A fresh view draws at once, in sight or not: nothing is ever blank. */
  const wanted = (picture: Picture): boolean => shown(picture) && (picture.inSight || !picture.drawn);
  const sight = new IntersectionObserver((entries) => {
    const frame = stage.frame.peek();
    for (const { target, isIntersecting } of entries) {
      const picture = pictures.find(({ place }) => place === target);
      if (!picture) continue;
      picture.inSight = isIntersecting;
      if (frame?.trace === mountedFor && frame && wanted(picture)) draw(picture, frame);
    }
  }, SIGHT);
  const rest = atRest((frame) => {
    for (const picture of pictures) if (shown(picture)) draw(picture, frame);
    for (const { mounted, drawn } of pictures) if (drawn === frame) mounted?.rest?.();
    describe(root, language, pictures, frame);
  });

  const join = (entry: ViewEntry, view: View): void => {
    if (over) return;
    env.adopt(view.css);
    const title = root.querySelector(`#title-${view.id}`);
    if (title) title.textContent = view.title[language];
    const place = root.querySelector<HTMLElement>(`[data-view="${view.id}"]`);
    const picture: Picture = {
      view,
      pane: entry.pane,
      paints: entry.paints ?? false,
      place,
      mounted: undefined,
      after: doLater(),
      inSight: true,
      drawn: undefined,
    };
    pictures.push(picture);
    pictures.sort((a, b) => Number(a.paints) - Number(b.paints));
    if (place) sight.observe(place);
    const frame = stage.frame.peek();
    if (!frame || frame.trace !== mountedFor) return;
    mount(picture, frame.trace);
    if (shown(picture)) draw(picture, frame);
  };
  for (const entry of env.views) {
    if (typeof entry.view === 'function') void Promise.all([entry.view(), loadLate()]).then(([view]) => join(entry, view));
    else join(entry, entry.view);
  }

  const mountAll = (trace: Trace): void => {
    if (trace === mountedFor) return;
    mountedFor = trace;
    for (const picture of pictures) {
      unmount(picture);
      mount(picture, trace);
    }
  };
  const stop = effect(() => {
    const frame = stage.frame.value;
    void [narrow.value, state.pane.value];
    if (!frame) return;
    untracked(() => mountAll(frame.trace));
    // From the end, where those stand that paint.
    for (const picture of pictures.toReversed()) if (wanted(picture)) draw(picture, frame);
    rest.soon(frame);
    env.drawn?.();
  });
  return {
    ring(ref) {
      for (const { mounted } of pictures) {
        const target = mounted?.ring?.(ref);
        if (target) return target;
      }
      return undefined;
    },
    stop() {
      over = true;
      stop();
      rest.stop();
      sight.disconnect();
      pictures.forEach(unmount);
      media.removeEventListener('change', onMedia);
    },
  };
}

/** Puts each view's words for screen readers into its pane. */
function describe(root: HTMLElement, language: Language, pictures: readonly Picture[], frame: Frame): void {
  for (const { view } of pictures) {
    const place = root.querySelector(`[data-describes="${view.id}"]`);
    if (place) place.textContent = view.describe(frame, language);
  }
}
