/**
 * Liveness: every accepted request finishes, whatever the configuration; a refused one is told the smallest pool that
 * would do, and that pool does.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  add,
  apply,
  configOf,
  type Config,
  create,
  hitRate,
  type NewRequest,
  type Operation,
  type RuleSet,
  Simulation,
  type State,
} from '.';
import { peakBlocks } from './config';
import { configs } from './testing/random-operations';
import { WORKLOADS } from './workloads';

const RULES = ['v1-2026', 'v1-2025', 'paper'] as const satisfies readonly RuleSet[];

/** A request that arrives at a later step. Prompts are words over two letters, so that many begin alike. */
interface Coming {
  readonly at: number;
  readonly prompt: readonly number[];
  readonly generate: number;
  readonly outside: boolean;
  readonly forks: number;
}

const coming: fc.Arbitrary<Coming> = fc.record({
  at: fc.nat(30),
  prompt: fc.oneof(
    fc.array(fc.nat(1), { minLength: 1, maxLength: 20 }),
    fc.integer({ min: 1, max: 20 }).map((n) => Array.from({ length: n }, (_, i) => i)),
  ),
  generate: fc.integer({ min: 1, max: 14 }),
  outside: fc.nat(4).map((n) => n === 0),
  forks: fc.constantFrom(0, 0, 0, 1, 2),
});

/** Appends every awaited token, so that no request waits for one from outside. */
function bring(start: State): State {
  let state = start;
  for (const id of start.running) {
    const { tokens, computed, source } = state.requests.at(id);
    if (source === 'outside' && computed === tokens.length)
      ({ state } = apply(state, { op: 'append', request: id, tokens: [id % 2] }));
  }
  return state;
}

const unfinished = (state: State): number[] =>
  [...state.requests].filter(({ status }) => status !== 'finished').map(({ id }) => id);

/** Runs all that comes to its end; throws when that takes more steps than any order of service could. */
function drain(config: Config, requests: readonly Coming[]): State {
  let state = create(config);
  const open = requests.toSorted((a, b) => a.at - b.at);
  const log: Operation[] = [];
  const act = (operation: Operation): void => {
    log.push(operation);
    ({ state } = apply(state, operation));
  };
  // The oldest request makes progress in every step, except when another one is admitted. So it needs few steps more
  // than it has tokens.
  const bound = (): number => 32 + 4 * [...state.requests].reduce((sum, { finalLength }) => sum + finalLength + 2, 0);
  for (let since = 0; open.length > 0 || unfinished(state).length > 0; since++) {
    while (open[0] && open[0].at <= state.step) {
      const { prompt, generate, outside } = open[0];
      act({ op: 'add', name: 'r', prompt, generate, source: outside ? 'outside' : 'seeded' });
      const id = state.requests.length - 1;
      if (id >= 0 && open[0].forks > 0)
        for (let i = 0; i < open[0].forks; i++) act({ op: 'fork', request: id, name: 'f' });
      open.shift();
      since = 0;
    }
    act({ op: 'step' });
    state = bring(state);
    if (since > bound())
      throw new Error(`${unfinished(state).length} never end\n${log.map((each) => JSON.stringify(each)).join('\n')}`);
  }
  return state;
}

const anyConfig = fc.constantFrom(...RULES).chain(configs);
/** 10,000 runs in a soak: `LIVENESS_RUNS=10000`. */
const RUNS = Number(process.env['LIVENESS_RUNS'] ?? 300);
const SOAK_MS = 900_000;

test('every accepted request finishes within a bounded number of steps', () => {
  fc.assert(
    fc.property(anyConfig, fc.array(coming, { minLength: 1, maxLength: 8 }), (config, requests) => {
      drain({ ...config, maxLength: 40 }, requests);
    }),
    { numRuns: RUNS },
  );
});

