// Mounts the views of the Page lab, anew for each simulation. Views that are in sight draw every frame, the others only
// once a frame rests.
import { effect, signal, untracked, type ReadonlySignal } from '@preact/signals-core';
import type { MountedPageView, PageFrame, PageView, PageViewEnv } from '../../views/paging/view';
import type { Language } from '../../words';
import { atRest } from './rest';
import type { PageStage } from './stage';
import { PAGE_VIEWS, type PagePane } from './views';

export interface PagePicturesEnv {
  stage: PageStage;
  language: Language;
  /** What a view is mounted with. */
  view: PageViewEnv;
  /** When this changes, all views are mounted anew. */
  simulation: ReadonlySignal<unknown>;
  adopt(css: string): void;
}

interface Picture {
  id: PagePane;
  view: PageView;
  host: HTMLElement;
  mounted: MountedPageView | undefined;
  inSight: boolean;
  drawn: PageFrame | undefined;
}

const NARROW = '(max-width: 799px)';
const SIGHT: IntersectionObserverInit = { rootMargin: '-16px 0px' };
/** A frame rests once it has been on screen for so long (ms). */
const REST_MS = 400;

/** Fills the panes in `root`. The returned function ends it. */
export function followPictures(root: HTMLElement, env: PagePicturesEnv): () => void {
  const { stage, language } = env;
  const media = matchMedia(NARROW);
  const narrow = signal(media.matches);
  const onMedia = (): void => {
    narrow.value = media.matches;
  };
  media.addEventListener('change', onMedia);
  const pictures: Picture[] = [];
  let over = false;

  const shown = ({ id }: Picture): boolean => !narrow.peek() || stage.cursor.peek().tab === id;
  const wanted = (picture: Picture): boolean => shown(picture) && (picture.inSight || !picture.drawn);
  const draw = (picture: Picture, frame: PageFrame): void => {
    if (picture.drawn === frame) return;
    picture.drawn = frame;
    picture.mounted?.draw(frame);
  };
  const mount = (picture: Picture): void => {
    picture.mounted?.dispose();
    picture.drawn = undefined;
    picture.mounted = picture.view.mount(picture.host, env.view);
  };
  const sight = new IntersectionObserver((entries) => {
    const frame = stage.frame.peek();
    for (const { target, isIntersecting } of entries) {
      const picture = pictures.find(({ host }) => host === target);
      if (!picture) continue;
      picture.inSight = isIntersecting;
      if (frame && wanted(picture)) draw(picture, frame);
    }
  }, SIGHT);
  const rest = atRest(REST_MS, () => {
    const frame = stage.frame.peek();
    if (!frame) return;
    for (const picture of pictures) {
      if (!shown(picture)) continue;
      draw(picture, frame);
      picture.mounted?.rest?.();
      const words = root.querySelector(`[data-describes="${picture.id}"]`);
      if (words) words.textContent = picture.view.describe(frame, language);
    }
  });

  for (const { id, load } of PAGE_VIEWS) {
    void load().then((view) => {
      const host = root.querySelector<HTMLElement>(`[data-view="${id}"]`);
      if (over || !host) return;
      env.adopt(view.css);
      const title = root.querySelector(`#page-title-${id}`);
      if (title) title.textContent = view.title[language];
      const picture: Picture = { id, view, host, mounted: undefined, inSight: true, drawn: undefined };
      pictures.push(picture);
      mount(picture);
      sight.observe(host);
      const frame = stage.frame.peek();
      if (frame && shown(picture)) draw(picture, frame);
      // A view that was loaded after the frame came to rest needs its description, too.
      rest.restart();
    });
  }
  let pictured = env.simulation.peek();
  const stop = effect(() => {
    const simulation = env.simulation.value;
    const frame = stage.frame.value;
    void [narrow.value, stage.cursor.value.tab];
    // Mounting comes first and in this same effect: a view mounted for another pool would compare that pool with this
    // one.
    if (simulation !== pictured) {
      pictured = simulation;
      untracked(() => pictures.forEach(mount));
    }
    if (!frame) return;
    untracked(() => {
      for (const picture of pictures) if (wanted(picture)) draw(picture, frame);
    });
    rest.restart();
  });
  return () => {
    over = true;
    stop();
    rest.stop();
    sight.disconnect();
    for (const { mounted } of pictures) mounted?.dispose();
    media.removeEventListener('change', onMedia);
  };
}
