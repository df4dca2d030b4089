/**
 * Beam search (PagedAttention 4.4): after every token only the best continuations are kept. A beam with several good
 * ones is forked; one with none is dropped and its blocks are released. There is no model here: the seed decides which
 * are good.
 */
import { FIRST_SIMULATED } from '../sample';
import type { State } from '../types';
import { bytesOf, SeededRandom, type Play, stepUntil, type Workload } from './workload';

const WIDTH = 4;
const LENGTH = 24;

const alive = (state: State): number[] =>
  [...state.requests].filter(({ status }) => status !== 'finished').map(({ id }) => id);

const runs = (state: State, id: number): boolean => state.requests.at(id).status === 'running';

/** Whether all beams are computed to their end, or a step did nothing because the others found no room. */
const ready = (state: State): boolean =>
  (state.step > 0 && state.batch.length === 0) ||
  alive(state).every((id) => runs(state, id) && state.requests.at(id).computed === state.requests.at(id).tokens.length);

function* play(start: State): Play {
  const { vocabulary, seed } = start.config;
  const random = new SeededRandom(seed, 3);
  const token = () => FIRST_SIMULATED + random.between(0, vocabulary - 1);
  let state = yield {
    op: 'add',
    name: '1',
    prompt: bytesOf('Translate: good morning'),
    generate: LENGTH,
    source: 'outside',
  };
  for (let length = 0; length < LENGTH; length++) {
    state = yield* stepUntil(state, ready, 100);
    for (const beam of alive(state)) if (!runs(state, beam)) state = yield { op: 'free', request: beam };
    const beams = alive(state);
    if (beams.length === 0) return;
    // Each of the best continuations belongs to some beam; the first beam, the likeliest, is never dropped.
    const parents = Array.from(
      { length: WIDTH },
      (_, i) => (i === 0 ? beams[0] : beams[random.between(0, beams.length - 1)]) as number,
    );
    for (const beam of beams) if (!parents.includes(beam)) state = yield { op: 'free', request: beam };
    for (const [i, beam] of parents.entries())
      if (parents.indexOf(beam) < i) state = yield { op: 'fork', request: beam, name: `${state.requests.length + 1}` };
    for (const beam of alive(state)) state = yield { op: 'append', request: beam, tokens: [token()] };
  }
}

export const beam: Workload = {
  id: 'beam',
  config: { rules: 'paper', blocks: 33, blockSize: 4, cpuBlocks: 24, budget: 64, maxLength: 64 },
  play,
};
