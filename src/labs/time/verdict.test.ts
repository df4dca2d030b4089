// What the lab and its card say where the control was off, and how they round the error they promise.
import { describe, expect, it } from 'vitest';
import { crossovers, rowsOf } from '../../bench/analysis';
import { pointOf, reportOf, timed } from '../../bench/testing';
import { contentOf, upwards } from './card';
import { speakTime } from './speech';
import { standingText, verdictOn } from './verdict';

const rounds = (ms: number): number[] => Array.from({ length: 8 }, () => ms);
const words = speakTime('en');
const said = (points: Parameters<typeof reportOf>[0], share?: boolean): string => {
  const report = reportOf(points);
  return verdictOn(crossovers(report, 'causal')[0]!, rowsOf(report), words, share).join(' ');
};

describe('a control that was off', () => {
  const off = pointOf(64, rounds(1), rounds(10.9), 1.0534);
  it('is the verdict, with three decimals, and not “no measurable difference”', () => {
    expect(said([off], false)).toBe('flash2 against naive: no verdict, the control was off at N = 64 (1.053 ×).');
    expect(said([off, pointOf(128, rounds(4), rounds(2))], false)).toBe(
      'flash2 is faster than naive from N = 128 on. No verdict, control off: N = 64 (1.053 ×).',
    );
    expect(standingText(rowsOf(reportOf([off]))[1]!, words)).toBe('? no verdict: the control was off (1.053 ×)');
    const card = contentOf({ report: reportOf([off]), recorded: false, mask: 'causal', language: 'en' });
    expect(card?.headline).toBe('no verdict at N = 64: the control was off (1.053 ×)');
    expect(card?.honesty).toContain('A/A 1.053;');
  });
});

describe('the card’s error', () => {
  it('is rounded up', () => {
    expect([1.41e-7, 1.4e-7, 9.91e-8, 9.96e-8, 0].map(upwards)).toEqual(['1.5e-7', '1.4e-7', '1.0e-7', '1.0e-7', '0.0e+0']);
  });
  it('is the largest of all kernels and points', () => {
    const worst = { ...timed('flash2', rounds(2)), maxAbsError: 3.21e-6 };
    const first = pointOf(64, rounds(1), rounds(2));
    const report = reportOf([{ ...first, kernels: [first.kernels[0]!, worst] }, pointOf(128, rounds(4), rounds(2))]);
    expect(contentOf({ report, recorded: false, mask: 'causal', language: 'en' })?.honesty).toContain('max |error| 3.3e-6');
  });
});
