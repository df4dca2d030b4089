/**
 * The story that the lab opens with: two users share a system prompt, one of them asks for two answers, the pool gets
 * full, one request is preempted and comes back. Blocks of four, so that every slot can be seen.
 */
import type { State } from '../types';
import { bytesOf, type Play, stepUntil, type Workload } from './workload';

/** Does exactly `count` steps. */
const stepped = (state: State, count: number): ReturnType<typeof stepUntil> => stepUntil(state, () => false, count);

/** The texts. Both languages have equally many tokens, so that the same happens at the same moment. */
interface Script {
  /** Exactly two full blocks, so that all of it can be shared. */
  readonly system: string;
  readonly first: { readonly name: string; readonly asks: string };
  readonly second: { readonly name: string; readonly asks: string };
}

const ENGLISH: Script = {
  system: 'Be kind.',
  first: { name: 'Ada', asks: ' Hi' },
  second: { name: 'Ben', asks: ' Why?' },
};
const CHINESE: Script = {
  system: '请友善地回答我：',
  first: { name: '小安', asks: '你好呀' },
  second: { name: '小北', asks: '为什么呢？' },
};

/** The request of that name. The visitor may have added requests before, so ids cannot be assumed. */
const named = (state: State, name: string): number =>
  [...state.requests].find((request) => request.name === name)?.id ?? -1;

const playOf = ({ system, first, second }: Script) =>
  function* play(): Play {
    // The first prompt fills three blocks, in the pool's shuffled order, and grows.
    let state = yield { op: 'add', name: first.name, prompt: bytesOf(system + first.asks), generate: 14 };
    state = yield* stepped(state, 2);
    // The second begins with the same eight tokens: two blocks are hits, only its own words are computed.
    state = yield { op: 'add', name: second.name, prompt: bytesOf(system + second.asks), generate: 12 };
    state = yield* stepped(state, 4);
    // A second answer for the first user: a fork, nothing is copied yet.
    const again = `${first.name} 2`;
    state = yield { op: 'fork', request: named(state, first.name), name: again };
    // The next token causes a copy: the last block has two holders. All grow until no block is left, and the request
    // that arrived last is preempted.
    state = yield* stepped(state, 7);
    // One answer is ended. Its blocks let the preempted request come back; the two that the first user still holds need
    // not be computed again.
    yield { op: 'free', request: named(state, again) };
  };

const config: Workload['config'] = {
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
};

export const story: Workload = { id: 'story', config, play: playOf(ENGLISH) };

/** The same story in Chinese: one token for each character; generated tokens are common characters. */
export const storyZh: Workload = {
  id: 'story-zh',
  config: { ...config, letters: '的一是了我不人在他有这个上们来到时大地为子中你说生国' },
  play: playOf(CHINESE),
};
