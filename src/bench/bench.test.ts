// The protocol with players of known times and simulated clocks.
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { passTime } from '../machine/gpu/stamps';
import { chunks } from '../machine/gpu/time';
import { clockResolution, commonStep, doneStep, type Sample } from './clock';
import { race, RACE, type Player, type RaceOptions } from './protocol';
import { judge, pairedRatio, quantile, shortest, spread } from './stats';

/** A device whose clock is `wall`, a function of the time that has really gone by. */
class FakeDevice {
  t = 0;
  readonly #reported: (t: number) => number;
  constructor(reported: (t: number) => number = (t) => t) {
    this.#reported = reported;
  }
  now = (): number => this.t;
  /** Work that takes so long, reported as done when the browser looks next. */
  submit(ms: number): number {
    const began = this.t;
    this.t = this.#reported(this.t + ms);
    return this.t - began;
  }
}
/** Looks ten times a second. */
const tenTimes = (t: number): number => Math.ceil(t / 100 - 1e-9) * 100;

const player = (id: string, device: FakeDevice, ms: number, fixed = 0, gpu?: (ms: number) => number): Player => ({
  id,
  run: (k) => {
    const sample: Sample = { wall: device.submit(fixed + ms * k), ...(gpu && { gpu: gpu(ms * k) }) };
    return Promise.resolve(sample);
  },
});
const options: RaceOptions = { ...RACE, rounds: 6, budgetMs: 1e9 };

