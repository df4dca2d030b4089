// The Step lab: lays the views out around one frame, feeds them, and turns what they report into state. Owns nothing
// else.
import { computed, effect, signal, type ReadonlySignal } from '@preact/signals-core';
import { html, nothing, render } from 'lit';
import { PANES, type Pane, type ViewEntry } from '../../views';
import type { Run } from '../../ops/run';
import type { Keyboard } from '../../ui/dom/keyboard';
import type { Theme } from '../../ui/palette';
import type { Language } from '../../words';
import type { StepActions, StepState } from './api';
import { bringTab } from '../shared/tabs';
import type { InputsEnv } from './bar';
import type { Onward } from './ending';
import type { Race } from '../shared/race';
import type { runsBeside } from '../shared/raced';
import { mountInputs } from './inputs';
import { followNarrow } from '../shared/narrow';
import { followSpace } from './space';
import { speakStep, type Speech } from './speech';
import { mountKernel, type KernelFigure } from '../../figure/kernel';
import type { Place } from '../../figure/pictures';
import type { Stage } from '../../figure/stage';
import { followTransport } from './transport';

export interface StepEnv {
  state: StepState;
  actions: StepActions;
  /** Those of the op that is shown. */
  views: readonly ViewEntry[];
  /** Makes a view's style sheet count in the shadow root. */
  adopt(css: string): void;
  /** Made once, so that its result outlives a change of language or theme. */
  race: Race;
  language: Language;
  theme: Theme;
  /** Gives each figure its keys. */
  keyboard: Keyboard;
  /** Opens the key map. */
  help(): void;
  /** Goes on to another lab with the same run. */
  onward(to: Onward): void;
  /** Called after each frame that all views have drawn. */
  drawn?: () => void;
}

export interface MountedStep {
  stage: Stage;
  ring: KernelFigure['ring'];
  dispose(): void;
}

export function mountStep(host: HTMLElement, env: StepEnv): MountedStep {
  const { state, language } = env;
  const words = speakStep(language);
  const root = document.createElement('div');
  root.className = 'step-lab';
  host.append(root);
  render(skeleton(env.views, words), root);
  const find = (selector: string): HTMLElement => root.querySelector<HTMLElement>(selector) ?? root;

  const meter = document.createElement('div');
  const tiles: InputsEnv['tiles'] = signal(undefined);
  const chip = document.createElement('div');
  const { narrow, stop } = followNarrow();
  const figure = mountKernel(root, state, {
    ...env,
    place: (id) => placeIn(root, id),
    shown: (id) => {
      const pane = env.views.find((entry) => entry.id === id)?.pane;
      return !narrow.value || paneShown(state, env.views) === pane;
    },
    motion: () => !matchMedia('(prefers-reduced-motion: reduce)').matches,
    fetch: env.actions.fetchWorkgroup,
    mask: (mask) => env.actions.choose({ mask }),
  });
  const { stage, on } = figure;
  const ends = [
    later(
      import('./tiles').then((late) => {
        env.adopt(late.meterCss);
        tiles.value = late;
        return late.followMeter(meter, state, language);
      }),
    ),
    mountInputs(find('.inputs'), { state, actions: env.actions, words, language, theme: env.theme, meter, tiles }),
    followPanes(root, state, words, env.views),
    followSpace(root, state, words),
    later(import('./stale').then(({ followStale }) => followStale(root, { state, actions: env.actions, words }))),
    stop,
    figure.dispose,
    followTransport(find('.strip'), find('.story'), {
      state,
      stage,
      language,
      theme: env.theme,
      words,
      on,
      guest: chip,
      onward: env.onward,
    }),
    later(import('./exports').then(({ followExports }) => followExports(find('.exports'), state, language))),
    followTiming(find('.timing-host'), chip, env),
    later(import('./story-fold').then(({ followStoryFold }) => followStoryFold(find('.story-fold'), language))),
  ];
  return {
    stage,
    ring: figure.ring,
    dispose() {
      for (const end of ends) end();
      root.remove();
    },
  };
}

