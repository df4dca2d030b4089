// Crossovers, rows and CSV against brute force and closed forms.
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { visiblePairs } from '../ops/attention/cost';
import { crossovers, csvOf, roofsOf, rowsOf, verdictAt, BASELINE_VERDICTS, type BaselineVerdict } from './analysis';
import { readReport, ReportError, writeReport, type Point } from './report';
import { pointOf, reportOf, SHAPE, timed } from './testing/reports';

const rounds = (ms: number, n = 8): number[] => Array.from({ length: n }, () => ms);

/** A point as JSON has it. */
// eslint-disable-next-line typescript/no-explicit-any -- damaged on purpose
type Loose = Record<string, any>;

/** Times that make flash2 stand so against naive at 10 ms a run. */
const times: Record<BaselineVerdict, { naive: number[]; flash2: number[]; control?: number; step?: number }> = {
  faster: { naive: rounds(10), flash2: rounds(4) },
  slower: { naive: rounds(10), flash2: rounds(25) },
  'no-difference': { naive: rounds(10), flash2: [5, 20, 5, 20, 5, 20, 5, 20] },
  'within-control': { naive: rounds(10), flash2: rounds(9.5), control: 1.06 },
  'coarse-clock': { naive: rounds(10), flash2: rounds(4), step: 2.5 },
  'too-few': { naive: rounds(10, 4), flash2: rounds(4, 4) },
};
/** A point at which flash2 has this verdict. */
function verdict(n: number, as: BaselineVerdict): Point {
  const { naive, flash2, control, step = 0.001 } = times[as];
  return { ...pointOf(n, naive, flash2, control), resolution: step };
}

/**
 * The crossover by its definition: the smallest N such that all measured N from it on, two or more, have that verdict.
 */
function bruteForce(
  verdicts: readonly { n: number; verdict: BaselineVerdict }[],
  wanted: BaselineVerdict,
): number | undefined {
  const sorted = verdicts.map(({ n }) => n).toSorted((a, b) => a - b);
  const from = sorted.find((n) => verdicts.every((one) => one.n < n || one.verdict === wanted));
  return from !== undefined && verdicts.filter(({ n }) => n >= from).length >= 2 ? from : undefined;
}

describe('crossover', () => {
  it('is the smallest N from which on all are faster, or all slower, whatever the order of the points', () => {
    const sequence = fc.uniqueArray(
      fc.record({ n: fc.integer({ min: 1, max: 4096 }), verdict: fc.constantFrom(...BASELINE_VERDICTS) }),
      {
        selector: ({ n }) => n,
        minLength: 1,
        maxLength: 12,
      },
    );
    fc.assert(
      fc.property(sequence, (given) => {
        const points = given.map((one) => verdict(one.n, one.verdict));
        const [found] = crossovers(reportOf(points), 'causal');
        expect(found?.fasterFrom).toBe(bruteForce(given, 'faster'));
        expect(found?.slowerFrom).toBe(bruteForce(given, 'slower'));
        for (const as of BASELINE_VERDICTS) {
          const ns = given.filter((one) => one.verdict === as).map(({ n }) => n);
          expect(found?.at[as]).toEqual(ns.toSorted((a, b) => a - b));
        }
      }),
      { numRuns: 300 },
    );
  });
  it('one point shows no trend', () => {
    const [alone] = crossovers(reportOf([verdict(1000, 'faster')]), 'causal');
    expect(alone).toMatchObject({ fasterFrom: undefined, at: { faster: [1000] } });
    const [late] = crossovers(reportOf([verdict(500, 'no-difference'), verdict(1000, 'faster')]), 'causal');
    expect(late?.fasterFrom).toBeUndefined();
  });
  it('keeps masks apart, and has nothing to say of a kernel that never ran beside the first', () => {
    const report = reportOf([
      pointOf(64, rounds(10), rounds(4), 1, 'causal'),
      pointOf(96, rounds(10), rounds(4), 1, 'causal'),
      pointOf(64, rounds(10), rounds(25), 1, 'full'),
      pointOf(96, rounds(10), rounds(25), 1, 'full'),
      { ...pointOf(128, rounds(10), rounds(4)), kernels: [timed('flash2', rounds(4))] },
    ]);
    expect(crossovers(report, 'causal')).toMatchObject([{ fasterFrom: 64, at: { faster: [64, 96] } }]);
    expect(crossovers(report, 'full')).toMatchObject([{ slowerFrom: 64 }]);
    expect(crossovers(reportOf([report.points[4]!]), 'causal')).toEqual([]);
    expect(crossovers(reportOf(report.points, ['naive']), 'causal')).toEqual([]);
  });
  it('calls nobody a winner whose lead is no larger than the control’s error, or where there is no control', () => {
    const at = (flash2: number, control: number) =>
      verdictAt(pointOf(64, rounds(10), rounds(flash2), control), 'naive', 'flash2')?.verdict;
    expect(at(9.84, 1.049)).toBe('within-control');
    expect(at(9.84, 0.953)).toBe('within-control');
    expect(at(9.84, 1.001)).toBe('faster');
    expect(at(296, 1.136)).toBe('slower');
    const { control: _, ...without } = pointOf(64, rounds(10), rounds(4));
    expect(verdictAt(without, 'naive', 'flash2')?.verdict).toBe('too-few');
  });
});

