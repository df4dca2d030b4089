/** For tests of attention alone: its kernels, in the page's order. */
import { OPENING } from '../defaults';
import { peersOf } from '..';
import type { Kernel } from '../card';
import { RUNNABLE } from '../kernels';

export const ATTENTION = peersOf(OPENING);
export const ATTENTION_RUNNABLE: readonly Kernel[] = RUNNABLE.filter(({ id }) =>
  ATTENTION.some((card) => card.id === id),
);
