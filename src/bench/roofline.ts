// The roofline model (Williams, Waterman, Patterson 2009) with measured roofs: how fast a kernel of a given intensity
// could run, and how fast it ran.
import type { Run } from '../ops/run';
import { kernelById } from '../kernels/kernels';
import { both } from '../ops/costs';
import { compulsoryOf, flopsOf } from '../kernels/costs';
import { ioModel } from '../kernels/io-model';

/**
 * Which bytes give a point its intensity. Requested bytes: the kernel's closed form, which the counters meet to the
 * byte.
 */
export type BytesBy = 'io' | 'requested' | 'compulsory';
export const BYTES_BY: readonly BytesBy[] = ['io', 'requested', 'compulsory'];

/** Bytes between the kernel and HBM, counted in the given way. */
export function bytesOf(run: Run, by: BytesBy): number {
  if (by === 'compulsory') return both(compulsoryOf(run));
  if (by === 'io') return both(ioModel(run));
  const { loads, stores } = kernelById(run.kernel).requested(run);
  return loads + stores;
}

/** The two roofs: operations a second and bytes a second, as the probes measured them. */
export interface Roofs {
  flops: number;
  bytes: number;
  /**
   * The smallest size over all points of the copy probe's two buffers together: a cache of that size would have hidden
   * HBM.
   */
  copied?: number;
}

/** The most operations a second for a kernel of this intensity (FLOP a byte). */
export const attainable = (roofs: Roofs, intensity: number): number => Math.min(roofs.flops, roofs.bytes * intensity);

/** The intensity at which the two roofs meet. */
export const ridge = (roofs: Roofs): number => roofs.flops / roofs.bytes;

export interface RooflinePoint {
  /** FLOP a byte. */
  intensity: number;
  /** FLOP a second, measured. */
  rate: number;
  /** rate / attainable. May exceed 1 with requested bytes, because caches serve most of them. */
  share: number;
}

/**
 * The point of a timed run.
 * @param ms of one run
 */
export function place(run: Run, ms: number, roofs: Roofs, by: BytesBy): RooflinePoint {
  const intensity = flopsOf(run) / bytesOf(run, by);
  const rate = flopsOf(run) / (ms / 1000);
  return { intensity, rate, share: rate / attainable(roofs, intensity) };
}