describe('rows', () => {
  it('pair by round, so that a machine that slows down for both changes no ratio', () => {
    const load = [1, 3, 1, 9, 2, 1];
    const [, row] = rowsOf(
      reportOf([
        pointOf(
          64,
          load.map((x) => 8 * x),
          load.map((x) => 2 * x),
        ),
      ]),
    );
    expect(row?.ratio).toEqual({ median: 0.25, p10: 0.25, p90: 0.25, n: 6 });
    expect(row?.time?.median).toBe(3);
    expect(row?.wall?.median).toBe(4);
  });
  it('count useful operations: 4 d a visible pair, over the median', () => {
    const [row] = rowsOf(reportOf([pointOf(64, rounds(10), rounds(4))]));
    const pairs = (64 * 65) / 2;
    expect(visiblePairs(SHAPE)).toBe(pairs);
    expect(row?.rate).toBeCloseTo((4 * 32 * pairs * 2) / 0.01, 3);
    expect(row?.share).toBeCloseTo((4 * 32 * pairs * 2) / 0.01 / 1e10, 12);
    expect(row?.ratio).toBeUndefined();
  });
  it('a clock that could not be read leaves its round out', () => {
    const { kernels, ...point } = pointOf(64, rounds(10, 6), [4, NaN, 4, NaN, 4, 4]);
    const [, row] = rowsOf(reportOf([{ ...point, kernels }]));
    expect(row?.time?.n).toBe(4);
    expect(row?.ratio?.n).toBe(4);
    expect(row?.verdict).toBe('too-few');
  });
  it('roofs are the medians of the probes', () => {
    const points = [1, 5, 3].map((x) => ({
      ...pointOf(64, rounds(1), rounds(1)),
      peak: { flops: x, bytes: 10 * x, nullMs: 1 },
    }));
    expect(roofsOf(points)).toEqual({ flops: 3, bytes: 30 });
    expect(roofsOf([pointOf(64, rounds(1), rounds(1))])).toEqual({ flops: 1e10, bytes: 1e9, copied: 1e6 });
    expect(roofsOf([])).toBeUndefined();
  });
});

