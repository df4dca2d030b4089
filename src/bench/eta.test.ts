// The estimated time left of a sweep, against a simulated sweep, sample by sample, with a clock that only advances when
// something runs.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { flops } from '../ops/attention/cost';
import type { Shape } from '../ops/attention/shape';
import { corrected, createEtaTracker, roundsLeft } from './eta';
import { estimate, learned, predict, shapesOf, withinBudget, type Pace, type Plan } from './plan';
import { race, RACE, type Player } from './protocol';

interface Machine {
  /** Everything takes so many times as long, because others use the machine. */
  load: number;
  /** ms of a submit, whatever it holds; of compiling a kernel; of checking it. */
  submit: number;
  compile: number;
  check: number;
  /** Operations a ms, by kernel. */
  speeds: Record<string, number>;
}

interface EtaReading {
  at: number;
  left: number;
  /** What the estimate without a look at the clock says. */
  blind: number;
  point: number;
}

/** Plays a sweep by the protocol itself and notes what was said at every round. */
async function play(plan: Plan, machine: Machine): Promise<{ said: EtaReading[]; end: number }> {
  const { load, submit, compile, check, speeds } = machine;
  let now = 0;
  const paces = new Map<string, Pace>();
  const eta = createEtaTracker(plan, paces, true, () => now);
  const shapes = shapesOf(plan);
  const said: EtaReading[] = [];
  const player = (id: string, ms: number): Player => ({
    id,
    run: (k) => {
      const wall = load * (submit + k * ms);
      now += wall;
      return Promise.resolve({ wall, gpu: load * k * ms });
    },
  });
  for (const [point, shape] of shapes.entries()) {
    const ahead = shapes.slice(point + 1);
    const note = (): void =>
      void said.push({ at: now, left: eta.left(ahead), blind: estimate(ahead, plan, paces, true), point });
    eta.begin(shape);
    note();
    // As the sweep does: what would not fit the point is left out.
    const foreseen = new Map(plan.kernels.map((id) => [id, point === 0 ? 0 : predict(shape, paces.get(id), true).ms]));
    const { kept } = withinBudget(foreseen, plan.budgetMs);
    if (kept.length === 0) continue;
    now += load * compile * kept.length;
    const own = kept.map((id) => player(id, flops(shape) / speeds[id]!));
    const players = [
      ...own,
      { ...own.at(-1)!, id: 'control' },
      player('fma', 3),
      player('copy', 3),
      player('null', 0.01),
    ];
    const { wall } = await race(players, {
      ...RACE,
      budgetMs: plan.budgetMs,
      now: () => now,
      onProgress: (done, of) => {
        eta.round(done, of);
        note();
      },
    });
    now += load * check * kept.length;
    for (const id of kept) {
      const ms = wall[id]!.toSorted((a, b) => a - b)[wall[id]!.length >> 1]!;
      paces.set(id, learned(paces.get(id), { flops: flops(shape), ms }, load * compile));
    }
    eta.end();
  }
  return { said, end: now };
}

const anyMachine = fc.record({
  load: fc.double({ min: 1, max: 8, noNaN: true }),
  submit: fc.double({ min: 0.1, max: 3, noNaN: true }),
  compile: fc.integer({ min: 20, max: 600 }),
  check: fc.integer({ min: 5, max: 400 }),
  speeds: fc.record({ naive: fc.integer({ min: 3e5, max: 6e6 }), flash2: fc.integer({ min: 3e5, max: 6e6 }) }),
});

const plan: Plan = {
  kernels: ['naive', 'flash2'],
  masks: ['causal'],
  lengths: [64, 96, 128, 192, 256, 384],
  decoding: false,
  batch: 1,
  heads: 2,
  kvHeads: 2,
  dim: 32,
  budgetMs: 10_000,
};

describe('what is said to be left of a sweep', () => {
  test('is about what it takes, once two points are over, however busy the machine is', async () => {
    await fc.assert(
      fc.asyncProperty(anyMachine, async (machine) => {
        const { said, end } = await play(plan, machine);
        const later = said.filter(({ point, at }) => point >= 2 && end - at > 0.1 * end);
        for (const { at, left } of later)
          expect([left / (end - at) > 0.5, left / (end - at) < 2]).toEqual([true, true]);
      }),
    );
  });

  test('says more than the kernels’ own times where the rest of the work is slow', async () => {
    const { said, end } = await play(plan, {
      load: 6,
      submit: 0.5,
      compile: 300,
      check: 400,
      speeds: { naive: 5e6, flash2: 5e6 },
    });
    const { at, left, blind } = said.findLast(({ point }) => point === 2)!;
    expect(Math.abs(left - (end - at))).toBeLessThan(0.15 * (end - at));
    expect(blind).toBeLessThan(0.75 * (end - at));
  });

  test('does not count the time in which nobody looked', () => {
    let now = 0;
    const eta = createEtaTracker(plan, new Map(), true, () => now);
    const [first, ...ahead] = shapesOf(plan) as [Shape, ...Shape[]];
    eta.begin(first);
    now += 10;
    const before = eta.left(ahead);
    now += 1e6;
    eta.paused(1e6);
    expect(eta.left(ahead)).toBe(before);
  });
});

test('a point takes what its kernels say and what points before took beyond that, the last of them first', () => {
  expect(corrected(100, [])).toBe(100);
  expect(corrected(100, [{ predicted: 10, took: 60 }])).toBe(150);
  expect(
    corrected(100, [
      { predicted: 10, took: 10 },
      { predicted: 10, took: 70 },
    ]),
  ).toBeCloseTo(140, 9);
  expect(corrected(100, [{ predicted: 40, took: 20 }])).toBe(50);
});

test('rounds go on as they went, as far as the budget allows', () => {
  const rounds = { first: { at: 100, done: 1 }, last: { at: 400, done: 4 }, of: 12 };
  expect(roundsLeft(rounds, 400, 1e6)).toBe(800);
  // Started at 0: the round that runs at 650 ms is the last.
  expect(roundsLeft(rounds, 400, 650)).toBe(300);
  expect(roundsLeft({ ...rounds, last: rounds.first }, 400, 1e6)).toBeUndefined();
});
