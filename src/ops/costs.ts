// What a run costs by formula: numbers that travel in its trace, so that they can be shown without the card that gave
// them.
import type { TensorId } from './op';

/** Bytes read from and written to HBM. */
export interface Bytes {
  read: number;
  written: number;
}

/** Bytes by tensor, K and V by those names also where they lie in a pool. */
export type ByTensor = Record<TensorId, Bytes>;

/**
 * Why a kernel asks for more than its IO model. `threads`: threads each load the same row or column for themselves.
 * `sweeps`: one thread reads its row of S again and again. `groups`: each group of lanes loads K and V for itself.
 * `padding`: the last rows and chunks are loaded again to fill whole steps. `ahead`: a tile of K is loaded before
 * anyone asks whether a row sees it. `lookup`: block table and requests, which no model counts. `lse`: the row sums
 * that standard attention's formula leaves out.
 */
export type Cause = 'threads' | 'sweeps' | 'groups' | 'padding' | 'ahead' | 'lookup' | 'lse';

/** Bytes of a run between HBM and the chip. */
export interface Costs {
  /** As the kernel is written: the closed form that counters must meet to the byte. */
  requested: Bytes;
  /** Each tensor once: no kernel can do with less. */
  compulsory: Bytes;
  /**
   * As the papers count: each pass reads each operand once for every workgroup that needs it, without the tiles that
   * the mask hides whole.
   */
  model: ByTensor;
  /** The model's bytes, both ways, if nothing were masked. */
  unmasked: number;
  /**
   * The model of the way that the kernel is there to replace, and what its intermediate results take of that; absent
   * where it is that way itself.
   */
  standard?: { bytes: number; intermediate: number };
  /** What tensors take of the model that are neither given nor asked for: what the kernel writes to HBM in between. */
  intermediate: number;
  /** Why more of a tensor is requested than the model says. */
  causes: Record<TensorId, Cause>;
  /** Groups of lanes of a workgroup that each load all of its K and V for themselves. */
  groups: number;
}

/** Bytes both ways. */
export const both = ({ read, written }: Bytes): number => read + written;

/** Bytes of all tensors. */
export function sumOf(by: Readonly<Record<string, Bytes>>): Bytes {
  const sum = { read: 0, written: 0 };
  for (const { read, written } of Object.values(by)) {
    sum.read += read;
    sum.written += written;
  }
  return sum;
}
