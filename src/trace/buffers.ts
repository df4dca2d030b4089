/** The memory behind captured workgroups: for handing it to another thread, and for knowing what a cache holds. */
import type { CapturedWorkgroup } from './trace';

/** Every distinct buffer of typed arrays in captured workgroups. */
export function buffersOf(captured: readonly CapturedWorkgroup[]): ArrayBuffer[] {
  const views = captured.flatMap(({ order, counts, arrays, lines, stores, rounds }) => [
    order,
    counts,
    ...arrays.flat().flatMap(({ bits, writer, at }) => [bits, writer, at]),
    ...(lines ? [lines.starts, lines.variable, lines.bits] : []),
    ...(stores ?? []).flatMap(({ starts, cells, bits, sites }) => [starts, cells, bits, sites]),
    ...(rounds ? [rounds] : []),
  ]);
  return [...new Set(views.map(({ buffer }) => buffer as ArrayBuffer))];
}

/** Bytes that captured workgroups take. */
export const bytesOf = (captured: readonly CapturedWorkgroup[]): number =>
  buffersOf(captured).reduce((sum, { byteLength }) => sum + byteLength, 0);
