// The roofline model (Williams, Waterman, Patterson 2009) with measured roofs: how fast a kernel of a given intensity could run, and how fast it ran.
import { compulsoryBytes, flash2Bytes, flops, standardBytes, type Bytes } from '../attention/cost';
import { elementsOf } from '../attention/shape';
import type { Run } from '../kernels/card';
import { kernelById } from '../kernels/index';
import { tensorsOf } from './limits';

/** Which bytes a point is placed by. Requested: the kernel's closed form, which the instrumented counters meet to the byte. */
export type BytesBy = 'requested' | 'io' | 'compulsory';
export const BYTES_BY: readonly BytesBy[] = ['requested', 'io', 'compulsory'];

const BYTES = 4;

const sum = ({ read, written }: Bytes): number => read + written;

/** Parts of a row that one pass writes and the next one reads. */
const betweenPasses = ({ shape }: Run): number => 2 * BYTES * (elementsOf('OPart', shape) + elementsOf('ML', shape));

/**
 * Bytes between the kernel and HBM, by the way of counting. A kernel that materialises S is counted as the papers' standard attention, one without a tile as
 * one that goes row by row.
 */
export function bytesOf(run: Run, by: BytesBy): number {
  const card = kernelById(run.kernel);
  if (by === 'compulsory') return sum(compulsoryBytes(run.shape));
  if (by === 'requested') {
    const { loads, stores } = card.requested(run);
    return loads + stores;
  }
  const tensors = tensorsOf(card, run);
  if (tensors.includes('S')) return sum(standardBytes(run.shape));
  return sum(flash2Bytes(run.shape, Math.max(1, run.tile.br))) + (tensors.includes('OPart') ? betweenPasses(run) : 0);
}

/** The two roofs: operations a second and bytes a second, as the probes measured them. */
export interface Roofs {
  flops: number;
  bytes: number;
  /** Bytes of the copy probe's two buffers together, the least of all points: what a cache would have to hold. */
  copied?: number;
}

/** What a kernel of this intensity (FLOP a byte) could reach, operations a second. */
export const attainable = (roofs: Roofs, intensity: number): number => Math.min(roofs.flops, roofs.bytes * intensity);

/** The intensity at which both roofs meet. */
export const ridge = (roofs: Roofs): number => roofs.flops / roofs.bytes;

export interface RooflinePoint {
  /** FLOP a byte. */
  intensity: number;
  /** FLOP a second, measured. */
  rate: number;
  /** rate / attainable. May exceed 1 by requested bytes: caches serve most of them. */
  share: number;
}

/** Places a timed run. @param ms a run */
export function place(run: Run, ms: number, roofs: Roofs, by: BytesBy): RooflinePoint {
  const intensity = flops(run.shape) / bytesOf(run, by);
  const rate = flops(run.shape) / (ms / 1000);
  return { intensity, rate, share: rate / attainable(roofs, intensity) };
}
