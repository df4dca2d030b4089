// What the two sides of the Compare lab stand on: both traces with their stops on one cursor, and the frames there.
import { computed, type ReadonlySignal } from '@preact/signals-core';
import { frameOf } from '../../frame/frame';
import type { Frame, Selection } from '../../frame/frame-types';
import type { Trace } from '../../trace/trace';
import { largest } from '../../ui/format';
import { blockAt, openingRow, planeShown } from '../../figure/player';
import type { Captured } from '../../figure/captured';
import type { LabEnv } from '../lab';
import { answerOf } from './table';
import { pairOf, rowsShown, trackOf, type Pair, type Track } from './track';

export const SIDES = [0, 1] as const;
export type SideIndex = (typeof SIDES)[number];
export type Two<T> = readonly [T, T];

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
export interface Scene {
  traces: Two<Trace | undefined>;
  planes: Two<number>;
  tracks: Two<Track>;
  pair: Pair;
}

export function sceneOf({ state }: LabEnv, other: Captured): ReadonlySignal<Scene> {
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
export function framesAt(env: LabEnv, scene: Scene, at: readonly [number, number]): readonly (Frame | undefined)[] {
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
