/** A group that shares an unfinished block goes to the CPU pool and comes back, block by block. */
import { expect, test } from 'vitest';
import { apply, create, DEFAULT_CONFIG, type Operation, type PagingEvent, type State } from '.';

test('shared blocks are moved once, stay shared, and one holder of the last block writes in place', () => {
  let state: State = create({
    ...DEFAULT_CONFIG,
    rules: 'paper',
    blockSize: 4,
    blocks: 5,
    cpuBlocks: 3,
    sharing: false,
  });
  let events: readonly PagingEvent[] = [];
  const act = (operation: Operation) => ({ state, events } = apply(state, operation));
  const outside = { generate: 9, source: 'outside' } as const;
  act({ op: 'add', name: 'x', prompt: [1, 2, 3, 4, 5, 6, 7, 8], ...outside });
  act({ op: 'add', name: 'a', prompt: [1, 2, 3, 4, 5, 6], ...outside });
  act({ op: 'step' });
  act({ op: 'fork', request: 1, name: 'b' });

  // x needs a ninth slot and there is no block: the younger group is swapped out with both of its blocks.
  act({ op: 'append', request: 0, tokens: [9] });
  act({ op: 'step' });
  expect(events.filter(({ kind }) => kind === 'swap-out')).toMatchObject([{ requests: [1, 2], cpuFree: 1 }]);
  expect([...state.requests].map(({ status }) => status)).toEqual(['running', 'swapped', 'swapped']);
  expect(state.requests.at(1).cpuTable).toEqual(state.requests.at(2).cpuTable);
  expect([...state.cpu].map(({ refCount, tokens }) => [refCount, tokens.length])).toContainEqual([2, 2]);

  // Back again: two blocks, and one copy, since two write into the shared one and the second is alone by then.
  act({ op: 'append', request: 1, tokens: [10] });
  act({ op: 'append', request: 2, tokens: [11] });
  act({ op: 'free', request: 0 });
  act({ op: 'step' });
  expect(events.filter(({ kind }) => kind === 'swap-in')).toMatchObject([
    { arithmetic: { fresh: 3, copies: 1, free: 4 } },
  ]);
  expect(events.filter(({ kind }) => kind === 'copy-on-write')).toHaveLength(1);
  const [, a, b] = [...state.requests];
  expect(a?.table[0]).toBe(b?.table[0]);
  expect(a?.table[1]).not.toBe(b?.table[1]);
  expect([a, b].map((request) => state.blocks.at(request?.table[1] ?? 0).tokens)).toEqual([
    [5, 6, 10],
    [5, 6, 11],
  ]);
  expect(state.cpuFree).toHaveLength(3);
});
