// A first visit: what the page is, above the Step lab, until it was used or closed once; the tour; and the ways of the
// focus past and out of both.
import { effect, signal, untracked, type ReadonlySignal } from '@preact/signals-core';
import type { TemplateResult } from 'lit';
import type { LabActions, LabId, LabState, MountedLab } from '../../labs/lab';
import type { Language } from '../../words';
import { hero } from './hero';
import type { saving as Saving } from './hero-saving';
import { languageOf, type State } from '../state';
import { readVisit } from './visit';

export interface WelcomeEnv {
  state: LabState & Pick<State, 'language' | 'device'>;
  actions: LabActions;
  /** What the page is rendered into. */
  root(): HTMLElement | DocumentFragment;
  /** Resolves when what was changed is on the page. */
  rendered(): Promise<unknown>;
  lab(): MountedLab | undefined;
  adopt(css: string): void;
}

export interface Welcome {
  /** Whether the words of a first visit are on screen. */
  readonly shown: ReadonlySignal<boolean>;
  /** What says how much tiling saves, once it is loaded. */
  readonly saving: ReadonlySignal<typeof Saving | undefined>;
  hero(language: Language): TemplateResult;
  /** Brings the words back, above the Step lab. */
  home(): void;
  /** Past all that stands before them, to the controls that start something. */
  skip(event: Event): void;
  /** The words go where another lab is chosen; until the returned function is called. */
  follow(): () => void;
  /** Ends the tour, if one is under way. */
  leave(): void;
}

/** A link says what it opens: only a plain address is a first visit. */
export function createWelcome({ state, actions, root, rendered, lab, adopt }: WelcomeEnv): Welcome {
  const visit = readVisit();
  const shown = signal(location.hash.length <= 1 && visit.first);
  let tour: (() => void) | undefined;
  const saving = signal<typeof Saving | undefined>(undefined);
  /** The number of a first visit comes after the first picture. */
  const count = (): void => {
    if (shown.value && state.trace.value && !saving.peek())
      import('./hero-saving').then((late) => (saving.value = late.saving), actions.report);
  };
  const find = (selector: string): HTMLElement | null => root().querySelector<HTMLElement>(selector);
  const toControls = (): void => {
    const target = find('main :is(.play, .pause, .start, .step-card.active, .lesson-card)');
    target?.focus();
    target?.scrollIntoView({ block: 'nearest' });
  };
  /** They go for good; the focus goes to the controls if they had it. */
  const enter = (): void => {
    if (!shown.peek()) return;
    visit.over();
    const held = find('.hero :focus') !== null;
    shown.value = false;
    if (held && state.lab.peek() === 'step') void rendered().then(toControls);
  };
  const over = (to: LabId): void => {
    tour = undefined;
    state.lab.value = to;
    void rendered().then(() => (to === 'step' ? toControls() : find('nav [aria-current=page]')?.focus()));
  };
  const startTour = (): void => {
    enter();
    import('../../labs/tour/tour').then((module) => {
      const host = find('.tour-host');
      if (!host) return;
      tour?.();
      tour = module.startTour({
        host,
        state,
        language: () => languageOf(state.language.value),
        choose: actions.choose,
        lab,
        adopt,
        over,
      });
    }, actions.report);
  };
  return {
    shown,
    saving,
    hero(language) {
      const device = state.device.value;
      const run = state.trace.value?.header.run;
      return hero(
        language,
        {
          learn: () => (state.lab.value = 'learn'),
          tour: startTour,
          explore: enter,
          measure: () => (state.lab.value = 'time'),
          close: enter,
        },
        {
          software: device.kind === 'none' || (device.kind === 'ready' && device.software),
          saving: run && saving.value?.(run, language),
        },
      );
    },
    home() {
      tour?.();
      state.lab.value = 'step';
      shown.value = true;
      void rendered().then(() => {
        scrollTo(0, 0);
        find('.hero h1')?.focus();
      });
    },
    skip(event) {
      event.preventDefault();
      toControls();
    },
    follow() {
      const ends = [
        effect(() => {
          if (state.lab.value !== 'step') untracked(enter);
        }),
        effect(count),
      ];
      return () => ends.forEach((end) => end());
    },
    leave: () => tour?.(),
  };
}