describe('files', () => {
  const report = reportOf([
    pointOf(64, rounds(10), [4, NaN, 4.5, 4, 4, 4]),
    {
      ...pointOf(128, [], []),
      kernels: [
        { outcome: 'skipped', kernel: 'naive', tile: { br: 0, bc: 0 }, predictedMs: 9000, budgetMs: 20_000 },
        { outcome: 'refused', kernel: 'flash2', tile: { br: 32, bc: 16 }, limit: 'maxBufferSize', need: 2, have: 1 },
      ],
    },
  ]);
  delete report.points[1]?.control;

  it('a result read back gives the same table, samples and all', () => {
    const back = readReport(writeReport(report));
    expect(back).toEqual(report);
    expect(csvOf(back)).toBe(csvOf(report));
  });
  it('CSV has one line a kernel and point, as many fields as the header, and quotes what needs it', () => {
    const lines = csvOf(report).trimEnd().split('\r\n');
    expect(lines).toHaveLength(1 + 4);
    const fields = (line: string): string[] =>
      [...line.matchAll(/(?:^|,)("(?:[^"]|"")*"|[^,]*)/g)].map((m) => m[1] ?? '');
    const header = fields(lines[0]!);
    for (const line of lines) expect(fields(line)).toHaveLength(header.length);
    const at = (line: number, name: string): string | undefined => fields(lines[line]!)[header.indexOf(name)];
    expect(at(1, 'browser')).toBe('"Chromium 156, Linux"');
    expect(at(2, 'median_ms')).toBe('4');
    expect(at(2, 'ratio_median')).toBe('0.4');
    expect(at(2, 'sample_ms')).toBe('4');
    expect(at(2, 'control_p90')).toBe('1');
    expect(at(2, 'probe_copy_bytes')).toBe('1000000');
    expect(at(2, 'standing')).toBe('faster');
    expect(at(3, 'outcome')).toBe('skipped');
    expect(at(3, 'median_ms')).toBe('');
  });
  it('a result of before there was a choice of queries has as many as keys; one that contradicts itself is damaged', () => {
    const { decoding, ...before } = report;
    expect(decoding).toBe(false);
    expect(readReport(JSON.stringify(before))).toEqual(report);
    expect(() => readReport(JSON.stringify({ ...report, decoding: true }))).toThrow(ReportError);
    const row = reportOf(report.points.map((point) => ({ ...point, shape: { ...point.shape, queries: 1 } })));
    expect(readReport(writeReport(row))).toEqual(row);
    expect(row.decoding).toBe(true);
    expect(csvOf(row).split('\r\n')[1]).toContain(',1,64,32,causal,');
  });
  it('names what is wrong with a file', () => {
    const problemOf = (file: string): string => {
      try {
        readReport(file);
        return 'none';
      } catch (thrown) {
        return thrown instanceof ReportError ? thrown.problem : String(thrown);
      }
    };
    const broken = (change: object): string => JSON.stringify({ ...report, ...change });
    expect(problemOf(writeReport(report))).toBe('none');
    expect(problemOf('{')).toBe('not-json');
    expect(problemOf('[1]')).toBe('foreign');
    expect(problemOf('{"format":"attn"}')).toBe('foreign');
    expect(problemOf(broken({ version: 2 }))).toBe('newer');
    expect(problemOf(broken({ kernels: ['flash9'] }))).toBe('newer');
    expect(problemOf(broken({ points: 3 }))).toBe('damaged');
    expect(problemOf(broken({ points: [{ ...report.points[0], shape: { ...SHAPE, keys: -1 } }] }))).toBe('damaged');
    expect(
      problemOf(
        broken({ points: [{ ...report.points[0], kernels: [{ ...report.points[0]?.kernels[0], samples: ['x'] }] }] }),
      ),
    ).toBe('damaged');
    expect(problemOf(writeReport(report).slice(0, -9))).toBe('not-json');
  });
  it('what the file says of control and probes is computed anew from their samples', () => {
    const problemWith = (change: (point: Loose) => void): string => {
      const copy = JSON.parse(writeReport(report)) as { points: Loose[] };
      change(copy.points[0]!);
      try {
        readReport(JSON.stringify(copy));
        return 'none';
      } catch (thrown) {
        return (thrown as ReportError).problem;
      }
    };
    expect(problemWith(() => undefined)).toBe('none');
    for (const of of ['median', 'p10', 'p90', 'n'])
      expect(problemWith(({ control }) => (control[of] *= 1.001))).toBe('disagrees');
    for (const of of ['flops', 'bytes', 'nullMs'])
      expect(problemWith(({ peak }) => (peak[of] *= 1.001))).toBe('disagrees');
    expect(problemWith(({ control }) => (control.samples[2] = 3))).toBe('disagrees');
    expect(problemWith(({ peak }) => (peak.probes.fma.samples = [20, 20, 20]))).toBe('disagrees');
    expect(problemWith(({ control }) => (control.kernel = 'decode'))).toBe('damaged');
    // Results of before they were kept.
    const before = problemWith(({ control, peak }) => {
      delete control.samples;
      delete peak.probes;
    });
    expect(before).toBe('none');
  });
  it('any JSON at all is read or refused with a reason', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (junk) => {
        const wrapped = {
          ...report,
          ...(typeof junk === 'object' && junk !== null && !Array.isArray(junk) ? junk : { points: junk }),
        };
        try {
          expect(csvOf(readReport(JSON.stringify(wrapped)))).toContain('median_ms');
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(ReportError);
        }
      }),
      { seed: 3, examples: [[{ device: null }], [null], [{ points: [null] }]] },
    );
  });
});

test('the tuned choice: compared under its own name, with the kernel and the race that it was, also from a file', () => {
  const choice = {
    best: { kernel: 'flash-fast' as const, tile: { br: 32, bc: 4 } },
    contenders: [{ kernel: 'flash-fast' as const, tile: { br: 32, bc: 4 }, ratio: 1, error: 1e-7 }],
    raced: SHAPE,
    clock: 'wall' as const,
    date: '2026-01-02T03:04:05.000Z',
  };
  const point = pointOf(64, rounds(10), rounds(4));
  const tuned = { ...timed('tiled-tuned', rounds(4)), of: 'flash-fast', tile: { br: 32, bc: 4 } };
  const control = { ...point.control!, kernel: 'tiled-tuned' };
  const report = reportOf(
    [{ ...point, kernels: [timed('naive', rounds(10)), tuned], control, tuned: choice }],
    ['naive', 'tiled-tuned'],
  );
  expect(crossovers(report, 'causal')).toMatchObject([{ kernel: 'tiled-tuned', at: { faster: [64] } }]);
  // The bytes are those of the kernel that ran: four-lane quads of a 32 x 4 tile.
  const [, row] = rowsOf(report);
  const own = reportOf([{ ...point, kernels: [{ ...tuned, kernel: 'flash-fast' }] }]);
  expect(row?.requested).toBe(rowsOf(own)[0]?.requested);
  expect(csvOf(report)).toContain(',tiled-tuned,flash-fast,32x4,timed,');
  expect(readReport(writeReport(report))).toEqual(report);
  for (const bad of [{ ...choice, clock: 'sundial' }, { ...choice, contenders: [{}] }, { ...choice, raced: {} }, 7]) {
    const damaged = JSON.stringify({ ...report, points: [{ ...report.points[0], tuned: bad }] });
    expect(() => readReport(damaged)).toThrow(ReportError);
  }
});
