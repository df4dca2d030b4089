/** Chat: every prompt begins with the same system prompt, and whoever got an answer may come back with all of it and a new question. */
import type { State } from '../types';
import { bytesOf, Dice, type Play, STEP, type Workload } from './workload';

/** 42 tokens: not a whole number of blocks, so that the part behind the last full block is seen to be lost. */
const SYSTEM = bytesOf('You are a helpful and concise assistant.\n\n');

const TALKS = 8;
const TURNS = 3;

interface Talk {
  readonly name: string;
  /** The request that runs for it; -1 while the person thinks. */
  request: number;
  /** The step before which the next question comes. */
  next: number;
  turn: number;
  said: number[];
}

function* play({ config }: State): Play {
  const dice = new Dice(config.seed, 1);
  const talks = Array.from({ length: TALKS }, (_, i): Talk => ({
    name: String.fromCharCode(65 + i),
    request: -1,
    next: i * dice.between(2, 5),
    turn: 0,
    said: SYSTEM,
  }));
  let open = talks;
  let state = yield STEP;
  while (open.length > 0) {
    for (const talk of open) {
      if (talk.request >= 0 && state.requests.at(talk.request).status === 'finished') {
        talk.said = [...state.requests.at(talk.request).tokens];
        talk.request = -1;
        talk.next = state.step + dice.between(3, 9);
      }
      if (talk.request >= 0 || talk.turn === TURNS || state.step < talk.next) continue;
      const id = state.requests.length;
      const prompt = [...talk.said, ...dice.text(dice.between(8, 24)), 10];
      talk.turn += 1;
      state = yield { op: 'add', name: `${talk.name}${talk.turn}`, prompt, generate: dice.between(10, 30) };
      // Refused: the talk has grown longer than the server allows, and ends.
      if (state.requests.length > id) talk.request = id;
      else talk.turn = TURNS;
    }
    open = talks.filter((talk) => talk.turn < TURNS || talk.request >= 0);
    if (open.length > 0) state = yield STEP;
  }
}

export const chat: Workload = { id: 'chat', config: { blocks: 41, blockSize: 16, budget: 96, maxLength: 256 }, play };