describe('race', () => {
  it('takes turns, the start moving on by one', async () => {
    const log: string[] = [];
    const logged = (id: string): Player => ({ id, run: (k) => (log.push(id), Promise.resolve({ wall: 20 * k })) });
    await race([logged('a'), logged('b'), logged('c')], { ...options, rounds: 3 });
    expect(log.slice(6).join('')).toBe('abcbcacab');
  });
  it('batches short runs until the clock in use reads a sample as long, whatever fixed cost its wall time has', async () => {
    const device = new FakeDevice();
    const cost = fc.record({
      ms: fc.double({ min: 1e-3, max: 40, noNaN: true }),
      fixed: fc.double({ min: 0, max: 30, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(cost, fc.boolean(), async ({ ms, fixed }, stamped) => {
        const result = await race([player('a', device, ms, fixed, stamped ? (x) => x : undefined)], options);
        expect(result.clock).toBe(stamped ? 'timestamp' : 'wall');
        const { a: samples = [] } = stamped ? result.gpu : result.wall;
        expect(samples).toHaveLength(6);
        const batch = result.batch['a'] ?? 0;
        expect(shortest({ samples, batch })).toBeGreaterThanOrEqual(10);
        // No longer than it takes: a batch of one, or about the length that is aimed at.
        if (stamped) expect(batch === 1 || batch * ms <= 2 * 12.5 + ms).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
  it('a sample of 0.28 ms that one wall time with its fixed cost asks for grows to 10 ms', async () => {
    const device = new FakeDevice();
    // 9.9 ms to submit, 0.14 ms of work: by the first wall time two runs would do.
    const result = await race([player('a', device, 0.14, 9.9, (ms) => ms)], options);
    expect((result.batch['a'] ?? 0) * 0.14).toBeGreaterThanOrEqual(10);
  });
  it('a device that becomes faster once it is warm gets longer batches, and the short rounds go', async () => {
    let runs = 0;
    const warming: Player = { id: 'a', run: (k) => Promise.resolve({ wall: k, gpu: k * (++runs > 6 ? 0.2 : 1) }) };
    const result = await race([warming], options);
    expect(result.gpu['a']).toEqual(Array.from({ length: 6 }, () => expect.closeTo(0.2, 9)));
    expect((result.batch['a'] ?? 0) * 0.2).toBeGreaterThanOrEqual(10);
  });
  it('a single run stays one, and is not waited for', async () => {
    const device = new FakeDevice();
    const empty = { ...player('null', device, 0.01), single: true };
    const result = await race([player('a', device, 1), empty], options);
    expect(result.batch).toMatchObject({ null: 1 });
    expect(result.wall['null']).toHaveLength(6);
  });
  it('throws rounds away while nobody looks', async () => {
    let looks = 0;
    const result = await race([player('a', new FakeDevice(), 20)], { ...options, attended: () => ++looks > 3 });
    expect(result.discarded).toBe(3);
    expect(result.wall['a']).toHaveLength(6);
  });
  it('stops at the budget with what it has', async () => {
    const device = new FakeDevice();
    const result = await race([player('a', device, 100)], { ...options, rounds: 50, budgetMs: 500, now: device.now });
    expect(result.wall['a']?.length).toBeLessThan(8);
    expect(Number.isNaN(result.gpu['a']?.[0])).toBe(true);
  });
  it('can be cancelled between samples', async () => {
    const stop = new AbortController();
    const p: Player = { id: 'a', run: () => (stop.abort(), Promise.resolve({ wall: 20 })) };
    await expect(race([p], { ...options, signal: stop.signal })).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('a browser that tells “done” ten times a second', () => {
  const measured = async (times: Record<string, number>, budgetMs: number) => {
    const device = new FakeDevice(tenTimes);
    const step = await doneStep(() => Promise.resolve(device.submit(0.01)));
    const players = Object.entries(times).map(([id, ms]) => player(id, device, ms, 0.02));
    const result = await race(players, { ...options, rounds: 12, budgetMs, doneMs: step, now: device.now });
    const of = (id: string) => ({ samples: result.wall[id] ?? [], batch: result.batch[id] ?? 1 });
    return { step, result, of };
  };
  it('its step is found', async () => {
    expect((await measured({ a: 1 }, 1e9)).step).toBeCloseTo(100, 6);
    const quick = new FakeDevice();
    expect(await doneStep(() => Promise.resolve(quick.submit(0.3)))).toBeCloseTo(0.3, 9);
  });
  it('0.15 and 0.05 ms both read 100 ms a run at first; grown to many steps their ratio is 3, within what the step allows', async () => {
    const { step, of } = await measured({ slow: 0.15, fast: 0.05, again: 0.05 }, 20_000);
    for (const id of ['slow', 'fast']) expect(shortest(of(id)) / step).toBeGreaterThanOrEqual(8);
    expect(of('slow').samples.length).toBeGreaterThanOrEqual(5);
    const control = pairedRatio(of('fast').samples, of('again').samples);
    const { ratio, verdict } = judge(of('slow'), of('fast'), control, { stepped: true, step });
    expect(ratio.median).toBeGreaterThan(3 / 1.2);
    expect(ratio.median).toBeLessThan(3 * 1.2);
    expect(verdict).toBe('second');
  });
  it('with the players of a sweep and the usual budget there are rounds enough, and steps enough', async () => {
    const times = { naive: 0.15, flash2: 0.4, flash: 0.05, again: 0.05, fma: 3, copy: 0.7 };
    const { step, of } = await measured(times, 20_000);
    for (const id of Object.keys(times)) {
      expect(of(id).samples.length).toBeGreaterThanOrEqual(5);
      expect(shortest(of(id)) / step).toBeGreaterThanOrEqual(5);
    }
  });
  it('without time for many steps there is no verdict: a ratio of 1 for 3 is not called “no difference”', () => {
    const one = { samples: Array.from({ length: 8 }, () => 100), batch: 1 };
    const { ratio, verdict } = judge(one, one, spread(Array.from({ length: 8 }, () => 1)), {
      stepped: true,
      step: 100,
    });
    expect(ratio.median).toBe(1);
    expect(verdict).toBe('coarse-clock');
  });
  it('a difference that is no more than a step is none, though every round shows it', () => {
    const samples = (ms: number) => ({ samples: Array.from({ length: 12 }, () => ms), batch: 1 });
    const exact = spread(Array.from({ length: 12 }, () => 1));
    expect(judge(samples(1000), samples(1100), exact, { stepped: true, step: 100 }).verdict).toBe('within-control');
    expect(judge(samples(1000), samples(1100), exact, { stepped: false, step: 0.1 }).verdict).toBe('first');
  });
});

describe('timestamps', () => {
  const ns = (...ms: number[]): bigint[] => ms.map((x) => BigInt(Math.round(x * 1e6)));
  it('a pass that took nothing or ran backwards voids the reading: 120 ms never read as 90 or 70', () => {
    const four = ns(0, 30, 30, 60, 60, 90, 90, 120);
    expect(passTime(four)).toBe(120);
    expect(passTime([...four.slice(0, 6), ...ns(90, 90)])).toBeNaN();
    expect(passTime([...four.slice(0, 6), ...ns(120, 100)])).toBeNaN();
    expect(passTime(ns(5, 5))).toBeNaN();
  });
  it('are the union of the passes, as counting every moment says', () => {
    const span = fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 20 }));
    fc.assert(
      fc.property(fc.array(span, { minLength: 1, maxLength: 12 }), (spans) => {
        const covered = new Set(spans.flatMap(([from, long]) => Array.from({ length: long }, (_, i) => from + i)));
        expect(passTime(ns(...spans.flatMap(([from, long]) => [from, from + long])))).toBeCloseTo(covered.size, 9);
      }),
      { numRuns: 300 },
    );
  });
  it('one void reading costs its round alone; a clock that never reads gives way to the wall', async () => {
    let n = 0;
    const device = new FakeDevice();
    const once = await race([player('a', device, 15, 0, (ms) => (++n === 6 ? NaN : ms))], options);
    expect(once.clock).toBe('timestamp');
    expect(once.gpu['a']?.filter(Number.isNaN)).toHaveLength(1);
    for (const broken of [NaN, 0, -3]) {
      const result = await race([player('a', device, 0.2, 1, () => broken)], options);
      expect(result.clock).toBe('wall');
      expect((result.batch['a'] ?? 0) * 0.2).toBeGreaterThanOrEqual(9);
    }
  });
  it('their step is the largest that divides every reading', () => {
    expect(commonStep([10.1, 12.3, 9.9])).toBeCloseTo(0.1, 9);
    expect(commonStep([65.536 * 3, 65.536 * 7])).toBeCloseTo(65.536, 6);
    expect(commonStep([1.000001, 2])).toBeCloseTo(1e-6, 12);
  });
});

it('long batches go in submits of a quarter of a second, all of the runs among them', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.double({ min: 1e-3, max: 1000, noNaN: true }), (k, each) => {
      const parts = chunks(k, each);
      expect(parts.reduce((sum, part) => sum + part, 0)).toBe(k);
      expect(parts.every((part) => part === 1 || part * each <= 250 + 1e-9)).toBe(true);
    }),
  );
  // Nothing is known of the first: one run a submit.
  expect(chunks(3, Infinity)).toEqual([1, 1, 1]);
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
});

it('finds the step of a clock', () => {
  let i = 0;
  expect(clockResolution(() => Math.floor(i++ / 3) * 0.25, 100)).toBe(0.25);
});
