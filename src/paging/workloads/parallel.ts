/**
 * Parallel sampling (PagedAttention 4.4): several answers to one prompt. The prompt is computed and stored once; the
 * answers share its blocks.
 */
import type { State } from '../types';
import { SeededRandom, type Play, stepUntil, type Workload } from './workload';

const PROMPTS = 3;
const SAMPLES = 4;

function* play(start: State): Play {
  const random = new SeededRandom(start.config.seed, 2);
  let state = start;
  for (let i = 0; i < PROMPTS; i++) {
    const id = state.requests.length;
    const generate = random.between(16, 32);
    state = yield { op: 'add', name: `${i + 1}a`, prompt: random.text(random.between(20, 45)), generate };
    if (state.requests.length === id) continue;
    // Forked once the prompt is computed: the answers differ from their first token on.
    state = yield* stepUntil(state, (now) => now.requests.at(id).tokens.length > now.requests.at(id).promptLength, 200);
    for (let sample = 1; sample < SAMPLES; sample++)
      state = yield { op: 'fork', request: id, name: `${i + 1}${'abcdefgh'[sample]}` };
    state = yield* stepUntil(state, (now) => now.step >= state.step + 6, 6);
  }
}

export const parallel: Workload = {
  id: 'parallel',
  config: { rules: 'paper', blocks: 41, blockSize: 8, cpuBlocks: 24, budget: 64, maxLength: 128 },
  play,
};
