/** How far a reader has come: kept, cleared, and harmless where nothing can be kept or what was kept is none. */
import { expect, test } from 'vitest';
import { createProgress, standingOf } from './progress';

function storageOf(kept = new Map<string, string>()) {
  return {
    kept,
    open: () => ({
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    }),
  };
}

test('what was marked stands at the next visit; the furthest step counts', () => {
  const { kept, open } = storageOf();
  const progress = createProgress(open);
  expect(standingOf(progress.all.value['flash'])).toBe('new');
  progress.mark('flash', { step: 5 });
  progress.mark('flash', { step: 2, guess: 'more' });
  progress.mark('paging', { step: 1 });
  const again = createProgress(open);
  expect(again.all.value).toEqual({ flash: { step: 5, guess: 'more' }, paging: { step: 1 } });
  expect(again.last.value).toBe('paging');
  expect(standingOf(again.all.value['flash'])).toBe('begun');
  again.mark('flash', { done: true });
  expect(standingOf(again.all.value['flash'])).toBe('done');
  again.mark('flash', { exercise: true });
  expect(standingOf(again.all.value['flash'])).toBe('passed');
  again.clear();
  expect(again.all.value).toEqual({});
  expect(kept.size).toBe(0);
});

test('a storage that throws keeps this visit alone', () => {
  const refuse = (): never => {
    throw new DOMException('no', 'SecurityError');
  };
  for (const open of [refuse, () => undefined]) {
    const progress = createProgress(open);
    expect(() => progress.mark('flash', { step: 3 })).not.toThrow();
    expect(progress.all.value).toEqual({ flash: { step: 3 } });
    expect(() => progress.clear()).not.toThrow();
  }
});

test.each([
  '',
  'x',
  'null',
  '[]',
  '{"lessons":3}',
  '{"lessons":{"flash":null,"fa2":{"step":"2"},"paging":{"step":2}}}',
])('what was kept may be anything: %s', (text) => {
  const progress = createProgress(storageOf(new Map([['attnscope.learn.1', text]])).open);
  expect(Object.values(progress.all.value).every(({ step }) => Number.isInteger(step))).toBe(true);
});
