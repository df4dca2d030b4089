// The Compare lab: two real runs side by side on one cursor, gone through by phase, by share of the work or by bytes
// requested, with what differs in numbers.
import { opOf } from '../../kernels';
import { viewsOf } from '../../views';
import { computed, effect, type ReadonlySignal } from '@preact/signals-core';
import { html, nothing, render } from 'lit';
import { frameOf } from '../../frame/frame';
import type { Cursor, Frame, Selection } from '../../frame/frame-types';
import type { Shape } from '../../ops/attention/shape';
import type { Trace } from '../../trace/trace';
import { largest } from '../../ui/format';
import { mountMarks } from '../../ui/dom/mark';
import type { View, ViewEvents } from '../../views/view';
import type { Choice } from '../../figure/choice';
import type { LabEnv, MountedLab } from '../lab';
import { listenForKeys } from '../../figure/keys';
import { blockAt, openingRow } from '../../figure/player';
import { planeShown } from '../../figure/player';
import css from './compare.css?inline';
import { createCaptured, type Captured } from '../../figure/captured';
import { mountSide, type Side, type SideChange } from './side';
import { speakCompare, type CompareSpeech } from './speech';
import { createTunedStore } from '../shared/tuned-store';
import { chartCss } from '../../views/charts/chart';
import { followTuned } from './tuned-line';
import { followDeck } from './deck';
import { followOpening } from './opening';
import { followPresets } from './presets';
import type { Picture } from './settings';
import { modelVerdict, storyOf, type Progress } from './story';
import { differenceTable, nameOf, type SideState, answerOf } from './table';
import { pairOf, rowsShown, shareAt, trackOf, type Pair, type Track } from './track';
import { choiceOfVersus, type Versus } from '../shared/versus';
import type { Language } from '../../words';

const SIDES = [0, 1] as const;
type SideIndex = (typeof SIDES)[number];
type Two<T> = readonly [T, T];

const tracks = new WeakMap<Trace, Map<number, Track>>();

/** A trace's stops as they were when it was first seen: workgroups captured later must not move them. */
function keptTrack(trace: Trace, plane: number): Track {
  const planes = tracks.get(trace) ?? new Map<number, Track>();
  tracks.set(trace, planes);
  const track = planes.get(plane) ?? trackOf(trace, plane);
  planes.set(plane, track);
  return track;
}

/** What both sides show. */
interface Scene {
  traces: Two<Trace | undefined>;
  planes: Two<number>;
  tracks: Two<Track>;
  pair: Pair;
}

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
    // An empty one stands for the other kernel: from now on it is said.
    state.versus.value = JSON.parse(JSON.stringify({ kernel: second.peek().kernel, ...base, ...to })) as Versus;
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

function sceneOf({ state }: LabEnv, other: Captured): ReadonlySignal<Scene> {
  return computed(() => {
    const traces = [state.trace.value, other.trace.value] as const;
    const planes = traces.map((trace) => (trace ? planeShown(trace, state.choice.value) : 0)) as unknown as Two<number>;
    const both = traces.map((trace, i) => (trace ? keptTrack(trace, planes[i] ?? 0) : [])) as unknown as Two<Track>;
    return { traces, planes, tracks: both, pair: pairOf(both, state.compare.value.by) };
  });
}

/** The row that both show while nobody has chosen one: of the first run's workgroup. */
function rowAt({ traces: [trace], planes: [plane], tracks: [track] }: Scene, [at]: readonly [number, number]): number {
  const cursor = track[at]?.cursor;
  const block = trace && cursor && blockAt(trace, plane, cursor);
  return block ? openingRow(block) : 0;
}

