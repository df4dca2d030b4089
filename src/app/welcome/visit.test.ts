/** What a browser remembers of a visit, also one whose storage is blocked, full or missing. */
import { expect, test } from 'vitest';
import { readVisit } from './visit';

test('the first until it is over, then never again', () => {
  const kept = new Map<string, string>();
  const storage = () => ({
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  });
  const visit = readVisit(storage);
  expect(visit.first).toBe(true);
  expect(kept.size).toBe(0);
  visit.over();
  expect(readVisit(storage).first).toBe(false);
});

test('a storage that throws, or is not there, is as one that remembers nothing', () => {
  const refuse = (): never => {
    throw new DOMException('no', 'SecurityError');
  };
  for (const storage of [refuse, () => undefined, () => ({ getItem: refuse, setItem: refuse })]) {
    const visit = readVisit(storage);
    expect(visit.first).toBe(true);
    expect(() => visit.over()).not.toThrow();
  }
});
