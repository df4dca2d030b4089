// The stage of a lesson: the figures of one place at a time, with a ring around what its sentence speaks of. A figure
// stays where the next place shows the same run in the same view: it only moves on.
import { batch, effect, signal, type ReadonlySignal } from '@preact/signals-core';
import { mountFigure, type FigureSpec } from '../../figure/figure';
import type { AnyFigure } from '../../figure/env';
import type { MountedKernel } from '../../figure/kernel-figure';
import type { MountedPaging, PagingResources } from '../../figure/paging/paging-figure';
import type { FigureEnv } from '../../figure/env';
import type { ModelResources } from '../../figure/model/model-figure';
import { formatModel, parseModel } from '../../figure/model/settings';
import type { Place, Ring } from '../../lessons/lesson';
import { element } from '../../ui/dom/element';
import { mountRing, placeOf, type RingTarget } from '../../views/shared/ring';
import { parseCursor } from '../shared/page-cursor';
import type { State } from './states';

export interface Stage {
  /** Shows a place; its state says where its figures stand. */
  show(place: Place, state: State): void;
  /** Whether the reader has moved a figure away from its place. */
  readonly touched: ReadonlySignal<boolean>;
  /** Puts the figures back. */
  reset(): void;
  /** The first figure's own step; false at an end. */
  step(direction: 1 | -1): boolean;
  dispose(): void;
}

interface Standing {
  key: string;
  figure: AnyFigure;
  host: HTMLElement;
  /** Puts it where its place says. */
  put(): void;
  ring?: MountedKernel['ring'];
  /** Whether the reader has moved it away from there. Reads signals. */
  moved(): boolean;
}

interface StageEnv {
  host: HTMLElement;
  /** Where the ring is put. */
  over: HTMLElement;
  figures: FigureEnv & PagingResources & ModelResources;
  /** Names of two figures side by side. */
  names: readonly [string, string];
}

/** Ms in which a figure that was just shown may still come to its place: afterwards the reader scrolls. */
const BRING_MS = 4000;

