/**
 * History: replay gives every moment as it was, looking at the past changes nothing, and a rewind continues from there.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { apply, create, History, type RuleSet } from '.';
import { Rows } from './rows';
import { Tail } from './tail';
import { plain, sharing } from './testing/plain';
import { codes, configs, operationOf } from './testing/random-operations';

const anyConfig = fc.constantFrom<RuleSet>('v1-2026', 'v1-2025', 'paper').chain(configs);

test('any moment, in any order, equals replay from the start, also when few states are kept', () => {
  const keeping = fc.record({ interval: fc.integer({ min: 1, max: 60 }), most: fc.integer({ min: 30, max: 400 }) });
  fc.assert(
    fc.property(anyConfig, codes, keeping, fc.array(fc.nat()), (config, numbers, limits, looks) => {
      const history = new History(config, limits);
      for (const number of numbers) history.push(operationOf(number, history.last.state));
      for (const look of looks) {
        const index = look % (history.length + 1);
        let replayed = { state: create(config), events: [] as unknown };
        for (const operation of history.operations().slice(0, index)) replayed = apply(replayed.state, operation);
        expect(plain(history.stateAt(index))).toEqual(plain(replayed.state));
        const moment = history.at(index);
        expect(moment.index).toBe(index);
        expect(plain(moment.state)).toEqual(plain(replayed.state));
        expect(moment.events).toEqual(replayed.events);
      }
    }),
    { numRuns: 100 },
  );
});

test('an operation leaves the state that it was given as it was', () => {
  fc.assert(
    fc.property(anyConfig, codes, (config, numbers) => {
      let state = create(config);
      const lived = numbers.map((number) => {
        const before = { state, copy: structuredClone(plain(state)) };
        ({ state } = apply(state, operationOf(number, state)));
        return before;
      });
      for (const { state: then, copy } of lived) expect(plain(then)).toEqual(copy);
    }),
    { numRuns: 100 },
  );
});

test('undone and lived differently, the first life leaves no trace', () => {
  fc.assert(
    fc.property(anyConfig, codes, codes, fc.nat(), (config, first, second, at) => {
      const history = new History(config, { interval: 20, most: 200 });
      for (const number of first) history.push(operationOf(number, history.last.state));
      history.truncate(at % (history.length + 1));
      for (const number of second) history.push(operationOf(number, history.last.state));
      const fresh = new History(config);
      for (const operation of history.operations()) fresh.push(operation);
      expect(plain(history.last.state)).toEqual(plain(fresh.last.state));
      const waiting = ({ last }: History) => last.contiguous.map((memory) => ({ ...memory, queue: [...memory.queue] }));
      expect(waiting(history)).toEqual(waiting(fresh));
      for (let index = 0; index <= history.length; index++)
        expect(sharing(history.at(index).state)).toEqual(sharing(fresh.at(index).state));
      expect(history.series.length).toBe(history.length + 1);
      for (const name of ['step', 'freeBlocks', 'recomputed'] as const)
        expect(history.series.column(name)).toEqual(fresh.series.column(name));
      for (let id = 0; id < fresh.series.requests; id++)
        expect(history.series.spans(id)).toEqual(fresh.series.spans(id));
    }),
    { numRuns: 100 },
  );
});

test('with the free list shuffled otherwise, everybody shares the same with the same', () => {
  fc.assert(
    fc.property(anyConfig, codes, fc.nat(), (config, numbers, shuffle) => {
      let [one, other] = [create(config), create({ ...config, shuffle })];
      for (const number of numbers) {
        const operation = operationOf(number, one);
        one = apply(one, operation).state;
        other = apply(other, operation).state;
        expect(sharing(other)).toEqual(sharing(one));
        expect(other.counters).toEqual(one.counters);
      }
    }),
    { numRuns: 200 },
  );
});

test('a timeline tells the status that each request has at the end of each moment', () => {
  fc.assert(
    fc.property(anyConfig, codes, (config, numbers) => {
      const history = new History(config);
      for (const number of numbers) history.push(operationOf(number, history.last.state));
      for (let index = 0; index <= history.length; index++)
        for (const { id, status } of history.at(index).state.requests)
          expect(history.series.spans(id).findLast(({ from }) => from <= index)?.status).toBe(status);
    }),
    { numRuns: 100 },
  );
});

test('lists that share their parts keep to themselves', () => {
  const long = Rows.of(Array.from({ length: 200 }, (_, i) => i));
  const edit = long.edit();
  edit.set(130, -1);
  edit.push(200);
  const changed = edit.done();
  expect([...long]).toEqual(Array.from({ length: 200 }, (_, i) => i));
  expect([changed.at(129), changed.at(130), changed.at(200), changed.length]).toEqual([129, -1, 200, 201]);
  expect(() => long.at(200)).toThrow(RangeError);

  const stem = Tail.of([1, 2]);
  const branches = [stem.append([3, 4]), stem.append([3]), stem.append([5, 6]), stem.append([3, 4, 7])];
  expect(branches.map((branch) => [...branch])).toEqual([
    [1, 2, 3, 4],
    [1, 2, 3],
    [1, 2, 5, 6],
    [1, 2, 3, 4, 7],
  ]);
  expect([stem.length, stem.at(2), [...stem]]).toEqual([2, undefined, [1, 2]]);
});
