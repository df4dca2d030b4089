// A replay as a row of stops with running bytes, and two of them kept together: by phase, by the bytes that each has
// requested from HBM, or by the share of its own.
import type { Cursor, Rect } from '../../frame/frame-types';
import { sceneOf, workgroupScene, type PassScene } from '../../frame/scene';
import type { Trace } from '../../trace/trace';
import { capturedAt, LAST_PHASE } from '../../figure/player';
import type { Together } from './settings';

/** One place of the replay: a phase, or a whole workgroup where its phases were not captured. */
export interface Stop {
  cursor: Cursor;
  /** HBM bytes requested by this plane up to the end of this stop. */
  bytes: number;
}

export type Track = readonly Stop[];

/** All stops of a plane's replay, in the page's order of workgroups, pass after pass. Costs one walk over the trace. */
export function trackOf(trace: Trace, plane: number): Track {
  const stops: Stop[] = [];
  let before = 0;
  for (const [pass, scene] of sceneOf(trace, plane).passes.entries()) {
    const hbm = scene.buffers.flatMap(({ space }, b) => (space === 'storage' ? [b] : []));
    scene.order.forEach((workgroup, position) => {
      const start = before + rowSum(scene.sums, position, hbm, scene);
      const captured = capturedAt(trace, pass, workgroup);
      if (!captured) {
        const end = before + rowSum(scene.sums, position + 1, hbm, scene);
        stops.push({ cursor: { pass, workgroup, phase: LAST_PHASE }, bytes: end });
        return;
      }
      const { sums } = workgroupScene(scene, captured, trace);
      for (let phase = 0; phase < captured.order.length; phase++)
        stops.push({ cursor: { pass, workgroup, phase }, bytes: start + rowSum(sums, phase + 1, hbm, scene) });
    });
    before += rowSum(scene.sums, scene.order.length, hbm, scene);
  }
  return stops;
}

/** Reads and writes of the given buffers in one row of running sums. */
function rowSum(sums: Float64Array, row: number, buffers: readonly number[], { buffers: all }: PassScene): number {
  let sum = 0;
  for (const b of buffers) for (const direction of [0, 1]) sum += sums[(row * all.length + b) * 2 + direction] ?? 0;
  return sum;
}

/** Both replays on one cursor: `at(i)` is the stop of each side at position i of `length`. */
export interface Pair {
  length: number;
  at(position: number): readonly [number, number];
  /** The first position at which a side stands at its stop `index`. */
  positionOf(side: 0 | 1, index: number): number;
}

/** Which part of all that a track requests is behind at one of its stops, 0 to 1. */
export function shareAt(track: Track, index: number): number {
  const all = track.at(-1)?.bytes ?? 0;
  return all > 0 ? (track[index]?.bytes ?? 0) / all : 1;
}

/**
 * By phase both go on one stop at a time, and the shorter waits at its end. By bytes the next position is where either
 * side asked for more, by share where either has more of its own bytes behind it: both end together then.
 */
export function pairOf(tracks: readonly [Track, Track], by: Together): Pair {
  const last = (side: 0 | 1): number => Math.max(0, tracks[side].length - 1);
  if (by === 'phase') {
    return {
      length: Math.max(tracks[0].length, tracks[1].length, 1),
      at: (position) => [Math.min(position, last(0)), Math.min(position, last(1))],
      positionOf: (_, index) => index,
    };
  }
  // Only the last stop before more bytes are asked for is a position: what costs no bytes takes no time here.
  const measured = tracks.map((track) => track.map(({ bytes }, i) => (by === 'bytes' ? bytes : shareAt(track, i)))) as [
    number[],
    number[],
  ];
  const marks = [...new Set(measured.flat())].toSorted((a, b) => a - b);
  const reached = (side: 0 | 1, mark: number): number => {
    const along = measured[side];
    let low = 0;
    let high = along.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((along[middle] ?? 0) <= mark) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  };
  return {
    length: Math.max(marks.length, 1),
    at: (position) => {
      const mark = marks[position] ?? marks.at(-1) ?? 0;
      return [reached(0, mark), reached(1, mark)];
    },
    positionOf: (side, index) =>
      Math.max(
        0,
        marks.findIndex((mark) => mark >= (measured[side][index] ?? 0)),
      ),
  };
}

/** Rows first and last. */
type Rows = Pick<Rect, 'r0' | 'r1'>;

/**
 * The row that each side shows: the wanted one moved into the rows that both work on, so that the pictures compare like
 * with like. Sides that share no row each show one of their own; undefined where a side works on nothing yet.
 */
export function rowsShown(wanted: number, sides: readonly (Rows | undefined)[]): readonly (number | undefined)[] {
  const into = ({ r0, r1 }: Rows): number => (wanted >= r0 && wanted <= r1 ? wanted : r0 + (wanted % (r1 - r0 + 1)));
  const there = sides.filter((rows) => rows !== undefined);
  const common: Rows = { r0: Math.max(...there.map(({ r0 }) => r0)), r1: Math.min(...there.map(({ r1 }) => r1)) };
  return sides.map((rows) => rows && into(common.r0 <= common.r1 ? common : rows));
}
