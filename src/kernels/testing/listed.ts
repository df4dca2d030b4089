/** For tests: kernels from outside stand in the lists for a while, as if they were of the project. */
import { KERNELS } from '..';
import type { Kernel, KernelCard } from '../card';
import { RUNNABLE } from '../kernels';

/** Appends kernels to both lists; returns what takes them out again. */
export function listed(...kernels: readonly Kernel[]): () => void {
  const [cards, runnable] = [KERNELS as KernelCard[], RUNNABLE as Kernel[]];
  cards.push(...kernels);
  runnable.push(...kernels);
  return () => {
    for (const kernel of kernels) {
      cards.splice(cards.indexOf(kernel), 1);
      runnable.splice(runnable.indexOf(kernel), 1);
    }
  };
}
