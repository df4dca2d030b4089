// The facts about a moment are the same whichever moment was asked for before, and by the fast path as by the slow one.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { freeOrder, History, holders, type RuleSet, type State } from '../../../paging';
import { codes, configs, operationOf } from '../../../paging/testing/random-operations';
import { holdingOf } from './holders';
import { queueOf } from './queue';
import { lived } from '../testing/page-stage';

function expectQueue(state: State): void {
  const order = freeOrder(state);
  const published = order.filter((id) => state.blocks.at(id).hash !== undefined);
  const queue = queueOf(state);
  expect([...queue.order]).toEqual(order);
  expect([...queue.place]).toEqual(Array.from(state.blocks, ({ id }) => order.indexOf(id)));
  expect([queue.evictedNext, queue.findable]).toEqual([published[0] ?? -1, published.length]);
}

function expectHolders(state: State): void {
  const all = holders(state);
  const holding = holdingOf(state);
  const ids = Array.from(state.blocks, ({ id }) => id);
  const owners = (most: number): number[][] =>
    ids.map((id) =>
      all(id)
        .slice(0, most)
        .map(({ request }) => request),
    );
  expect(ids.map((id) => holding.holders(id))).toEqual(ids.map(all));
  for (const most of [1, 4]) expect(ids.map((id) => holding.owners(id, most))).toEqual(owners(most));
}

test('the free queue and the holders of every block, at moments in any order', () => {
  const anyConfig = fc.constantFrom<RuleSet>('v1-2026', 'v1-2025', 'paper').chain(configs);
  fc.assert(
    fc.property(anyConfig, codes, fc.array(fc.nat()), (config, numbers, looks) => {
      const history = new History(config);
      for (const number of numbers) history.push(operationOf(number, history.last.state));
      // Each from its neighbour on, and then from anywhere.
      for (const index of [...Array(history.length + 1).keys(), ...looks.map((look) => look % (history.length + 1))]) {
        expectQueue(history.stateAt(index));
        expectHolders(history.stateAt(index));
      }
    }),
    { numRuns: 100 },
  );
});

test('many blocks and many holders: one by one as from the map of all', () => {
  const history = lived('scale', {}, 1060);
  for (const index of [1030, 1031, 1060, 1059]) expectQueue(history.stateAt(index));
  expectHolders(history.last.state);
});

test('two lists of rows differ where they say', () => {
  const history = lived('story', {}, 12);
  const [before, after] = [history.stateAt(11).blocks, history.last.state.blocks];
  const visited: number[] = [];
  before.differing(after, (id) => visited.push(id));
  expect(visited).toEqual([...after].filter((block) => block !== before.at(block.id)).map(({ id }) => id));
  expect(visited.length).toBeGreaterThan(0);
  after.differing(after, () => expect.unreachable());
});
