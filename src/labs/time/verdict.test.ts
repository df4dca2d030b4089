// What the lab and its card say where the control was off, and how they round the error they promise.
import { describe, expect, it } from 'vitest';
import { crossovers, rowsOf } from '../../bench/analysis';
import { pointOf, reportOf, timed } from '../../bench/testing/reports';
import { ratioReading } from '../../views/charts/ratio';
import { count } from '../../ui/format';
import { contentOf, upwards } from './card';
import { limitText, wallText } from './facts';
import { speakTime } from './speech';
import { verdictText, verdictOn } from './verdict';

const rounds = (ms: number): number[] => Array.from({ length: 8 }, () => ms);
const words = speakTime('en');
const said = (points: Parameters<typeof reportOf>[0], share?: boolean): string => {
  const report = reportOf(points);
  return verdictOn(crossovers(report, 'causal')[0]!, rowsOf(report), words, share).join(' ');
};

const [faster, slower] = [
  (n: number) => pointOf(n, rounds(4), rounds(2)),
  (n: number) => pointOf(n, rounds(2), rounds(4)),
];

describe('who is faster', () => {
  it('from where on, only where two points show it', () => {
    expect(said([faster(64), faster(128)], false)).toBe('flash2 is faster than naive at every N measured (64–128).');
    expect(said([slower(64), faster(128), faster(256)], false)).toBe(
      'flash2 is faster than naive from N = 128 on. Loses at N = 64.',
    );
    expect(said([slower(64), faster(128)], false)).toBe(
      'flash2 is faster than naive at N = 128, the longest measured; one point shows no trend. Loses at N = 64.',
    );
    expect(said([faster(64), slower(128)], false)).toBe(
      'flash2 is slower than naive at N = 128, the longest measured; one point shows no trend. Wins at N = 64.',
    );
    expect(said([faster(64)], false)).toBe('flash2 is faster than naive at N = 64, the only N measured beside it.');
    expect(said([pointOf(64, rounds(2), rounds(2))], false)).toMatch(
      /^flash2 against naive: N = 64 is the only N measured beside it\. No /,
    );
  });
});

describe('a lead no larger than the control’s error', () => {
  const within = pointOf(64, rounds(1), rounds(0.984), 1.049);
  it('is none, and the control stands there with three decimals', () => {
    expect(said([within], false)).toBe(
      'flash2 against naive: N = 64 is the only N measured beside it. No further from 1 than the control’s own error at N = 64 (A/A 1.049, p10–p90 1.049–1.049).',
    );
    expect(verdictText(rowsOf(reportOf([within]))[1]!, words)).toBe(
      '= no larger than the control’s own error (A/A 1.049, p10–p90 1.049–1.049)',
    );
    const card = contentOf({ report: reportOf([within]), recorded: false, mask: 'causal', language: 'en' });
    expect(card?.headline).toBe('no difference beyond the control’s own error at N = 64 (A/A 1.049)');
    expect(card?.honesty).toContain('A/A 1.049;');
  });
  it('a lead far larger is one, whatever the control did', () => {
    expect(said([pointOf(64, rounds(1), rounds(29.6), 1.136)], false)).toContain(
      'flash2 is slower than naive at N = 64',
    );
  });
});

describe('a clock too coarse', () => {
  it('is said, with sample and step, and is no “no difference”', () => {
    const coarse = { ...pointOf(64, rounds(100), rounds(100)), method: 'wall' as const, resolution: 100 };
    expect(said([coarse], false)).toContain('The clock is too coarse to tell at N = 64.');
    expect(verdictText(rowsOf(reportOf([coarse]))[1]!, words)).toBe(
      '? no verdict: the clock is too coarse (a sample is 100 ms, a step 100 ms)',
    );
    const card = contentOf({ report: reportOf([coarse]), recorded: false, mask: 'causal', language: 'en' });
    expect(card?.headline).toBe('no verdict at N = 64: the clock is too coarse');
  });
});

