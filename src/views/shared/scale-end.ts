// The end of the scale of an array on the chip.
import type { Frame } from '../../frame/frame-types';
import { magnitude } from '../../ui/paint/heatmap';

/** Largest magnitude that the array ever holds in this workgroup, so that a colour means the same at each step. */
export function scaleEnd(frame: Frame, array: number): number {
  let max = 0;
  for (const record of frame.workgroup?.arrays[array] ?? []) max = Math.max(max, recordEnd(record.bits));
  return max;
}

const recordEnds = new WeakMap<Uint32Array, number>();
function recordEnd(bits: Uint32Array): number {
  const known = recordEnds.get(bits) ?? magnitude(new Float32Array(bits.buffer, bits.byteOffset, bits.length));
  recordEnds.set(bits, known);
  return known;
}
