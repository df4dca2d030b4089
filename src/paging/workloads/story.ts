/**
 * The story that the lab opens with: two people share a system prompt, one of them wants two answers, the pool gets full, one
 * gives way and comes back. Blocks of four, small enough to see every slot.
 */
import type { State } from '../types';
import { bytesOf, type Play, stepUntil, type Workload } from './workload';

/** So many steps, whatever happens in them. */
const stepped = (state: State, count: number): ReturnType<typeof stepUntil> => stepUntil(state, () => false, count);

/** Two full blocks, so that all of it can be shared. */
const SYSTEM = 'Be kind.';

/** The request of that name: a person may have added others before, so that ids say nothing. */
const named = (state: State, name: string): number => [...state.requests].find((request) => request.name === name)?.id ?? -1;

function* play(): Play {
  // Ada's prompt fills three blocks in no order of theirs, and grows.
  let state = yield { op: 'add', name: 'Ada', prompt: bytesOf(`${SYSTEM} Hi`), generate: 14 };
  state = yield* stepped(state, 2);
  // Ben begins with the same eight tokens: two blocks are found, only his own words are computed.
  state = yield { op: 'add', name: 'Ben', prompt: bytesOf(`${SYSTEM} Why?`), generate: 12 };
  state = yield* stepped(state, 4);
  // A second answer for Ada: nothing is copied yet.
  state = yield { op: 'fork', request: named(state, 'Ada'), name: 'Ada 2' };
  // The next token is: the last block has two holders.
  // They grow until no block is left: Ben, who came last, gives way and waits.
  state = yield* stepped(state, 7);
  // One answer is enough. Its blocks let Ben come back; the two that Ada still holds he need not compute again.
  yield { op: 'free', request: named(state, 'Ada 2') };
}

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
  play,
};
