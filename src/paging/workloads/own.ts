/** An empty workload: all requests come from the visitor, and their tokens from the small model. */
import type { Workload } from './workload';

export const own: Workload = { id: 'own', config: { blocks: 33, blockSize: 8, budget: 64 }, *play() {} };
