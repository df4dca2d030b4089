// Why nothing is found, compared with what really happens at every block size and prefix length.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { apply, create, DEFAULT_CONFIG, type Config, type State } from '../../../paging';
import { whyNothingFound } from './why';

/** One request after the other, each run to its end. */
function served(prompts: readonly (readonly number[])[], changes: Partial<Config>): State {
  let state = create({ ...DEFAULT_CONFIG, blocks: 200, budget: 1000, ...changes });
  for (const [i, prompt] of prompts.entries()) {
    ({ state } = apply(state, { op: 'add', name: `${i}`, prompt, generate: 2 }));
    while (state.running.length + state.waiting.length > 0) ({ state } = apply(state, { op: 'step' }));
  }
  return state;
}

const prompt = (shared: number, own: number, token: number): number[] => [
  ...Array<number>(shared).fill(7),
  ...Array<number>(own).fill(token),
];

test('a prefix shorter than a block is named, and the block size that is offered finds what is promised', () => {
  const size = fc.integer({ min: 1, max: 20 });
  fc.assert(
    fc.property(size, fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 9 }), (blockSize, shared, own) => {
      const prompts = [prompt(shared, own, 1), prompt(shared, own, 2)];
      const state = served(prompts, { blockSize });
      const why = whyNothingFound(state);
      if (state.counters.hitTokens > 0) {
        expect(why).toBeUndefined();
        return;
      }
      expect(shared).toBeLessThan(blockSize);
      expect(why).toMatchObject(shared === 0 ? { reason: 'different' } : { reason: 'short', prefix: shared });
      if (why?.reason === 'short') expect(served(prompts, { blockSize: why.suits }).counters.hitTokens).toBe(why.saved);
    }),
    { numRuns: 60 },
  );
});

test('a whole prompt that came before is short of its last token', () => {
  const same = prompt(16, 0, 0);
  expect(whyNothingFound(served([same, same], { blockSize: 16 }))).toMatchObject({
    reason: 'short',
    prefix: 15,
    suits: 8,
    saved: 8,
  });
});

test('the other reasons: sharing is off, nobody came before, the blocks are not there', () => {
  const prompts = [prompt(20, 3, 1), prompt(20, 3, 2)];
  expect(whyNothingFound(served(prompts, { blockSize: 4, sharing: false }))).toEqual({ reason: 'off' });
  expect(whyNothingFound(served(prompts.slice(0, 1), { blockSize: 4 }))).toEqual({ reason: 'alone' });
  expect(whyNothingFound(served(prompts, { blockSize: 4, rules: 'paper' }))).toMatchObject({ reason: 'absent' });
  expect(whyNothingFound(create(DEFAULT_CONFIG))).toBeUndefined();
});
