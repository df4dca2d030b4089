/**
 * Chat: every prompt begins with the same system prompt; a conversation that got its answer may come back with all of
 * it and a new question.
 */
import type { State } from '../types';
import { bytesOf, SeededRandom, type Play, STEP, type Workload } from './workload';

/** 42 tokens: not a whole number of blocks, so that the last part can be seen not to be shared. */
const SYSTEM = bytesOf('You are a helpful and concise assistant.\n\n');

const CONVERSATIONS = 8;
const TURNS = 3;

interface Conversation {
  readonly name: string;
  /** Its running request; -1 while the user thinks. */
  request: number;
  /** The step before which the next question comes. */
  next: number;
  turn: number;
  tokens: number[];
}

function* play({ config }: State): Play {
  const random = new SeededRandom(config.seed, 1);
  const conversations = Array.from({ length: CONVERSATIONS }, (_, i): Conversation => ({
    name: String.fromCharCode(65 + i),
    request: -1,
    next: i * random.between(2, 5),
    turn: 0,
    tokens: SYSTEM,
  }));
  let open = conversations;
  let state = yield STEP;
  while (open.length > 0) {
    for (const conversation of open) {
      if (conversation.request >= 0 && state.requests.at(conversation.request).status === 'finished') {
        conversation.tokens = [...state.requests.at(conversation.request).tokens];
        conversation.request = -1;
        conversation.next = state.step + random.between(3, 9);
      }
      if (conversation.request >= 0 || conversation.turn === TURNS || state.step < conversation.next) continue;
      const id = state.requests.length;
      const prompt = [...conversation.tokens, ...random.text(random.between(8, 24)), 10];
      conversation.turn += 1;
      state = yield {
        op: 'add',
        name: `${conversation.name}${conversation.turn}`,
        prompt,
        generate: random.between(10, 30),
      };
      // Refused, because the conversation has grown longer than the server allows: it ends.
      if (state.requests.length > id) conversation.request = id;
      else conversation.turn = TURNS;
    }
    open = conversations.filter((conversation) => conversation.turn < TURNS || conversation.request >= 0);
    if (open.length > 0) state = yield STEP;
  }
}

export const chat: Workload = { id: 'chat', config: { blocks: 41, blockSize: 16, budget: 96, maxLength: 256 }, play };
