// The sentence under both pictures: no ratio of unequal progress, at the end the IO model first, and a word on why
// where the requested bytes say otherwise.
import { expect, test } from 'vitest';
import { speakCompare } from './speech';
import { modelVerdict, storyOf, type Progress } from './story';

const words = speakCompare('en');
const KIB = 1024;
const traffic = (read: number) => ({ read, written: 0 });
const side = (change: Partial<Progress>): Progress => ({
  name: 'naive full',
  asked: 2 * KIB,
  share: 0.5,
  ended: false,
  run: {
    ioModel: traffic(384 * KIB),
    requested: traffic(16.3 * KIB * KIB),
    extras: [{ cause: 'threads', bytes: 16 * KIB * KIB, tensors: ['Q'] }],
  },
  ...change,
});
const tiled = (change: Partial<Progress>): Progress =>
  side({
    name: 'flash2 8×8 full',
    run: { ioModel: traffic(1086 * KIB), requested: traffic(1086 * KIB), extras: [] },
    ...change,
  });

test('equally far: the ratio; the same bytes are called the same; not equally far: no ratio, but how far each is', () => {
  expect(storyOf([side({}), side({ asked: 4 * KIB })], words)).toMatch(/Both are 50 % .*2×/);
  expect(storyOf([side({}), side({})], words)).toMatch(/the same/);
  const apart = storyOf([side({ share: 0.0769 }), side({ asked: 4 * KIB })], words);
  expect(apart).toMatch(/2\.00 KiB, 7\.7 % of its bytes.*4\.00 KiB, 50 % of its own/);
  expect(apart).not.toContain('×');
});

test('the verdict is of both whole runs by the IO model, wherever they stand', () => {
  expect(modelVerdict([side({}), tiled({ share: 0.1 })], words)).toBe(
    'By the papers’ IO model naive full moves 384 KiB and flash2 8×8 full 1.06 MiB: 2.83× as much.',
  );
  expect(modelVerdict([side({}), side({})], words)).toMatch(/384 KiB: the same\.$/);
});

test('at the very beginning nothing counts as equally far that the table beside it tells apart', () => {
  // The first phases of flash2 and naive at N = 104: 1.5 % and 0.3 %, within two hundredths of the whole, and five
  // times as far.
  const early = storyOf([side({ share: 0.015 }), side({ asked: 9 * KIB, share: 0.003 })], words);
  expect(early).toMatch(/1\.5 % of its bytes.*0\.3 % of its own/);
  expect(early).not.toContain('Both are');
  expect(storyOf([side({ share: 0.49 }), side({ share: 0.5 })], words)).toContain('Both are 49 %–50 % through');
  expect(storyOf([side({ share: 0 }), side({ share: 0 })], words)).toContain('Both are 0 % through');
});

test('a side that has ended waits at its end', () => {
  const [done, goesOn] = [side({ ended: true, share: 1 }), side({ asked: 8 * KIB })];
  expect(storyOf([goesOn, done], words)).toMatch(/second finished at 2.00 KiB and waits at its end/);
  expect(storyOf([done, goesOn], words)).toMatch(/first run finished at 2.00 KiB and waits at its end/);
  expect(storyOf([goesOn, done], speakCompare('zh'))).toContain('停在终点');
});

test('at the end the number to quote comes first; where the requested bytes say the opposite, they say why', () => {
  const end = storyOf([side({ ended: true, share: 1 }), tiled({ ended: true, share: 1 })], words);
  expect(end).toMatch(/IO model, the number to quote, the first moves 384 KiB and the second 1.06 MiB: 2.83× as much/);
  expect(end.indexOf('IO model')).toBeLessThan(end.indexOf('As written'));
  expect(end).toMatch(
    /As written they requested 16.3 MiB and 1.06 MiB: 0.0651× as much. That is another ratio because naive full asks for 43.5× its model/,
  );
  const same = storyOf([tiled({ ended: true }), tiled({ ended: true })], words);
  expect(same).not.toContain('another ratio');
});
