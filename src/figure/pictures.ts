// The pictures of a figure: each view in its own place, mounted for what the frames are of. Those in sight draw every
// frame, the others when a frame has come to rest or when they come into sight. Views that are loaded late join in.
import { effect, untracked, type ReadonlySignal } from '@preact/signals-core';
import type { Language } from '../words';
import { doLater } from './later';
import { atRest } from './rest';

/** A view that stands in its place, of kernels or of a paged cache. */
interface Mounted<F> {
  draw(frame: F): void;
  rest?(): void;
  dispose(): void;
}

interface AnyView<F> {
  id: string;
  title: Record<Language, string>;
  css: string;
  describe(frame: F, language: Language): string;
}

/** A view in an ordered list, or the way to get it. */
export interface PictureEntry<V> {
  id: string;
  view: V | (() => Promise<V>);
  /**
   * It writes on canvases of the page, for which the browser lays out what was changed by then: drawn before those that
   * change elements.
   */
  paints?: boolean;
}

/** Where a view stands, and where its name and its words for screen readers do. */
export interface Place {
  host: HTMLElement;
  title?: Element | null;
  words?: Element | null;
}

export interface PicturesEnv<F, V extends AnyView<F>, M extends Mounted<F>> {
  views: readonly PictureEntry<V>[];
  /** Where the view of an id stands; one without a place is left out. */
  place(id: string): Place | undefined;
  frame: ReadonlySignal<F | undefined>;
  /** What the frames are of: views are mounted anew for another. Undefined = there is nothing to mount them for yet. */
  of: ReadonlySignal<unknown>;
  mount(view: V, host: HTMLElement, later: (act: () => void) => void): M;
  /** Whether the picture of an id is shown: a small screen has one pane at a time. */
  shown?: ((id: string) => boolean) | undefined;
  language: Language;
  /** Makes a view's style sheet count where the figure stands. */
  adopt(css: string): void;
  /** Awaited before a view that is loaded late joins in. */
  ready?: Promise<unknown>;
  /** Called after each frame that all views have drawn. */
  drawn?: (() => void) | undefined;
}

export interface Pictures<M> {
  /** The first answer of the views, in the order in which they are drawn last. */
  ask<T>(question: (mounted: M) => T | undefined): T | undefined;
  stop(): void;
}

interface Picture<F, V, M> {
  view: V;
  paints: boolean;
  place: Place;
  mounted: M | undefined;
  after: ReturnType<typeof doLater>;
  /** Whether any of it is inside the window. */
  inSight: boolean;
  /** The frame it shows. */
  drawn: F | undefined;
}

/** A sliver at the window's edge shows nothing of a picture. */
const SIGHT: IntersectionObserverInit = { rootMargin: '-16px 0px' };
/** A frame has come to rest once it has stood so long: then it is described in words, and drawn where nobody looks. */
const REST_MS = 400;

/** Draws the views of `env` until `stop`. */
export function mountPictures<F, V extends AnyView<F>, M extends Mounted<F>>(env: PicturesEnv<F, V, M>): Pictures<M> {
  const pictures: Picture<F, V, M>[] = [];
  let over = false;
  let mountedFor: unknown;

  const mount = (picture: Picture<F, V, M>): void => {
    picture.after.stop();
    picture.mounted?.dispose();
    picture.drawn = undefined;
    picture.mounted = env.mount(picture.view, picture.place.host, picture.after.later);
  };
  const draw = (picture: Picture<F, V, M>, frame: F): void => {
    if (picture.drawn === frame) return;
    picture.drawn = frame;
    picture.mounted?.draw(frame);
  };
  const shown = ({ view }: Picture<F, V, M>): boolean => env.shown?.(view.id) ?? true;
  /** A fresh view draws at once, in sight or not: nothing is ever blank. */
  const wanted = (picture: Picture<F, V, M>): boolean => shown(picture) && (picture.inSight || !picture.drawn);
  /** The frame on screen, of what the views are mounted for. */
  const current = (): F | undefined => (env.of.peek() === mountedFor ? env.frame.peek() : undefined);
  const sight = new IntersectionObserver((entries) => {
    const frame = current();
    for (const { target, isIntersecting } of entries) {
      const picture = pictures.find(({ place }) => place.host === target);
      if (!picture) continue;
      picture.inSight = isIntersecting;
      if (frame && wanted(picture)) draw(picture, frame);
    }
  }, SIGHT);
  const rest = atRest(REST_MS, () => {
    const frame = current();
    if (!frame) return;
    for (const picture of pictures) if (shown(picture)) draw(picture, frame);
    for (const { mounted, drawn, place, view } of pictures) {
      if (drawn === frame) mounted?.rest?.();
      if (place.words) place.words.textContent = view.describe(frame, env.language);
    }
  });

  const join = ({ id, paints = false }: PictureEntry<V>, view: V): void => {
    const place = env.place(id);
    if (over || !place) return;
    env.adopt(view.css);
    if (place.title) place.title.textContent = view.title[env.language];
    const picture: Picture<F, V, M> = {
      view,
      paints,
      place,
      mounted: undefined,
      after: doLater(),
      inSight: true,
      drawn: undefined,
    };
    pictures.push(picture);
    pictures.sort((a, b) => Number(a.paints) - Number(b.paints));
    sight.observe(place.host);
    if (mountedFor === undefined || env.of.peek() !== mountedFor) return;
    mount(picture);
    const frame = current();
    if (!frame) return;
    if (shown(picture)) draw(picture, frame);
    // One that came after the frame had come to rest is described as well.
    rest.restart();
  };
  for (const entry of env.views) {
    const { view } = entry;
    if (typeof view === 'function') void Promise.all([view(), env.ready]).then(([made]) => join(entry, made));
    else join(entry, view);
  }

  const stop = effect(() => {
    const of = env.of.value;
    const frame = env.frame.value;
    // First of all, and in this very effect: what was mounted for another thing would compare this one with it.
    if (of !== undefined && of !== mountedFor) {
      mountedFor = of;
      untracked(() => pictures.forEach(mount));
    }
    // Followed for those, too, that have not joined yet.
    for (const { id } of env.views) env.shown?.(id);
    if (!frame) return;
    // From the end, where those stand that paint.
    untracked(() => pictures.toReversed().forEach((picture) => wanted(picture) && draw(picture, frame)));
    rest.restart();
    env.drawn?.();
  });
  return {
    ask(question) {
      for (const { mounted } of pictures) {
        const answer = mounted && question(mounted);
        if (answer !== undefined) return answer;
      }
      return undefined;
    },
    stop() {
      over = true;
      stop();
      rest.stop();
      sight.disconnect();
      for (const { after, mounted } of pictures) {
        after.stop();
        mounted?.dispose();
      }
    },
  };
}
