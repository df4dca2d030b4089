// The ordered list of kernels: the order in which the page teaches them.
import { AttnError } from '../attention/errors';
import type { KernelCard } from './card';
import { flash2 } from './flash2';
import { naive } from './naive';

export const KERNELS: readonly KernelCard[] = [naive, flash2];

/** The card of a kernel. Throws `kernel-unknown` for a name that is not in the list. */
export function kernelById(id: string): KernelCard {
  const card = KERNELS.find((kernel) => kernel.id === id);
  if (!card) throw new AttnError('kernel-unknown', { kernel: id });
  return card;
}