function skeleton(views: readonly ViewEntry[], words: Speech) {
  const place = ({ id, pane }: ViewEntry) =>
    html`<section class="pane pane-${pane}" id="pane-${id}" data-pane=${pane} aria-labelledby="title-${id}">
      <h2 id="title-${id}"></h2>
      <p class="sr-only" data-describes=${id}></p>
      <div class="host" data-view=${id}></div>
      ${id === 'buffers' ? html`<div class="exports"></div>` : nothing}
    </section>`;
  return html`<section class="inputs" data-pane="inputs" aria-label=${words.input}></section>
    <div class="tabs" role="group" aria-label=${words.paneTabs}></div>
    ${views.map(place)}
    <section class="deck" aria-label=${words.transport}>
      <div class="strip"></div>
      <div class="story-fold">
        <p class="story" id="story"></p>
        <button class="unfold" aria-controls="story" aria-expanded="false" hidden></button>
      </div>
    </section>
    <section class="pane pane-timing" id="pane-timing" data-pane="timing" aria-labelledby="title-timing">
      <h2 id="title-timing">${words.timingTitle}</h2>
      <div class="timing-host"></div>
    </section>`;
}

/** Where a view stands in its pane. */
function placeIn(root: HTMLElement, id: string): Place | undefined {
  const host = root.querySelector<HTMLElement>(`[data-view="${id}"]`);
  return host
    ? { host, title: root.querySelector(`#title-${id}`), words: root.querySelector(`[data-describes="${id}"]`) }
    : undefined;
}

const paneName = {
  cross: 'paneCross',
  memory: 'paneMemory',
  space: 'paneSpace',
  softmax: 'paneSoftmax',
  source: 'paneSource',
  explain: 'paneExplain',
  buffers: 'paneBuffers',
  mask: 'paneMask',
  timing: 'paneTiming',
  inputs: 'input',
} as const satisfies Record<Pane, keyof Speech>;

/** Panes that are the lab's own. */
const OWN: readonly Pane[] = ['inputs', 'timing'];

/** The pane on a small screen; the main picture in place of one that this op has not. */
const paneShown = ({ pane }: StepState, views: readonly ViewEntry[]): Pane =>
  OWN.includes(pane.value) || views.some((entry) => entry.pane === pane.value) ? pane.value : 'cross';

/** The tabs of small screens; style sheets decide whether they show. */
function followPanes(root: HTMLElement, state: StepState, words: Speech, views: readonly ViewEntry[]): () => void {
  const tabs = root.querySelector<HTMLElement>('.tabs') ?? root;
  const panes = PANES.filter((pane) => OWN.includes(pane) || views.some((entry) => entry.pane === pane));
  return effect(() => {
    const shown = paneShown(state, views);
    root.dataset['shown'] = shown;
    for (const section of root.querySelectorAll<HTMLElement>('[data-pane]'))
      section.classList.toggle('shown', section.dataset['pane'] === shown);
    const tab = (pane: Pane) =>
      html`<button aria-pressed=${pane === shown} @click=${() => (state.pane.value = pane)}>${words[paneName[pane]]}</button>`;
    render(panes.map(tab), tabs);
    bringTab(tabs);
  });
}

/** A part that comes after the pictures: it ends with the lab, also when the lab has gone before it was there. */
function later(mounting: Promise<() => void>): () => void {
  let gone = false;
  let end: (() => void) | undefined;
  void mounting.then((mounted) => {
    end = mounted;
    if (gone) mounted();
  });
  return () => {
    gone = true;
    end?.();
  };
}

/** What the timing strip races; undefined while nothing can run, and until the kernels have come. */
export function racedRuns(state: StepState): ReadonlySignal<readonly Run[] | undefined> {
  const raced = signal<typeof runsBeside | undefined>(undefined);
  void import('../shared/raced').then((late) => (raced.value = late.runsBeside));
  return computed(() => {
    const shown = state.trace.value?.header.run;
    const limits = state.limits.value;
    const runs = shown && limits && raced.value?.(shown, limits);
    return runs && runs.length > 0 ? runs : undefined;
  });
}

/** The timing strip, and its result in one line in the transport. Both come after the pictures. */
function followTiming(host: HTMLElement, chip: HTMLElement, { race, language, adopt, state }: StepEnv): () => void {
  let ends: (() => void)[] | undefined = [];
  const toStrip = (): void => {
    state.pane.value = 'timing';
    host.closest('section')?.scrollIntoView({ block: 'nearest' });
  };
  void Promise.all([import('../shared/timing'), import('../shared/timing.css?inline')]).then(
    ([{ mountTiming, mountTimingChip }, css]) => {
      if (!ends) return;
      adopt(css.default);
      ends.push(mountTiming(host, race, language), mountTimingChip(chip, race, language, toStrip));
    },
  );
  return () => {
    for (const end of ends ?? []) end();
    ends = undefined;
  };
}
