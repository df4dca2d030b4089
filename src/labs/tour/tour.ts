// The tour: six steps through the Step lab, in each one thing lit and one sentence. It moves the cursor as a visitor
// would; whatever it shows is the lab's.
import { batch, effect, signal, untracked } from '@preact/signals-core';
import type { Trace } from '../../trace/trace';
import { cardCss, mountCard } from '../../views/shared/sentence-card';
import { mountRing, placeOf, ringCss } from '../../views/shared/ring';
import { speak, type Language } from '../../words';
import type { LabId, LabState, MountedLab } from '../lab';
import { defaultChoice, sameProblem, type Choice } from '../../figure/choice';
import { tourOf, type TourStep } from './steps';
import { tourWords } from './tour.words';

export interface TourEnv {
  /** Where ring and card are put. */
  host: ParentNode & Node;
  state: LabState;
  language(): Language;
  /** Changes the problem: one step of undo. */
  choose(change: Choice): void;
  /** The lab on screen. */
  lab(): MountedLab | undefined;
  adopt(css: string): void;
  /** The tour is over; the visitor goes on in this lab. */
  over(to: LabId): void;
}

/** Keys of the tour; everything else stays with the page. */
const FORWARD = new Set(['ArrowRight', 'PageDown']);
const BACKWARD = new Set(['ArrowLeft', 'PageUp']);

/** What is typed into, or has arrows of its own. */
const own = 'input, textarea, select, dialog, [role="dialog"] a';

/** Starts the tour on the page's own passage; the function that is returned ends it without a word. */
export function startTour(env: TourEnv): () => void {
  const { state, host } = env;
  env.adopt(ringCss);
  env.adopt(cardCss);
  const index = signal(0);
  const ring = mountRing(host);
  const card = mountCard(host);
  const choice: Choice = { ...defaultChoice, passage: state.choice.peek().passage };
  let toured: Trace | undefined;
  let steps: readonly TourStep[] | undefined;
  /** The steps of the trace on screen; the recording stands in until this device's own is there. */
  const stepsOf = (trace: Trace | undefined): readonly TourStep[] | undefined => {
    if (trace !== toured) {
      toured = trace;
      steps = trace && tourOf(trace);
    }
    return steps;
  };

  const close = (): void => {
    stop();
    removeEventListener('keydown', onKey, true);
    ring.dispose();
    card.dispose();
  };
  const leave = (to: LabId = 'step'): void => {
    close();
    // The row was the tour's choice, not the visitor's.
    state.row.value = undefined;
    env.over(to);
  };
  const go = (by: 1 | -1): void => {
    const to = index.peek() + by;
    if (steps && to >= 0 && to < steps.length) index.value = to;
  };

  const stand = (step: TourStep): void => {
    batch(() => {
      state.playing.value = false;
      state.pinned.value = undefined;
      state.hovered.value = undefined;
      if (state.space.peek() === 'on') state.space.value = 'flat';
      state.granularity.value = 'phase';
      state.cursor.value = step.cursor;
      state.row.value = step.row;
      state.pane.value = step.pane;
    });
    let fresh = true;
    // The step's own pictures are drawn, and what is over them grows, in the frames that come.
    const settled = performance.now() + 500;
    let picture: Element | null | undefined;
    ring.around(
      () => {
        const target = env.lab()?.ring?.(step.ring);
        if (target && placeOf(target) && (fresh || performance.now() < settled)) {
          if (fresh) target.element.scrollIntoView({ block: 'nearest' });
          fresh = false;
          clear();
        }
        picture = target?.element.closest('.pane');
        return target;
      },
      (place) => card.beside(place, picture?.getBoundingClientRect()),
    );
  };
  /** What is lit comes out from under what lies over the bottom: on small screens the card, else the transport. */
  const clear = (): void => {
    const target = env.lab()?.ring?.(steps?.[index.peek()]?.ring ?? { of: 'row' });
    const place = target && placeOf(target);
    const small = matchMedia('(max-width: 799px)').matches;
    const over = small ? card.element : lid(target?.element.closest('.step-lab'));
    if (!place || !over) return;
    const [top, head] = [over.getBoundingClientRect().top - 16, small ? 60 : 12];
    if (small || place.bottom > top) scrollBy(0, Math.min(place.bottom - top, place.top - head));
  };
  /** The part of the transport that stays over the pictures. */
  const lid = (lab: Element | null | undefined): Element | null | undefined =>
    lab?.querySelector(matchMedia('(max-width: 1279px)').matches ? '.deck .strip' : '.deck');

  const show = (): void => {
    const words = speak(tourWords, env.language());
    const all = stepsOf(state.trace.value);
    const at = index.value;
    const step = all?.[at];
    const exit = { label: words.leave, key: 'Esc', act: () => leave() };
    if (!all || !step)
      return card.show({ title: words.title, place: '', sentence: words.waiting, from: '', ways: [], leave: exit });
    const last = at === all.length - 1;
    const provenance = state.trace.value?.header.provenance;
    card.show({
      title: words.title,
      place: words.place(at + 1, all.length),
      sentence: step.say(env.language()),
      from:
        provenance === 'this-device'
          ? words.fromHere
          : provenance === 'interpreter'
            ? words.fromInterpreter
            : words.fromRecording,
      back: at > 0 ? { label: words.back, act: () => go(-1) } : undefined,
      ways: last
        ? [
            { label: words.measure, act: () => leave('time') },
            { label: words.compare, act: () => leave('compare') },
          ]
        : [{ label: words.next, act: () => go(1) }],
      leave: last ? { label: words.explore, act: () => leave() } : exit,
    });
    untracked(() => stand(step));
    return undefined;
  };

  const onKey = (event: KeyboardEvent): void => {
    const target = event.composedPath()[0];
    if (event.ctrlKey || event.altKey || event.metaKey || (target instanceof Element && target.closest(own))) return;
    if (event.key === 'Escape') leave();
    else if (FORWARD.has(event.key)) go(1);
    else if (BACKWARD.has(event.key)) go(-1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  batch(() => {
    state.lab.value = 'step';
    if (state.file.peek() !== undefined || !sameProblem(state.choice.peek(), choice)) env.choose(choice);
  });
  addEventListener('keydown', onKey, true);
  let before = -1;
  const stop = effect(() => {
    show();
    // Another lab, another kernel, a file, Back: the visitor has gone elsewhere.
    const elsewhere =
      state.lab.value !== 'step' || state.file.value !== undefined || !sameProblem(state.choice.value, choice);
    if (elsewhere) queueMicrotask(close);
    if (index.value !== before) card.focus();
    before = index.value;
  });
  return close;
}
