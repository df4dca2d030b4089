/**
 * The story that the lab opens with: two people share a system prompt, one of them wants two answers, the pool gets full, one
 * gives way and comes back. Blocks of four, small enough to see every slot.
 */
import type { Operation } from '../types';
import { bytesOf, STEP, type Workload } from './workload';

const steps = (count: number): Operation[] => Array.from({ length: count }, () => STEP);

/** Two full blocks, so that all of it can be shared. */
const SYSTEM = 'Be kind.';

const script: readonly Operation[] = [
  // Ada's prompt fills three blocks in no order of theirs, and grows.
  { op: 'add', name: 'Ada', prompt: bytesOf(`${SYSTEM} Hi`), generate: 14 },
  ...steps(2),
  // Ben begins with the same eight tokens: two blocks are found, only his own words are computed.
  { op: 'add', name: 'Ben', prompt: bytesOf(`${SYSTEM} Why?`), generate: 12 },
  ...steps(4),
  // A second answer for Ada: nothing is copied yet.
  { op: 'fork', request: 0, name: 'Ada 2' },
  // The next token is: the last block has two holders.
  // They grow until no block is left: Ben, who came last, gives way and waits.
  ...steps(7),
  // One answer is enough. Its blocks let Ben come back; the two that Ada still holds he need not compute again.
  { op: 'free', request: 2 },
];

export const story: Workload = {
  id: 'story',
  config: {
    rules: 'paper',
    blockSize: 4,
    blocks: 11,
    cpuBlocks: 6,
    maxRunning: 4,
    budget: 16,
    maxLength: 32,
    shuffle: 4,
    seed: 3,
    watermark: 0,
  },
  *play() {
    yield* script;
  },
};
