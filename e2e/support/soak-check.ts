/**
 * Replaces fast-check while `npm run soak` runs: each `fc.assert` is run with one fresh seed after the other, also when
 * its test names a seed, and reports at its end how many there were. Failures are reported by fast-check as usual, with
 * seed and path.
 */
import real from 'fast-check';
import { expect } from 'vitest';

export * from 'fast-check';

/**
 * The settings of `npm run soak`; vite.config.ts replaces this name by them. At most `seeds` seeds, within `seconds`;
 * `seed` is the first of them, or the only one.
 */
declare const __SOAK__: { seeds: number; seconds: number; seed: number; only: boolean };

const { seeds, seconds, seed: first, only } = __SOAK__;
let drawn = 0;

/** One seed after the other; all follow from the first. */
const nextSeed = (): number => (only ? first : (first + 0x9e3779b9 * drawn++) | 0);

type Assert = typeof real.assert;

const assert = ((property: never, parameters: object = {}) => {
  const test = expect.getState().currentTestName;
  const end = performance.now() + seconds * 1000;
  const over = (done: number): boolean => done >= seeds || performance.now() > end;
  const say = (done: number): void => console.info(`soak: ${done} of ${seeds} seeds: ${test}`);
  const once = (): void | Promise<void> => real.assert(property, { ...parameters, seed: nextSeed() });

  const begun = once();
  if (begun instanceof Promise)
    return (async () => {
      await begun;
      let done = 1;
      for (; !over(done); done++) await once();
      say(done);
    })();
  let done = 1;
  for (; !over(done); done++) void once();
  return say(done);
}) as Assert;

export default { ...real, assert };
