// The Step lab: lays the views out around one frame, feeds them, and turns what they report into state. Owns nothing else.
import { computed, effect, type ReadonlySignal } from '@preact/signals-core';
import { html, nothing, render } from 'lit';
import { PANES, type Pane, type ViewEntry } from '../../views';
import type { ViewEvents } from '../../views/view';
import type { Run } from '../../ops/run';
import { fittingTile, KERNELS, meantFor } from '../../kernels';
import type { Keyboard } from '../../ui/dom/keyboard';
import type { Theme } from '../../ui/palette';
import type { Language } from '../../words';
import type { StepActions, StepState } from './api';
import { bringTab } from '../shared/tabs';
import { createClock, STEP_MS } from '../../figure/clock';
import type { Onward } from './ending';
import type { Race } from '../shared/race';
import { mountInputs } from './inputs';
import { followViews, type Pictures } from './pictures';
import { listenForKeys } from '../../figure/keys';
import { followSpace } from './space';
import { speakStep, type Speech } from './speech';
import { createStage, type Stage } from './stage';
import { followStale } from './stale';
import { followMeter } from './tiles';
import { followTransport } from './transport';

export interface StepEnv {
  state: StepState;
  actions: StepActions;
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
  ring: Pictures['ring'];
  dispose(): void;
}

export function mountStep(host: HTMLElement, env: StepEnv): MountedStep {
  const { state, language } = env;
  const words = speakStep(language);
  const stage = createStage(state);
  const root = document.createElement('div');
  root.className = 'step-lab';
  host.append(root);
  render(skeleton(env.views, words), root);
  const find = (selector: string): HTMLElement => root.querySelector<HTMLElement>(selector) ?? root;

  const on = eventsOf(env, stage);
  const meter = document.createElement('div');
  const chip = document.createElement('div');
  const pictures = followViews(root, { ...env, stage, on });
  const ends = [
    followMeter(meter, state, language),
    mountInputs(find('.inputs'), { state, actions: env.actions, words, language, theme: env.theme, meter }),
    followPanes(root, state, words),
    followSpace(root, state, words),
    followStale(root, { state, actions: env.actions, words }),
    pictures.stop,
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
    followPending(env, stage),
    play(state, stage),
    keys(root, env, stage),
    followTiming(find('.timing-host'), chip, env),
    later(import('./tale').then(({ followTale }) => followTale(find('.tale'), language))),
  ];
  return {
    stage,
    ring: pictures.ring,
    dispose() {
      for (const end of ends) end();
      root.remove();
    },
  };
}