test('a refused request is told the smallest pool that would do, and in that pool it finishes, whoever else is there', () => {
  let refusals = 0;
  const one = fc.tuple(anyConfig, fc.array(coming, { minLength: 1, maxLength: 6 }), coming);
  fc.assert(
    fc.property(one, ([config, others, wanted]) => {
      const small: Config = { ...config, maxLength: 40 };
      const request: NewRequest = { name: 'r', prompt: wanted.prompt, generate: wanted.generate };
      const [event] = add(create(small), request).events;
      if (event?.kind !== 'refuse') return;
      expect(event).toMatchObject({ reason: 'never-fits', have: small.blocks - 1 });
      refusals += 1;
      const need = event.need ?? 0;
      const enough: Config = { ...small, blocks: need + 1 };
      expect(add(create({ ...small, blocks: need }), request).events).toMatchObject([{ kind: 'refuse', need }]);
      const { prompt, generate } = wanted;
      const end = drain(enough, [...others, wanted]);
      const done = [...end.requests].some(
        ({ promptLength, finalLength }) => promptLength === prompt.length && finalLength === prompt.length + generate,
      );
      expect(done).toBe(true);
    }),
    { numRuns: RUNS },
  );
  expect(refusals).toBeGreaterThan(RUNS / 50);
});

/**
 * Every chunk that may be computed at once, block by block: those of its own tokens, those its window sees, and with V1
 * and a window of 1 the found one.
 */
function bruteForce({ blockSize, window, budget, rules, sharing }: Config, finalLength: number): number {
  const tokens = finalLength - 1;
  const longest = rules === 'paper' ? tokens : budget;
  let most = 0;
  for (let start = 0; start < tokens; start++)
    for (let count = 1; count <= Math.min(longest, tokens - start); count++) {
      const held = new Set<number>();
      const visible = window === 0 ? 0 : Math.max(0, start - window + 1);
      for (let at = visible; at < start + count; at++) held.add(Math.floor(at / blockSize));
      if (window === 1 && sharing && start > 0 && start % blockSize === 0) held.add(start / blockSize - 1);
      most = Math.max(most, held.size);
    }
  return most;
}

test('the peak is that of all chunks, one by one', () => {
  fc.assert(
    fc.property(anyConfig, fc.integer({ min: 2, max: 60 }), (config, finalLength) => {
      expect(peakBlocks(config, finalLength)).toBe(bruteForce(config, finalLength));
    }),
  );
});

describe('what waited for ever', () => {
  test('a window of one token, and the block that a lookup found behind it', () => {
    const config = { ...plainConfig('v1-2026'), blockSize: 2, blocks: 2, window: 1, budget: 1, sharing: true };
    const wanted = { name: 'B', prompt: [1, 2, 3], generate: 1 };
    expect(add(create(config), wanted).events).toMatchObject([
      { kind: 'refuse', reason: 'never-fits', need: 2, have: 1 },
    ]);
    let { state } = add(create({ ...config, blocks: 3 }), { name: 'A', prompt: [1, 2], generate: 1 });
    for (let i = 0; i < 4; i++) ({ state } = apply(state, { op: 'step' }));
    ({ state } = add(state, wanted));
    for (let i = 0; i < 4; i++) ({ state } = apply(state, { op: 'step' }));
    expect([...state.requests].map(({ status }) => status)).toEqual(['finished', 'finished']);
  });

  test('chat with blocks of 4, a pool of 5, a window of 1 and a budget of 17', () => {
    const chat = WORKLOADS.find(({ id }) => id === 'chat');
    if (!chat) throw new Error('chat');
    const simulation = new Simulation(chat, configOf(chat, { blockSize: 4, blocks: 6, window: 1, budget: 17 }));
    expect(simulation.advance(3000)).toBeLessThan(3000);
  });
});

function plainConfig(rules: RuleSet): Config {
  return { ...configOf(WORKLOADS[0]), rules, shuffle: 1, watermark: 0, cpuBlocks: 0, maxRunning: 4 };
}

