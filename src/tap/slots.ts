/**
 * Where the state of a phase is stored: each phase has a block of scalars with room for the arrays that may be written
 * in it, and for no others.
 */
import type { MirroredArray } from './mirror';

/** An array's first scalar in the blocks of its phases, and the size of each phase's block. */
export interface Slots {
  /** By array id. */
  offsets: readonly number[];
  /** By static phase id. */
  blocks: readonly number[];
}

/** The scalars of an array, for all invocations together. */
export const scalarsOf = (array: MirroredArray, workgroupSize: number): number =>
  array.scope === 'invocation' ? array.length * workgroupSize : array.length;

/**
 * First fit, small arrays first: arrays that share a phase do not overlap, and an array has the same offset in all its
 * phases.
 */
export function assignSlots(arrays: readonly MirroredArray[], phases: number, workgroupSize: number): Slots {
  const offsets = arrays.map(() => 0);
  const blocks = Array.from({ length: phases }, () => 0);
  const placed: { from: number; to: number; phases: ReadonlySet<number> }[] = [];
  for (const array of arrays.toSorted(
    (a, b) => scalarsOf(a, workgroupSize) - scalarsOf(b, workgroupSize) || a.id - b.id,
  )) {
    const size = scalarsOf(array, workgroupSize);
    const sharing = placed
      .filter((other) => [...array.phases].some((phase) => other.phases.has(phase)))
      .toSorted((a, b) => a.from - b.from);
    let from = 0;
    for (const other of sharing) if (other.from < from + size && from < other.to) from = other.to;
    offsets[array.id] = from;
    placed.push({ from, to: from + size, phases: array.phases });
    for (const phase of array.phases) blocks[phase] = Math.max(blocks[phase] ?? 0, from + size);
  }
  return { offsets, blocks };
}