export function mountStage({ host, over, figures: env, names }: StageEnv): Stage {
  const touched = signal(false);
  let standing: Standing[] = [];
  let shown: { place: Place; state: State } | undefined;
  let stopFollowing = (): void => undefined;
  /** What every run is told apart by. */
  const keys = new WeakMap<object, number>();
  let made = 0;
  const keyOf = (thing: object): number => {
    const known = keys.get(thing) ?? ++made;
    keys.set(thing, known);
    return known;
  };
  /** One a figure: two runs side by side are spoken of together. */
  const rings = [mountRing(over), mountRing(over)];

  const kernel = (state: State, n: number, views: readonly string[], at: HTMLElement): Standing => {
    const { choice, run } = state.runs[n]!;
    const label = state.runs.length > 1 ? names[n] : undefined;
    const figure = mountFigure(
      at,
      { kind: 'kernel', choice, run, views, ...state.cursorOf(n), thread: state.at.thread, ...(label && { label }) },
      env,
    );
    const wanted = () => {
      const there = shown?.state.cursorOf(n);
      const pinned = shown?.state.runs.length === 1 ? shown.state.at.pinned : undefined;
      return { cursor: there?.cursor, row: there?.row, pinned };
    };
    /** The run may come later than the figure: only then it is known where it stands. */
    let placed = '';
    const one: Standing = {
      key: '',
      figure,
      host: at,
      ring: figure.ring,
      put() {
        const to = wanted();
        placed = JSON.stringify(to);
        batch(() => {
          figure.play(false);
          figure.state.cursor.value = to.cursor;
          figure.state.row.value = to.row;
          figure.state.pinned.value = to.pinned;
        });
      },
      moved() {
        const { cursor, row, pinned } = figure.state;
        const now = JSON.stringify({ cursor: cursor.value, row: row.value, pinned: pinned.value });
        void [run.trace.value, run.captures.value];
        const to = JSON.stringify(wanted());
        if (to !== placed) queueMicrotask(() => standing.includes(one) && one.put());
        return to === placed && now !== to;
      },
    };
    return one;
  };

  const paged = (state: State, views: readonly string[], at: HTMLElement): Standing => {
    const figure: MountedPaging = mountFigure(at, { kind: 'paging', settings: state.at.page, views }, env);
    const wanted = () => {
      const { index, request, pinned } = parseCursor(shown?.state.at.moment ?? '') ?? {
        index: undefined,
        request: undefined,
        pinned: {},
      };
      return { index, request, pinned };
    };
    return {
      key: '',
      figure,
      host: at,
      put: () => (figure.state.cursor.value = wanted()),
      moved: () => JSON.stringify(figure.state.cursor.value) !== JSON.stringify(wanted()),
    };
  };

  const ofModel = (place: Place, state: State, views: readonly string[], at: HTMLElement): Standing => {
    const { controls = [] } = place;
    const figure = mountFigure(at, { kind: 'model', settings: state.at.model ?? '', views, controls }, env);
    const wanted = () => parseModel(shown?.state.at.model ?? '').settings;
    return {
      key: '',
      figure,
      host: at,
      put: () => (figure.state.settings.value = wanted()),
      moved: () => formatModel(figure.state.settings.value) !== formatModel(wanted()),
    };
  };

  const own = (spec: FigureSpec, at: HTMLElement): Standing => ({
    key: '',
    figure: mountFigure(at, spec, env),
    host: at,
    put: () => undefined,
    moved: () => false,
  });

  /** What stands for a place, and the way to make it. */
  const wantedOf = (place: Place, state: State): { key: string; make(at: HTMLElement): Standing }[] => {
    const views = place.show.filter((one): one is string => typeof one === 'string');
    const specs = place.show.filter((one): one is FigureSpec => typeof one !== 'string');
    const ofViews =
      views.length === 0
        ? []
        : state.at.lab === 'page'
          ? [{ key: `page ${state.at.page} ${views.join()}`, make: (at: HTMLElement) => paged(state, views, at) }]
          : state.at.lab === 'model'
            ? [
                {
                  key: `model ${views.join()} ${place.controls?.join() ?? ''}`,
                  make: (at: HTMLElement) => ofModel(place, state, views, at),
                },
              ]
            : state.runs.map(({ run }, n) => ({
                key: `kernel ${keyOf(run)} ${views.join()} ${state.runs.length}`,
                make: (at: HTMLElement) => kernel(state, n, views, at),
              }));
    return [
      ...ofViews,
      ...specs.map((spec) => ({ key: `own ${keyOf(spec)}`, make: (at: HTMLElement) => own(spec, at) })),
    ];
  };

  const find = (wanted: Ring | undefined, n: number): RingTarget | undefined => {
    const one = standing[n];
    if (!wanted || !one) return undefined;
    if (wanted.of !== 'view' && wanted.of !== 'mark') return one.ring?.(wanted);
    const { id } = wanted;
    const there = one.host.querySelector(
      wanted.of === 'mark' ? `[data-ring="${CSS.escape(id)}"]` : `.pane-${id} > .host`,
    );
    return there ? { element: there } : undefined;
  };

  /** The part of the target that is in sight; nothing of it where it is scrolled away under the stage's edge. */
  const inSight = (target: RingTarget | undefined): RingTarget | undefined => {
    const place = target && placeOf(target);
    if (!target || !place) return undefined;
    const [all, whole] = [host.getBoundingClientRect(), target.element.getBoundingClientRect()];
    const [top, bottom] = [Math.max(place.top, all.top), Math.min(place.bottom, all.bottom)];
    const [left, right] = [Math.max(place.left, all.left), Math.min(place.right, all.right)];
    if (bottom - top < 8 || right - left < 8) return undefined;
    return {
      element: target.element,
      box: { x: left - whole.left, y: top - whole.top, w: right - left, h: bottom - top },
    };
  };

  const lightUp = (wanted: Ring | undefined): void => {
    const until = performance.now() + BRING_MS;
    rings.forEach((ring, n) => {
      let brought = n > 0;
      ring.around(() => {
        const target = find(wanted, n);
        if (target && !brought && placeOf(target) && performance.now() < until) {
          brought = true;
          bring(target);
        }
        return inSight(target);
      });
    });
  };
  /** Moves the stage alone, and only as far as it takes. */
  const bring = (target: RingTarget): void => {
    const place = placeOf(target);
    if (!place) return;
    const all = host.getBoundingClientRect();
    const edge = 12;
    if (place.top < all.top + edge || place.height > all.height) host.scrollTop += place.top - all.top - edge;
    else if (place.bottom > all.bottom - edge) host.scrollTop += place.bottom - all.bottom + edge;
  };

  const clear = ({ figure, host: at }: Standing): void => {
    figure.dispose();
    at.remove();
  };

  return {
    touched,
    show(place, state) {
      stopFollowing();
      shown = { place, state };
      const wanted = wantedOf(place, state);
      const before = standing;
      standing = [];
      for (const { key, make } of wanted) {
        const kept = before.find((one) => one.key === key);
        if (kept) {
          before.splice(before.indexOf(kept), 1);
          standing.push(kept);
          host.append(kept.host);
        } else {
          const at = host.appendChild(element('div', 'figure-host'));
          standing.push(Object.assign(make(at), { key }));
        }
      }
      before.forEach(clear);
      host.dataset['figures'] = String(standing.length);
      for (const one of standing) one.put();
      stopFollowing = effect(() => {
        touched.value = standing.map((one) => one.moved()).some(Boolean);
      });
      lightUp(place.ring);
    },
    reset() {
      for (const one of standing) one.put();
    },
    step: (direction) => standing[0]?.figure.step(direction) ?? false,
    dispose() {
      stopFollowing();
      standing.forEach(clear);
      standing = [];
      for (const ring of rings) ring.dispose();
    },
  };
}