describe('workloads at the ends of their settings', () => {
  const small = WORKLOADS.filter(({ id }) => id !== 'scale' && id !== 'marathon');
  const extremes = fc.record({
    rules: fc.constantFrom(...RULES),
    blockSize: fc.constantFrom(1, 2, 3, 16, 255, 256),
    blocks: fc.constantFrom(2, 3, 6, 17, 4000),
    budget: fc.constantFrom(1, 2, 17, 8192),
    window: fc.constantFrom(0, 1, 2, 5, 4096),
    victim: fc.constantFrom('last' as const, 'most-blocks' as const, 'fewest-computed' as const),
    watermark: fc.constantFrom(0, 0.1),
    preemption: fc.constantFrom('auto' as const, 'recompute' as const, 'swap' as const),
    sharing: fc.boolean(),
    seed: fc.nat(999_999),
  });
  test.each(small)(
    '$id comes to an end',
    (workload) => {
      fc.assert(
        fc.property(extremes, (changes) => {
          const simulation = new Simulation(workload, configOf(workload, changes));
          const most = 60_000;
          if (simulation.advance(most) === most) throw new Error('it goes on and on');
        }),
        { numRuns: Math.min(100, Math.ceil(RUNS / 20)) },
      );
    },
    SOAK_MS,
  );
});

test('tokens that are no whole numbers, and so many of them, are refused with a reason', () => {
  const state = create(configOf(WORKLOADS[0]));
  // Under a window the peak is found by going through the length, which has to be one.
  const sliding = create({ ...state.config, window: 1 });
  expect(add(sliding, { name: 'r', prompt: [1], generate: Infinity }).events).toMatchObject([{ reason: 'not-whole' }]);
  for (const generate of [1.5, NaN, Infinity, -Infinity])
    expect(add(state, { name: 'r', prompt: [1], generate })).toEqual({
      state,
      events: [{ kind: 'refuse', attempt: 'add', request: -1, reason: 'not-whole' }],
    });
  for (const generate of [0, -1])
    expect(add(state, { name: 'r', prompt: [1], generate }).events).toMatchObject([{ reason: 'nothing-to-generate' }]);
  expect(add(state, { name: 'r', prompt: [1, NaN], generate: 1 }).events).toMatchObject([{ reason: 'not-whole' }]);
  const there = add(state, { name: 'r', prompt: [1], generate: 3 }).state;
  expect(apply(there, { op: 'append', request: 0, tokens: [0.5] })).toMatchObject({
    state: there,
    events: [{ reason: 'not-whole' }],
  });
  expect(apply(there, { op: 'fork', request: 0, name: 'f', token: -1 })).toMatchObject({
    state: there,
    events: [{ reason: 'not-whole' }],
  });
});

describe('hit rate', () => {
  const run = (rules: RuleSet, prompts: readonly (readonly number[])[], blocks: number): State => {
    let state = create({ ...plainConfig(rules), blockSize: 4, blocks, budget: 64, maxLength: 64, sharing: true });
    for (const [i, prompt] of prompts.entries()) ({ state } = add(state, { name: `${i}`, prompt, generate: 12 }));
    while (unfinished(state).length > 0) ({ state } = apply(state, { op: 'step' }));
    return state;
  };
  const disjoint = [Array.from({ length: 17 }, (_, i) => 100 + i), Array.from({ length: 17 }, (_, i) => 200 + i)];

  test.each(RULES.slice(0, 2))(
    'of two disjoint prompts is 0 under %s, however often one comes back to its own blocks',
    (rules) => {
      const state = run(rules, disjoint, 12);
      expect(state.counters.preemptions).toBeGreaterThan(0);
      expect(hitRate(state)).toBe(0);
      expect(state.counters).toMatchObject({ asked: 34, hitTokens: 0 });
      expect(state.counters.hitAgain).toBeGreaterThan(0);
      expect(state.counters.hitAgain).toBeLessThan(state.counters.askedAgain);
    },
  );

  test('of a prompt that came before counts it', () => {
    const state = run('v1-2026', [disjoint[0] ?? [], [...(disjoint[0] ?? []).slice(0, 9), 7]], 40);
    expect(state.counters).toMatchObject({ asked: 27, hitTokens: 8, askedAgain: 0, hitAgain: 0 });
  });
});
