// Verdicts on samples with a known ratio: drawn with many kinds of noise, hundreds of times each.
import { describe, expect, it, test } from 'vitest';
import { mixSeed, mulberry32, normal } from '../ops/random';
import { judge, pairedRatio, spread, verdictOf, type Measured, type Verdict } from './stats';

/** Fresh ones every time; named in what fails. */
const START = Date.now() % 2 ** 31;
const SEEDS = 300;
const ROUNDS = 12;

/** What a machine does to a sample of 1 ms, beside the load of its round that all players of the round share. */
const NOISE: Record<string, (random: () => number, round: number) => number> = {
  'one per cent': (random) => 1 + 0.01 * normal(random)(),
  'ten per cent': (random) => Math.max(0.2, 1 + 0.1 * normal(random)()),
  'rare long pauses': (random) => (random() < 0.1 ? 1 + 5 * random() : 1 + 0.005 * normal(random)()),
  'two speeds of the clock': (random) => (random() < 0.5 ? 1 : 1.4) * (1 + 0.002 * normal(random)()),
  'a device that warms up': (random, round) => (1 + 0.3 / (1 + round)) * (1 + 0.01 * normal(random)()),
  'a clock of coarse steps': (random) => Math.round(10 * (1 + 0.03 * normal(random)())) / 10,
};

/** Rounds of two kernels and a control of the second; `effect` is the true ratio of the first to the second. */
function race(seed: number, noise: (random: () => number, round: number) => number, effect: number, rounds = ROUNDS) {
  const random = mulberry32(seed);
  const [first, second, again]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    const load = random() < 0.2 ? 1 + 2 * random() : 1;
    first.push(effect * load * noise(random, round));
    second.push(load * noise(random, round));
    again.push(load * noise(random, round));
  }
  const of = (samples: number[]): Measured => ({ samples, batch: 1 });
  return judge(of(first), of(second), pairedRatio(second, again), { stepped: false, step: 1e-6 }).verdict;
}

/** How often a verdict comes. */
const rate = (name: string, effect: number, wanted: readonly Verdict[], rounds?: number): number => {
  let hits = 0;
  for (let seed = 0; seed < SEEDS; seed++)
    if (wanted.includes(race(mixSeed(START, seed), NOISE[name]!, effect, rounds))) hits++;
  return hits / SEEDS;
};

describe.each(Object.keys(NOISE))(`under %s, seeds from ${START}`, (name) => {
  it('no effect is hardly ever called one', () => {
    for (const rounds of [5, 8, ROUNDS]) expect(rate(name, 1, ['first', 'second'], rounds)).toBeLessThanOrEqual(0.02);
  });
  it('a large effect is found, whichever way, and never turned round', () => {
    expect(rate(name, 30, ['second'])).toBeGreaterThan(0.97);
    expect(rate(name, 1 / 30, ['first'])).toBeGreaterThan(0.97);
    for (const effect of [1.2, 3]) expect(rate(name, effect, ['first'])).toBeLessThanOrEqual(0.01);
  });
});

it('a small effect is found where the machine is quiet', () => {
  expect(rate('one per cent', 1.1, ['second'])).toBeGreaterThan(0.95);
});

describe('the cases that were told wrongly', () => {
  const s = (median: number, p10 = median, p90 = median, n = 12) => ({ median, p10, p90, n });
  test('a ratio of 0.984 beside an A/A of 1.049 is no winner', () => {
    expect(verdictOf(s(0.984, 0.982, 0.987), s(1.049, 1.045, 1.053))).toBe('within-control');
    expect(verdictOf(s(1.016, 1.013, 1.018), s(1.049, 1.045, 1.053))).toBe('within-control');
    expect(verdictOf(s(0.984, 0.982, 0.987), s(0.953, 0.95, 0.957))).toBe('within-control');
  });
  test('29.6 times beside an A/A of 1.136 is one', () => {
    expect(verdictOf(s(29.6, 27, 32), s(1.136, 1.05, 1.2))).toBe('second');
    expect(verdictOf(s(1 / 29.6, 1 / 32, 1 / 27), s(1.136, 1.05, 1.2))).toBe('first');
  });
  test('what spans 1 is no difference; below five rounds nothing is said', () => {
    expect(verdictOf(s(0.95, 0.8, 1.1), s(1))).toBe('no-difference');
    expect(verdictOf(s(0.4, 0.4, 0.4, 4), s(1))).toBe('too-few');
    expect(verdictOf(s(0.4), s(1, 1, 1, 4))).toBe('too-few');
    expect(verdictOf(s(NaN, NaN, NaN, 0), s(1))).toBe('too-few');
  });
  test('a control that could not be read says nothing of a ratio that could', () => {
    expect(verdictOf(s(0.5), spread([]))).toBe('too-few');
  });
});
