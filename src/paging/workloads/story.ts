/**
 * The story that the lab opens with: two people share a system prompt, one of them wants two answers, the pool gets
 * full, one gives way and comes back. Blocks of four, small enough to see every slot.
 */
import type { State } from '../types';
import { bytesOf, type Play, stepUntil, type Workload } from './workload';

/** So many steps, whatever happens in them. */
const stepped = (state: State, count: number): ReturnType<typeof stepUntil> => stepUntil(state, () => false, count);

/** What is said in it: as many tokens in each language, so that the same happens at the same moment. */
interface Script {
  /** Two full blocks, so that all of it can be shared. */
  readonly system: string;
  readonly first: { readonly name: string; readonly asks: string };
  readonly second: { readonly name: string; readonly asks: string };
}

const ENGLISH: Script = { system: 'Be kind.', first: { name: 'Ada', asks: ' Hi' }, second: { name: 'Ben', asks: ' Why?' } };
const CHINESE: Script = {
  system: '请友善地回答我：',
  first: { name: '小安', asks: '你好呀' },
  second: { name: '小北', asks: '为什么呢？' },
};

/** The request of that name: a person may have added others before, so that ids say nothing. */
const named = (state: State, name: string): number => [...state.requests].find((request) => request.name === name)?.id ?? -1;

const playOf = ({ system, first, second }: Script) =>
  function* play(): Play {
    // The first prompt fills three blocks in no order of theirs, and grows.
    let state = yield { op: 'add', name: first.name, prompt: bytesOf(system + first.asks), generate: 14 };
    state = yield* stepped(state, 2);
    // The second begins with the same eight tokens: two blocks are found, only its own words are computed.
    state = yield { op: 'add', name: second.name, prompt: bytesOf(system + second.asks), generate: 12 };
    state = yield* stepped(state, 4);
    // A second answer for the first: nothing is copied yet.
    const again = `${first.name} 2`;
    state = yield { op: 'fork', request: named(state, first.name), name: again };
    // The next token is: the last block has two holders.
    // They grow until no block is left: the one that came last gives way and waits.
    state = yield* stepped(state, 7);
    // One answer is enough. Its blocks let the other come back; the two that the first still holds it need not compute
    // again.
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

/** The same story in Chinese: a token a character, and generated ones are common characters. */
export const storyZh: Workload = {
  id: 'story-zh',
  config: { ...config, letters: '的一是了我不人在他有这个上们来到时大地为子中你说生国' },
  play: playOf(CHINESE),
};