function skeleton(views: readonly ViewEntry[], words: Speech) {
  const place = ({ id, pane }: ViewEntry) =>
    html`<section class="pane pane-${id}" id="pane-${id}" data-pane=${pane} aria-labelledby="title-${id}">
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
      <div class="tale">
        <p class="story" id="story"></p>
        <button class="unfold" aria-controls="story" aria-expanded="false" hidden></button>
      </div>
    </section>
    <section class="pane pane-timing" id="pane-timing" data-pane="timing" aria-labelledby="title-timing">
      <h2 id="title-timing">${words.timingTitle}</h2>
      <div class="timing-host"></div>
    </section>`;
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

/** The tabs of small screens; style sheets decide whether they show. */
function followPanes(root: HTMLElement, state: StepState, words: Speech): () => void {
  const tabs = root.querySelector<HTMLElement>('.tabs') ?? root;
  return effect(() => {
    const shown = state.pane.value;
    root.dataset['shown'] = shown;
    for (const section of root.querySelectorAll<HTMLElement>('[data-pane]'))
      section.classList.toggle('shown', section.dataset['pane'] === shown);
    const tab = (pane: Pane) =>
      html`<button aria-pressed=${pane === shown} @click=${() => (state.pane.value = pane)}>${words[paneName[pane]]}</button>`;
    render(PANES.map(tab), tabs);
    bringTab(tabs);
  });
}

/** What a view reports, as state. */
function eventsOf({ state, actions }: StepEnv, stage: Stage): ViewEvents {
  const seekIn = (change: { workgroup?: number; phase?: number; line?: number }): void => {
    const at = stage.frame.peek()?.cursor;
    if (at) stage.seek({ pass: at.pass, workgroup: at.workgroup, phase: at.phase, ...change });
  };
  return {
    hover: (cell) => (state.hovered.value = cell),
    pin: (cell) => (state.pinned.value = cell),
    row: (row) => stage.toRow(row),
    workgroup: (workgroup) => seekIn({ workgroup }),
    phase: (phase) => seekIn({ phase }),
    line: (line) => seekIn({ line }),
    thread: (thread) => (state.thread.value = thread),
    mask: (mask) => actions.choose({ mask }),
  };
}

/** Asks for what the cursor needs and the trace lacks: the workgroup, or its log of the chosen thread. */
function followPending({ state, actions }: StepEnv, stage: Stage): () => void {
  return effect(() => {
    const frame = stage.frame.value;
    if (!frame) return;
    const thread = state.thread.value;
    const log = frame.workgroup?.lines;
    if (frame.workgroup && log?.invocation === thread) return;
    actions.fetchWorkgroup(frame.cursor.pass, frame.cursor.workgroup, thread);
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

/** Runs the clock while something plays. */
function play(state: StepState, stage: Stage): () => void {
  const clock = createClock(
    () => STEP_MS[state.granularity.peek()] / state.speed.peek(),
    // Only what the next step needs is waited for: by line that is the thread's log, else the workgroup.
    () => (state.granularity.peek() === 'line' && state.pending.peek()) || stage.frame.peek()?.workgroup === undefined,
    () => {
      if (!stage.go(1)) state.playing.value = false;
    },
  );
  const stop = effect(() => (state.playing.value ? clock.start() : clock.stop()));
  return () => {
    stop();
    clock.stop();
  };
}

function keys(root: HTMLElement, { state, keyboard, help }: StepEnv, stage: Stage): () => void {
  return listenForKeys(keyboard, root, {
    togglePlay: () => (state.playing.value = !state.playing.peek()),
    go: (direction, by) => void stage.go(direction, by),
    toEdge: (direction) => stage.toEdge(direction),
    row: (by) => {
      const row = stage.frame.peek()?.gaze.row;
      if (row !== undefined) stage.toRow(row + by);
    },
    workgroup: (direction) => stage.toWorkgroup(direction),
    unpin: () => (state.pinned.value = undefined),
    help,
  });
}

/** The kernels meant for the shape on screen, and the one shown with its own tile; undefined while nothing can run. */
export const racedRuns = (state: StepState): ReadonlySignal<readonly Run[] | undefined> =>
  computed(() => {
    const shown = state.trace.value?.header.run;
    const limits = state.limits.value;
    if (!shown || !limits) return undefined;
    return KERNELS.filter((card) => card.id === shown.kernel || meantFor(card, shown.shape)).map((card) => {
      const base = { kernel: card.id, shape: shown.shape };
      return { ...base, tile: card.id === shown.kernel ? shown.tile : fittingTile(card, base, limits) };
    });
  });

/** The timing strip, and its result in one line in the transport. Both come after the pictures. */
function followTiming(host: HTMLElement, chip: HTMLElement, { race, language, adopt, state }: StepEnv): () => void {
  let ends: (() => void)[] | undefined = [];
  const toStrip = (): void => {
    state.pane.value = 'timing';
    host.closest('section')?.scrollIntoView({ block: 'nearest' });
  };
  void Promise.all([import('../shared/timing'), import('../shared/timing.css?inline')]).then(([{ mountTiming, mountTimingChip }, css]) => {
    if (!ends) return;
    adopt(css.default);
    ends.push(mountTiming(host, race, language), mountTimingChip(chip, race, language, toStrip));
  });
  return () => {
    for (const end of ends ?? []) end();
    ends = undefined;
  };
}
