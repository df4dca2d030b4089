// The Step lab: lays the views out around one frame, feeds them, and turns what they report into state. Owns nothing else.
import { batch, effect, signal } from '@preact/signals-core';
import { html, render } from 'lit';
import type { Frame } from '../../capture/frame-types';
import type { MountedView, View, ViewEvents } from '../../views/view';
import type { Theme } from '../../views/palette';
import type { Language } from '../../words';
import { panes, type Pane, type StepActions, type StepState } from './api';
import { createClock, STEP_MS } from './clock';
import { mountInputs } from './inputs';
import { listenForKeys } from './keys';
import { speakStep, type Speech } from './speech';
import { createStage, type Stage } from './stage';
import { followMeter } from './tiles';
import { followTransport } from './transport';

export interface StepEnv {
  state: StepState;
  actions: StepActions;
  views: readonly View[];
  language: Language;
  theme: Theme;
  /** Opens the key map. */
  help(): void;
  /** Puts the timing strip into its place; absent while there is none. */
  mountTiming?: (host: HTMLElement) => () => void;
  /** Called after each frame that all views have drawn. */
  drawn?: () => void;
}

export interface MountedStep {
  stage: Stage;
  dispose(): void;
}

/** Which pane a view's place belongs to on a small screen. */
const paneOf: Record<string, Pane> = { cross: 'cross', memory: 'memory', softmax: 'softmax', source: 'source', explain: 'source', buffers: 'buffers' };

/** One pane at a time below this width. */
const NARROW = '(max-width: 799px)';

export function mountStep(host: HTMLElement, env: StepEnv): MountedStep {
  const { state, language } = env;
  const words = speakStep(language);
  const stage = createStage(state);
  const root = document.createElement('div');
  root.className = 'step-lab';
  host.append(root);
  render(skeleton(env.views, language, words), root);
  const find = (selector: string): HTMLElement => root.querySelector<HTMLElement>(selector) ?? root;

  const meter = document.createElement('div');
  const ends = [
    followMeter(meter, state, language),
    mountInputs(find('.inputs'), { state, actions: env.actions, words, language, theme: env.theme, meter }),
    followPanes(root, state, words),
    followViews(root, env, stage),
    followTransport(find('.strip'), find('.story'), { state, stage, language, theme: env.theme, words, on: eventsOf(state, stage) }),
    followPending(env, stage),
    play(state, stage),
    keys(env, stage),
  ];
  if (env.mountTiming) ends.push(env.mountTiming(find('.timing-host')));
  return {
    stage,
    dispose() {
      for (const end of ends) end();
      root.remove();
    },
  };
}

function skeleton(views: readonly View[], language: Language, words: Speech) {
  const pane = (view: View) =>
    html`<section class="pane pane-${view.id}" id="pane-${view.id}" data-pane=${paneOf[view.id] ?? 'source'} aria-labelledby="title-${view.id}">
      <h2 id="title-${view.id}">${view.title[language]}</h2>
      <p class="sr-only" data-describes=${view.id}></p>
      <div class="host" data-view=${view.id}></div>
    </section>`;
  return html`<section class="inputs" aria-label=${words.input}></section>
    <div class="tabs" role="group" aria-label=${words.paneTabs}></div>
    ${views.map(pane)}
    <section class="transport" aria-label=${words.transport}>
      <div class="strip"></div>
      <p class="story"></p>
    </section>
    <section class="pane pane-timing" id="pane-timing" data-pane="timing" aria-labelledby="title-timing">
      <h2 id="title-timing">${words.timingTitle}</h2>
      <div class="timing-host"></div>
    </section>`;
}

const paneName = {
  cross: 'paneCross',
  memory: 'paneMemory',
  softmax: 'paneSoftmax',
  source: 'paneSource',
  buffers: 'paneBuffers',
  timing: 'paneTiming',
} as const satisfies Record<Pane, keyof Speech>;

/** The tabs of small screens; style sheets decide whether they show. */
function followPanes(root: HTMLElement, state: StepState, words: Speech): () => void {
  const tabs = root.querySelector<HTMLElement>('.tabs') ?? root;
  return effect(() => {
    const shown = state.pane.value;
    root.dataset['shown'] = shown;
    for (const section of root.querySelectorAll<HTMLElement>('[data-pane]')) section.classList.toggle('shown', section.dataset['pane'] === shown);
    const tab = (pane: Pane) =>
      html`<button aria-pressed=${pane === shown} @click=${() => (state.pane.value = pane)}>${words[paneName[pane]]}</button>`;
    render(panes.map(tab), tabs);
  });
}

/** What a view reports, as state. */
function eventsOf(state: StepState, stage: Stage): ViewEvents {
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
    thread: (thread) =>
      batch(() => {
        state.thread.value = thread;
      }),
  };
}

/** Mounts the views for each new trace and draws every frame into those that are to be seen. */
function followViews(root: HTMLElement, env: StepEnv, stage: Stage): () => void {
  const { state, language, theme } = env;
  const media = matchMedia(NARROW);
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  const narrow = signal(media.matches);
  const onMedia = (): void => {
    narrow.value = media.matches;
  };
  media.addEventListener('change', onMedia);
  const on = eventsOf(state, stage);
  let mounted: { view: View; picture: MountedView }[] = [];
  const unmount = (): void => {
    for (const { picture } of mounted) picture.dispose();
    mounted = [];
  };
  let describing: ReturnType<typeof setTimeout> | undefined;
  const describe = (frame: Frame): void => {
    clearTimeout(describing);
    describing = setTimeout(() => {
      for (const view of env.views) {
        const place = root.querySelector(`[data-describes="${view.id}"]`);
        if (place) place.textContent = view.describe(frame, language);
      }
    }, 400);
  };

  const stopMounting = effect(() => {
    const trace = state.trace.value;
    unmount();
    if (!trace) return;
    const viewEnv = { trace, language, theme, motion: !still.matches, on };
    mounted = env.views.flatMap((view) => {
      const place = root.querySelector<HTMLElement>(`[data-view="${view.id}"]`);
      return place ? [{ view, picture: view.mount(place, viewEnv) }] : [];
    });
  });
  const stopDrawing = effect(() => {
    const frame = stage.frame.value;
    const only = narrow.value ? state.pane.value : undefined;
    if (!frame) return;
    for (const { view, picture } of mounted) if (only === undefined || paneOf[view.id] === only) picture.draw(frame);
    describe(frame);
    env.drawn?.();
  });
  return () => {
    stopDrawing();
    stopMounting();
    unmount();
    clearTimeout(describing);
    media.removeEventListener('change', onMedia);
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

/** Runs the clock while something plays. */
function play(state: StepState, stage: Stage): () => void {
  const clock = createClock(
    () => STEP_MS[state.granularity.peek()] / state.speed.peek(),
    () => state.pending.peek() || stage.frame.peek()?.workgroup === undefined,
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

function keys({ state, help }: StepEnv, stage: Stage): () => void {
  return listenForKeys({
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
