// Many moments in few pixels, against a brute-force look at every single moment.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { configOf, Simulation, WORKLOADS } from '../../../paging';
import { binned, RANKS, rankPixels, rowsIn, statusAt, stretches, windowAround } from './bins';

const lived = (id: string, most: number) => {
  const workload = WORKLOADS.find((one) => one.id === id)!;
  const simulation = new Simulation(workload, configOf(workload));
  simulation.advance(most);
  return simulation.history;
};

const storm = lived('storm', 400);

test('the status of a request in the series is the one in the state of that moment', () => {
  for (const history of [storm, lived('parallel', 100), lived('story', 100)])
    for (let index = 0; index <= history.length; index += 3) {
      const { requests } = history.at(index).state;
      for (const { id, status } of requests)
        expect([index, id, statusAt(history.series.spans(id), index)]).toEqual([index, id, status]);
    }
});

test('the window shows the moment, is of the asked size, and turns by half pages', () => {
  const at = fc.record({
    moments: fc.integer({ min: 1, max: 5000 }),
    room: fc.integer({ min: 1, max: 900 }),
    place: fc.double({ min: 0, max: 0.999, noNaN: true }),
  });
  fc.assert(
    fc.property(at, ({ moments, room, place }) => {
      const index = Math.floor(moments * place);
      const { from, to } = windowAround(index, moments, room);
      expect(to - from).toBe(Math.min(room, moments));
      expect(from >= 0 && to <= moments && index >= from && index < to).toBe(true);
    }),
  );
  const windows = new Set(Array.from({ length: 1000 }, (_, i) => windowAround(i, 1000, 100).from));
  expect(windows.size).toBeLessThanOrEqual(21);
});

test('rows are the requests that are alive in the window; a pixel shows the rarest of its moments', () => {
  const { series } = storm;
  const window = { from: 40, to: 200 };
  const alive = (id: number, index: number) => {
    const status = statusAt(series.spans(id), index);
    return status !== undefined && status !== 'finished';
  };
  const every = Array.from({ length: window.to - window.from }, (_, i) => window.from + i);
  const rows = rowsIn(series, window);
  expect(rows).toEqual(
    Array.from({ length: series.requests }, (_, id) => id).filter((id) => every.some((index) => alive(id, index))),
  );
  for (const [width, height] of [
    [40, rows.length],
    [80, 7],
  ] as const) {
    const pixels = rankPixels(series, rows, window, width, height);
    const expected = new Uint8Array(width * height);
    for (const [place, id] of rows.entries())
      for (const index of every) {
        const x = Math.floor(((index - window.from) * width) / every.length);
        const y = Math.floor((place * height) / rows.length);
        const rank = RANKS.indexOf(statusAt(series.spans(id), index) ?? 'finished');
        expected[y * width + x] = Math.max(expected[y * width + x]!, rank);
      }
    expect([...pixels]).toEqual([...expected]);
  }
  expect(new Set(rankPixels(series, rows, window, 160, rows.length))).toContain(RANKS.indexOf('preempted'));
});

test('stretches cover exactly the moments of a request that is there', () => {
  const { series } = storm;
  const window = { from: 10, to: 150 };
  for (let id = 0; id < series.requests; id++) {
    const covered = stretches(series.spans(id), window).flatMap(({ from, to, status }) =>
      Array.from({ length: to - from }, (_, i) => [from + i, status]),
    );
    const expected = Array.from({ length: window.to - window.from }, (_, i) => window.from + i).flatMap((index) => {
      const status = statusAt(series.spans(id), index);
      return status && status !== 'finished' ? [[index, status]] : [];
    });
    expect(covered).toEqual(expected);
  }
});

test('bins keep the least and the most, and know of no value', () => {
  const values = fc.array(fc.oneof(fc.integer({ min: -5, max: 5 }), fc.constant(NaN)), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 40 }), (list, bins) => {
      const { low, high } = binned((i) => list[i]!, { from: 0, to: list.length }, bins);
      const all = list.filter((x) => !Number.isNaN(x));
      const seen = [...high].filter((x) => !Number.isNaN(x));
      expect(Math.max(-Infinity, ...seen)).toBe(Math.max(-Infinity, ...(bins <= list.length ? all : seen)));
      for (let bin = 0; bin < bins; bin++) expect(low[bin]! > high[bin]!).toBe(false);
      if (bins === list.length) expect([...low].map(String)).toEqual(list.map((x) => String(x + 0)));
    }),
  );
});
