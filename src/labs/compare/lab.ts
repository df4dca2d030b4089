// The Compare lab: two real runs side by side on one cursor, gone through by phase, by share of the work or by bytes
// requested, with what differs in numbers.
import { computed, effect, type ReadonlySignal } from '@preact/signals-core';
import { html, render } from 'lit';
import type { Cursor } from '../../frame/frame-types';
import type { Shape } from '../../ops/attention/shape';
import { mountMarks } from '../../ui/dom/mark';
import type { ViewEvents } from '../../views/view';
import { chartCss } from '../../views/charts/chart';
import { createCaptured } from '../../figure/captured';
import type { Choice } from '../../figure/choice';
import { listenForKeys } from '../../figure/keys';
import type { LabEnv, MountedLab } from '../lab';
import { createTunedStore } from '../shared/tuned-store';
import css from './compare.css?inline';
import { followDeck } from './deck';
import { followOpening } from './opening';
import { followPictures } from './pictures';
import { followPresets } from './presets';
import { sceneOf, SIDES, type Scene, type SideIndex, type Two } from './scene';
import { mountSide, type Side, type SideChange } from './side';
import { speakCompare, type CompareSpeech } from './speech';
import { followTuned } from './tuned-line';
import { choiceOfVersus, type Versus } from '../shared/versus';

export function mountCompare(host: HTMLElement, env: LabEnv): MountedLab {
  const { state, actions, language, adopt } = env;
  const words = speakCompare(language);
  adopt(chartCss);
  adopt(css);
  const tuned = env.keep('tuned', () => createTunedStore(env.session));
  const other = env.keep('compare.other', () => createCaptured(actions.captureBeside));
  const root = document.createElement('div');
  root.className = 'compare-lab';
  host.append(root);
  render(skeleton(words), root);
  const find = (selector: string): HTMLElement => root.querySelector<HTMLElement>(selector) ?? root;

  const second = computed((): Choice => choiceOfVersus(state.choice.value, state.versus.value));
  const scene = sceneOf(env, other);
  const position = computed(() => Math.max(0, Math.min(state.stop.value, scene.value.pair.length - 1)));
  const seek = (at: number): void => {
    state.stop.value = Math.max(0, Math.min(scene.peek().pair.length - 1, at));
  };
  const opening = followOpening(state.stop, scene);
  const go = (by: number): boolean => {
    const from = position.peek();
    seek(from + by);
    return position.peek() !== from;
  };
  const change = (side: SideIndex, to: SideChange): void => {
    if (side === 0) return actions.choose('kernel' in to ? { ...to, tile: undefined } : to);
    const { tile: _, ...rest } = state.versus.peek();
    const base: Versus = 'kernel' in to ? rest : state.versus.peek();
    const scored = 'softcap' in to && { softcap: to.softcap ?? 'off', alibi: to.alibi ?? false };
    // An empty one stands for the other kernel: from now on it is said.
    state.versus.value = JSON.parse(
      JSON.stringify({ kernel: second.peek().kernel, ...base, ...to, ...scored }),
    ) as Versus;
  };
  const shapeOf = (mask: Shape['mask']): Shape | undefined => {
    const shape = state.trace.value?.header.run.shape;
    return shape && { ...shape, mask };
  };
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const sides = SIDES.map((side) =>
    mountSide(find(`.side-${side}`), {
      language,
      adopt,
      words,
      theme: env.theme,
      motion: !still,
      name: side === 0 ? words.first : words.second,
      first: side === 0,
      on: eventsOf(env, side, scene, seek),
      change: (to) => change(side, to),
    }),
  ) as unknown as Two<Side>;

  const ends = [
    mountMarks(root),
    effect(() => {
      if (state.trace.value && !(state.progress.value && state.trace.value.header.provenance !== 'this-device'))
        other.want(second.value);
    }),
    effect(() => {
      const run = state.sentence.value?.run.config;
      const { layer = 0, head = 0 } = state.sentence.value ?? {};
      const model = run && { layers: run.layers, heads: run.heads, layer, head };
      SIDES.forEach((side) => {
        const choice = side === 0 ? state.choice.value : second.value;
        const shape = shapeOf(choice.mask);
        sides[side].controls(choice, model, shape && tuned.choiceFor(shape)?.best);
      });
    }),
    followTuned(
      find('.tuned-line'),
      env,
      tuned,
      computed(() => shapeOf(second.value.mask)),
    ),
    followPictures(env, { scene, position, other, sides, words, find }),
    opening.dispose,
    followPresets(find('.compare-top'), env, second, words, opening.open),
    followDeck(find('.transport-compare'), env, {
      pair: () => scene.value.pair,
      position,
      words,
      story: find('.story'),
      alone: find('.together-alone'),
      seek,
      go,
    }),
    listenForKeys(env.keyboard, root, {
      togglePlay: () => (state.playing.value = !state.playing.peek()),
      go: (direction) => void go(direction),
      toEdge: (direction) => seek(direction < 0 ? 0 : Infinity),
      row: (by) => (state.row.value = Math.max(0, (state.row.peek() ?? 0) + by)),
      workgroup: () => undefined,
      unpin: () => (state.pinned.value = undefined),
      help: env.help,
    }),
  ];
  return {
    dispose() {
      for (const end of ends) end();
      for (const side of sides) side.dispose();
      root.remove();
    },
  };
}

function skeleton(words: CompareSpeech) {
  return html`<p class="purpose">${words.purpose}</p>
    <div class="compare-top"></div>
    <p class="model-verdict"></p>
    <section class="side side-0" aria-label=${words.first}></section>
    <section class="side side-1" aria-label=${words.second}></section>
    <section class="deck-compare" aria-label=${words.together}>
      <div class="transport-compare"></div>
      <p class="story"></p>
    </section>
    <div class="together-alone"></div>
    <section class="difference" aria-label=${words.difference}></section>
    <div class="tuned-line"></div>
    <p class="muted foot">${words.input}</p>`;
}

function eventsOf(
  { state }: LabEnv,
  side: SideIndex,
  scene: ReadonlySignal<Scene>,
  seek: (at: number) => void,
): ViewEvents {
  const toStop = (test: (cursor: Cursor) => boolean): void => {
    const { tracks: both, pair } = scene.peek();
    const index = both[side].findIndex(({ cursor }) => test(cursor));
    if (index >= 0) seek(pair.positionOf(side, index));
  };
  const here = (): Cursor | undefined => {
    const { tracks: both, pair } = scene.peek();
    return both[side][pair.at(state.stop.peek())[side]]?.cursor;
  };
  return {
    hover: (cell) => (state.hovered.value = cell),
    pin: (cell) => (state.pinned.value = cell),
    row: (row) => (state.row.value = row),
    workgroup: (workgroup) => toStop((c) => c.pass === here()?.pass && c.workgroup === workgroup),
    phase: (phase) => toStop((c) => c.pass === here()?.pass && c.workgroup === here()?.workgroup && c.phase === phase),
    line: () => undefined,
    thread: (thread) => (state.thread.value = thread),
  };
}
