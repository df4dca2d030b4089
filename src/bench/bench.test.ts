// The protocol against players with known times and a clock of our own.
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { clockResolution, race, type Player } from './protocol';
import { pairedRatio, quantile, spread, verdictOf } from './stats';

const player = (id: string, ms: number, log: string[]): Player => ({
  id,
  run: async (k) => {
    log.push(id);
    return { wall: ms * k, gpu: ms * k * 0.5 };
  },
});
const options = { warmups: 2, minSampleMs: 10, rounds: 6, budgetMs: 1e9 };

describe('race', () => {
  it('takes turns, the start moving on by one', async () => {
    const log: string[] = [];
    await race([player('a', 20, log), player('b', 20, log), player('c', 20, log)], { ...options, rounds: 3 });
    expect(log.slice(6).join('')).toBe('abcbcacab');
  });
  it('batches short runs up to the shortest sample and reports a single run', async () => {
    const result = await race([player('fast', 0.5, []), player('slow', 30, [])], options);
    expect(result.batch).toEqual({ fast: 20, slow: 1 });
    expect(result.wall.fast).toEqual(Array.from({ length: 6 }, () => 0.5));
    expect(result.gpu.slow).toEqual(Array.from({ length: 6 }, () => 15));
  });
  it('throws rounds away while nobody looks', async () => {
    let looks = 0;
    const result = await race([player('a', 10, [])], { ...options, attended: () => ++looks > 3 });
    expect(result.discarded).toBe(3);
    expect(result.wall.a).toHaveLength(6);
  });
  it('stops at the budget with what it has', async () => {
    let t = 0;
    const slow: Player = { id: 'a', run: async (k) => ((t += 100 * k), { wall: 100 * k }) };
    const result = await race([slow], { ...options, rounds: 50, budgetMs: 500, now: () => t });
    expect(result.wall.a?.length).toBeLessThan(8);
    expect(Number.isNaN(result.gpu.a?.[0])).toBe(true);
  });
  it('can be cancelled between samples', async () => {
    const stop = new AbortController();
    const p: Player = { id: 'a', run: async () => (stop.abort(), { wall: 20 }) };
    await expect(race([p], { ...options, signal: stop.signal })).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('statistics', () => {
  it('quantiles lie within the samples and grow with p', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.001, max: 1e6, noNaN: true }), { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (xs, p) => {
          const q = quantile(xs, p);
          return (
            q >= Math.min(...xs) &&
            q <= Math.max(...xs) &&
            quantile(xs, 0) === Math.min(...xs) &&
            quantile(xs, 1) === Math.max(...xs) &&
            spread(xs).p10 <= spread(xs).p90
          );
        },
      ),
      { seed: 7 },
    );
  });
  it('pairs by round, so that a load on both cancels', () => {
    const load = [1, 5, 2, 9, 3, 1];
    const ratio = pairedRatio(
      load.map((x) => 2 * x),
      load.map((x) => 8 * x),
    );
    expect(ratio).toEqual({ median: 0.25, p10: 0.25, p90: 0.25, n: 6 });
  });
  it('names a winner only when the control allows and the spread leaves 1 out', () => {
    const s = (median: number, p10 = median, p90 = median, n = 10) => ({ median, p10, p90, n });
    expect(verdictOf(s(0.4), s(1))).toBe('first');
    expect(verdictOf(s(2.5), s(1.02))).toBe('second');
    expect(verdictOf(s(0.4), s(1.06))).toBe('control-off');
    expect(verdictOf(s(0.95, 0.8, 1.1), s(1))).toBe('no-difference');
    expect(verdictOf(s(0.4, 0.4, 0.4, 4), s(1))).toBe('too-few');
  });
});

it('finds the step of a clock', () => {
  let i = 0;
  expect(clockResolution(() => Math.floor(i++ / 3) * 0.25, 100)).toBe(0.25);
});
