/**
 * Every workload under every rule set: it ends, no invariant breaks on the way, and the story shows what it is meant to
 * show.
 */
import { describe, expect, test } from 'vitest';
import {
  configOf,
  contiguousWaste,
  type Moment,
  type PagingEvent,
  pagedWaste,
  type RuleSet,
  Simulation,
  type Waste,
  WORKLOADS,
} from '.';
import { violation } from './testing/invariants';
import { story, storyZh } from './workloads/story';

const RULES: readonly RuleSet[] = ['v1-2026', 'v1-2025', 'paper'];
const LARGE = new Set(['scale', 'marathon']);

const total = ({ token, reserved, internal, external, free }: Waste) => token + reserved + internal + external + free;

/** Lives a workload to its end, `look`ing at every moment. */
function live(simulation: Simulation, look: (moment: Moment) => void, most = 2000): number {
  let operations = 0;
  while (operations < most && simulation.advance(1) === 1) {
    operations += 1;
    look(simulation.history.last);
  }
  return operations;
}

describe.each(WORKLOADS.filter(({ id }) => !LARGE.has(id)))('$id', (workload) => {
  test.each(RULES)('under %s', (rules) => {
    const simulation = new Simulation(workload, configOf(workload, { rules }));
    const operations = live(simulation, ({ state, contiguous }) => {
      const wrong = violation(state);
      if (wrong) throw new Error(wrong);
      const wastes = [pagedWaste(state), ...contiguous.map(contiguousWaste)];
      if (wastes.some((waste) => total(waste) !== waste.slots || Object.values(waste).some((part) => part < 0)))
        throw new Error(`the parts do not add up: ${JSON.stringify(wastes)}`);
    });
    expect(simulation.finished).toBe(true);
    expect(operations).toBeLessThan(2000);
    const { state } = simulation.history.last;
    expect([...state.requests].every(({ status }) => status === 'finished')).toBe(true);
    expect(state.freeBlocks).toBe(state.config.blocks - 1);
  });
});

test.each([...LARGE])('%s: a thousand operations leave everything in order', (id) => {
  const workload = WORKLOADS.find((each) => each.id === id);
  if (!workload) throw new Error(id);
  const simulation = new Simulation(workload, configOf(workload));
  simulation.advance(1006);
  expect(violation(simulation.history.last.state)).toBeUndefined();
  expect(simulation.history.last.state.running.length).toBeGreaterThan(5);
});

describe('the story', () => {
  const simulation = new Simulation(story, configOf(story));
  live(simulation, () => undefined);
  const { history } = simulation;
  const moments = Array.from({ length: history.length + 1 }, (_, index) => history.at(index));
  const all = moments.flatMap(({ events }) => events);
  const of = <K extends PagingEvent['kind']>(kind: K) =>
    all.filter((event): event is Extract<PagingEvent, { kind: K }> => event.kind === kind);

  test('takes less than 60 moments', () => {
    expect(moments.length).toBeLessThan(60);
  });

  test('has scattered blocks: Ada neither begins at the first nor runs on in order', () => {
    const table =
      moments
        .findLast(({ state }) => (state.requests.length > 0 ? state.requests.at(0).table.length > 3 : false))
        ?.state.requests.at(0).table ?? [];
    const neighbours = table.slice(1).filter((block, i) => block === (table[i] ?? 0) + 1);
    expect(table.length).toBeGreaterThan(3);
    expect(neighbours.length).toBeLessThan(table.length / 2);
  });

  test('has a prefix that Ben shares with Ada', () => {
    const [ada, ben] = of('lookup');
    expect(ada).toMatchObject({ request: 0, hitTokens: 0 });
    expect(ben).toMatchObject({ request: 1, hitTokens: 8 });
  });

  test('has one fork, one copy-on-write, one preemption, one ended by hand', () => {
    for (const kind of ['fork', 'copy-on-write', 'preempt', 'free'] as const) expect(of(kind)).toHaveLength(1);
    expect(of('copy-on-write')).toMatchObject([{ slots: 3, refCount: 1 }]);
    expect(of('preempt')).toMatchObject([{ request: 1, how: 'recompute' }]);
  });

  test('has Ben come back to the blocks that Ada still holds, and recompute the rest', () => {
    expect(of('admit').findLast(() => true)).toMatchObject({ request: 1, resumed: true, hitTokens: 8 });
    expect(history.last.state.requests.at(1).recomputed).toBe(12);
  });

  test('is refused once by the arithmetic before that', () => {
    const sums = of('refuse').filter(({ attempt, reason }) => attempt === 'admit' && reason === 'blocks');
    expect(sums.length).toBeGreaterThan(0);
    for (const { arithmetic } of sums)
      expect((arithmetic?.fresh ?? 0) + (arithmetic?.idleHits ?? 0)).toBeGreaterThan(arithmetic?.free ?? Infinity);
  });
});

test('a workload with the same seed is the same, with another seed another', () => {
  const [storm] = WORKLOADS.filter(({ id }) => id === 'storm');
  if (!storm) throw new Error('storm');
  const log = (seed: number) => {
    const simulation = new Simulation(storm, configOf(storm, { seed }));
    simulation.advance(200);
    return simulation.history.operations();
  };
  expect(log(5)).toEqual(log(5));
  expect(log(5)).not.toEqual(log(6));
});

test('the story in Chinese tells the same at the same moments, in Chinese', () => {
  const runs = [story, storyZh].map((workload) => {
    const simulation = new Simulation(workload, configOf(workload));
    const kinds: string[] = [];
    live(simulation, ({ events }) => kinds.push(events.map(({ kind }) => kind).join()));
    return { kinds, state: simulation.history.last.state };
  });
  expect(runs[1]!.kinds).toEqual(runs[0]!.kinds);
  expect(runs[0]!.kinds.length).toBeGreaterThan(20);
  for (const { name, tokens } of runs[1]!.state.requests) {
    expect(name).toMatch(/^小[安北]( 2)?$/);
    expect(String.fromCodePoint(...tokens)).toMatch(/^请友善地回答我：[\p{Script=Han}？]+$/u);
  }
});
