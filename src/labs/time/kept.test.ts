// The last result comes back as it was, and a storage that is broken, full or blocked changes nothing.
import { expect, it } from 'vitest';
import { pointOf, reportOf } from '../../bench/testing/reports';
import { createKeptReport } from './kept';

const report = reportOf([pointOf(64, [1, 2, 3, 4, 5], [2, 3, 4, 5, 6])]);

/** As much of a storage as is used. */
const storageOf = (kept: Map<string, string>, full = false): Storage =>
  ({
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => {
      if (full) throw new DOMException('full', 'QuotaExceededError');
      kept.set(key, text);
    },
  }) as Storage;

it('comes back after a reload', () => {
  const kept = new Map<string, string>();
  expect(createKeptReport(storageOf(kept)).get()).toBeUndefined();
  createKeptReport(storageOf(kept)).set(report);
  expect(createKeptReport(storageOf(kept)).get()).toEqual(report);
});

it('is as if not there where it is damaged, or nothing can be kept', () => {
  const kept = new Map<string, string>();
  createKeptReport(storageOf(kept)).set(report);
  for (const [key, text] of kept) kept.set(key, text.slice(0, -9));
  expect(createKeptReport(storageOf(kept)).get()).toBeUndefined();
  createKeptReport(storageOf(kept, true)).set(report);
  createKeptReport(undefined).set(report);
  expect(createKeptReport(undefined).get()).toBeUndefined();
});