describe('a ratio beside two medians', () => {
  it('is named as the median of the rounds’ own ratios, which may be another number', () => {
    // Medians 4 and 2, and yet the rounds' own ratios have another median.
    const [naive, flash2] = [
      [1, 1, 1, 4, 8, 8, 8],
      [0.9, 0.8, 0.7, 2, 6, 6.5, 7],
    ];
    const ratios = flash2.map((x, i) => x / naive[i]!).toSorted((a, b) => a - b);
    expect(said([pointOf(64, naive, flash2)])).toContain(
      `At N = 64 it takes ${count(ratios[3]!)} × naive’s time (median of the ratios of each round`,
    );
    expect(count(ratios[3]!)).not.toBe(count(2 / 4));
  });
  it('is no single number where nobody is ahead', () => {
    const alike = pointOf(64, rounds(1), [0.5, 2, 0.5, 2, 0.5, 2, 0.5, 2]);
    expect(said([alike])).toMatch(/it lies between 0\.5 and 2 × naive’s time/);
    expect(said([alike])).not.toContain('it takes');
    expect(ratioReading(rowsOf(reportOf([alike])), 64, () => '', '')).toBe('N = 64 · flash2 × 0.5–2 ');
  });
});

describe('an N that was left out', () => {
  const skipped = (n: number, kernel: 0 | 1): ReturnType<typeof pointOf> => {
    const point = faster(n);
    const kernels = point.kernels.map((one, i) =>
      i === kernel
        ? { kernel: one.kernel, tile: one.tile, outcome: 'skipped' as const, predictedMs: 9e4, budgetMs: 2e4 }
        : one,
    );
    return { ...point, kernels };
  };
  it('is told with the verdict, and whose fault it is', () => {
    expect(said([faster(64), faster(128), skipped(256, 0), skipped(512, 0)], false)).toBe(
      'flash2 is faster than naive at every N measured (64–128). Not compared at N = 256, 512: naive was skipped as too slow for the time of a point.',
    );
    expect(said([faster(64), faster(128), skipped(256, 1)], false)).toContain('N = 256: flash2 was skipped');
    const card = contentOf({
      report: reportOf([faster(64), faster(128), skipped(256, 0)]),
      recorded: false,
      mask: 'causal',
      language: 'en',
    });
    expect(card?.verdict).toContain('Not compared at N = 256: naive was skipped');
  });
});

describe('the card’s error', () => {
  it('is rounded up', () => {
    expect([1.41e-7, 1.4e-7, 9.91e-8, 9.96e-8, 0].map(upwards)).toEqual([
      '1.5e-7',
      '1.4e-7',
      '1.0e-7',
      '1.0e-7',
      '0.0e+0',
    ]);
  });
  it('is the largest of all kernels and points', () => {
    const worst = { ...timed('flash2', rounds(2)), maxAbsError: 3.21e-6 };
    const first = pointOf(64, rounds(1), rounds(2));
    const report = reportOf([{ ...first, kernels: [first.kernels[0]!, worst] }, pointOf(128, rounds(4), rounds(2))]);
    expect(contentOf({ report, recorded: false, mask: 'causal', language: 'en' })?.honesty).toContain(
      'max |error| 3.3e-6',
    );
  });
});

it('a need that passes its limit by little never reads as the limit', () => {
  const gib = 2 ** 30;
  const wall = {
    kernel: 'naive',
    n: 8193,
    tensor: 'S',
    limit: 'maxStorageBufferBindingSize',
    have: gib,
    call: '',
  } as const;
  expect(wallText({ ...wall, need: 1_074_003_984 }, words)).toContain(
    'S needs 1.0002 GiB, maxStorageBufferBindingSize is 1.0000 GiB',
  );
  expect(limitText('maxComputeWorkgroupsPerDimension', 65_535, 65_536)).toBe('65,535');
  expect(limitText('maxComputeInvocationsPerWorkgroup', 1e10 + 1, 1e10)).toBe('10,000,000,001');
});