/** The frames of both sides: each at its own stop, both on the same row where their workgroups share one. */
function framesAt(env: LabEnv, scene: Scene, at: readonly [number, number]): readonly (Frame | undefined)[] {
  const { state } = env;
  const { traces, planes, tracks: both } = scene;
  const cell = state.hovered.value ?? state.pinned.value;
  const frameFor = (side: SideIndex, row: number, channel: number): Frame | undefined => {
    const [trace, cursor] = [traces[side], both[side][at[side]]?.cursor];
    if (!trace || !cursor) return undefined;
    // The other kernel may have fewer threads.
    const thread = Math.min(state.thread.value, (trace.passes[cursor.pass]?.workgroupSize ?? 1) - 1);
    const selection: Selection = {
      row,
      channel,
      thread,
      pinned: state.pinned.value !== undefined,
      ...(cell && { cell }),
    };
    return frameOf(trace, cursor, selection, planes[side]);
  };
  const channelOf = (row: number): number => {
    const o = traces[0]?.tensors.find(({ id }) => id === answerOf(traces[0]))?.data;
    const { dim = 0, queries: rowsOfPlane = 0 } = traces[0]?.header.run.shape ?? {};
    const start = (planes[0] * rowsOfPlane + row) * dim;
    return largest(o?.subarray(start, start + dim));
  };
  const queries = Math.min(...traces.flatMap((trace) => (trace ? [trace.header.run.shape.queries] : [])));
  const wanted = Math.min(state.row.value ?? rowAt(scene, at), queries - 1);
  const frames = SIDES.map((side) => frameFor(side, wanted, channelOf(wanted)));
  const rows = rowsShown(
    wanted,
    frames.map((frame) => frame?.block),
  );
  const [first = wanted] = rows;
  return SIDES.map((side) => {
    const row = rows[side] ?? wanted;
    return row === wanted && first === wanted ? frames[side] : frameFor(side, row, channelOf(first));
  });
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

interface PicturesEnv {
  scene: ReadonlySignal<Scene>;
  position: ReadonlySignal<number>;
  other: Captured;
  sides: Two<Side>;
  words: CompareSpeech;
  find(selector: string): HTMLElement;
}

/** Both pictures, their words, and the table below. */
function followPictures(env: LabEnv, { scene, position, other, sides, words, find }: PicturesEnv): () => void {
  const { state, actions, views, language, adopt } = env;
  const loaded = new Map<string, View>();
  let over = false;
  const viewOf = (picture: Picture, op: string): View | undefined => {
    const offered = viewsOf(op, views);
    const entry = offered.find(({ pane }) => pane === picture) ?? offered[0];
    const known = entry && loaded.get(entry.id);
    if (!entry || known) return known;
    if (typeof entry.view !== 'function') {
      loaded.set(entry.id, entry.view);
      return entry.view;
    }
    void entry.view().then((view) => {
      loaded.set(entry.id, view);
      adopt(view.css);
      if (!over && state.compare.peek().picture === picture) state.compare.value = { ...state.compare.peek() };
    });
    return undefined;
  };
  const waiting = (side: SideIndex): ReturnType<typeof html> | string | undefined => {
    if (side === 0) {
      const { value: trace } = state.trace;
      if (!trace) return words.waiting;
      // What stands there is of the run before; the stored capture of a first visit is no earlier run.
      return state.progress.value !== undefined && trace.header.provenance !== 'recorded' ? words.pending : undefined;
    }
    const { error, progress, trace } = other;
    if (error.value)
      return html`${words.failed} ${error.value.code} <button @click=${other.again}>${words.again}</button>`;
    if (progress.value !== undefined) return words.pending;
    if (!trace.value) return words.waiting;
    return trace.value.header.provenance === 'recorded' ? words.recorded : undefined;
  };
  const stop = effect(() => {
    const { tracks: both, pair } = scene.value;
    const view = viewOf(state.compare.value.picture, scene.value.traces[0]?.header.op ?? opOf(state.choice.value).id);
    void [state.captures.value, other.captures.value];
    const at = pair.at(position.value);
    const frames = framesAt(env, scene.value, at);
    const states = SIDES.map((side): SideState | undefined => {
      sides[side].note(waiting(side));
      sides[side].limits(scene.value.traces[side]?.header);
      const index = at[side];
      const stopHere = both[side][index];
      const frame = frames[side];
      if (!stopHere || !frame) return undefined;
      const { thread } = frame.selection;
      const lacksLines = state.compare.value.picture === 'source' && frame.workgroup?.lines?.invocation !== thread;
      if (!frame.workgroup || lacksLines) {
        const { pass, workgroup } = stopHere.cursor;
        if (side === 0) actions.fetchWorkgroup(pass, workgroup, thread);
        else other.fetch(pass, workgroup, thread);
      }
      if (view) sides[side].draw(view, frame);
      sides[side].where(
        whereOf(frame, index === both[side].length - 1, frames[0]?.selection.row ?? frame.selection.row, words),
      );
      return { frame, done: index + 1, of: both[side].length, share: shareAt(both[side], index) };
    });
    const [a, b] = states;
    render(a && b ? differenceTable([a, b], words, language) : nothing, find('.difference'));
    const told = a && b && ([progressOf(a, language), progressOf(b, language)] as const);
    find('.story').textContent = told ? storyOf(told, words) : '';
    find('.model-verdict').textContent = told ? modelVerdict(told, words) : '';
  });
  return () => {
    over = true;
    stop();
  };
}

/** `row` is the one that the first side shows: where this side cannot, it says so. */
function whereOf(
  { workgroup, block, phase, cursor, selection }: Frame,
  last: boolean,
  row: number,
  words: CompareSpeech,
): string {
  if (!workgroup) return words.workgroupPending;
  const { r0, r1 } = block;
  const place = words.where(phase.name, cursor.workgroup, r0 === r1 ? String(r0) : `${r0}–${r1}`);
  return [place, selection.row === row ? '' : words.otherRow(selection.row, row), last ? words.done : '']
    .filter(Boolean)
    .join(' · ');
}

/** How far a side has come, as the sentence needs it. */
const progressOf = ({ frame, done, of, share }: SideState, language: Language): Progress => ({
  name: nameOf(frame, language),
  share,
  run: frame.bytes.run,
  asked: frame.bytes.hbm.sum.read + frame.bytes.hbm.sum.written,
  ended: done === of,
});
