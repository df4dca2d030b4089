// Both pictures of the Compare lab, the words beside them, and the table below.
import { effect, type ReadonlySignal } from '@preact/signals-core';
import { html, nothing, render } from 'lit';
import type { Frame } from '../../frame/frame-types';
import { opOf } from '../../kernels';
import { viewsOf } from '../../views';
import { ownedBlock } from '../../views/shared/workgroups';
import type { View } from '../../views/view';
import type { Captured } from '../../figure/captured';
import type { Language } from '../../words';
import type { LabEnv } from '../lab';
import { framesAt, SIDES, type Scene, type SideIndex, type Two } from './scene';
import type { Picture } from './settings';
import type { Side } from './side';
import type { CompareSpeech } from './speech';
import { modelVerdict, storyOf, type Progress } from './story';
import { differenceTable, nameOf, type SideState } from './table';
import { shareAt } from './track';

interface PicturesEnv {
  scene: ReadonlySignal<Scene>;
  position: ReadonlySignal<number>;
  other: Captured;
  sides: Two<Side>;
  words: CompareSpeech;
  find(selector: string): HTMLElement;
}

/** Both pictures, their words, and the table below. */
export function followPictures(env: LabEnv, { scene, position, other, sides, words, find }: PicturesEnv): () => void {
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
        whereOf(
          frame,
          index === both[side].length - 1,
          frames[0]?.selection.row ?? frame.selection.row,
          words,
          language,
        ),
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
function whereOf(frame: Frame, last: boolean, row: number, words: CompareSpeech, language: Language): string {
  const { workgroup, phase, cursor, selection } = frame;
  if (!workgroup) return words.workgroupPending;
  const place = words.where(phase.name, cursor.workgroup, ownedBlock(frame, language));
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
