// The sentence under both pictures says which side has finished, and never a ratio of a run that goes on to one that has ended.
import { expect, test } from 'vitest';
import { speakCompare } from './speech';
import { storyOf } from './story';

const words = speakCompare('en');
const [small, large] = [577 * 1024, 16.3 * 1024 * 1024];

test('both under way: the ratio; the same bytes are called the same', () => {
  const one = { asked: 2048, ended: false };
  expect(storyOf([one, { asked: 4096, ended: false }], words)).toContain('2×');
  expect(storyOf([one, one], words)).toMatch(/the same/);
});

test('a side that has ended waits at its end; at the end of both, the whole runs are compared', () => {
  const goesOn = { asked: large, ended: false };
  const done = { asked: small, ended: true };
  expect(storyOf([goesOn, done], words)).toMatch(/second finished at 577 KiB and waits at its end/);
  expect(storyOf([done, goesOn], words)).toMatch(/first run finished at 577 KiB and waits at its end/);
  expect(storyOf([{ ...goesOn, ended: true }, done], words)).toMatch(/Both have finished.*577 KiB/);
  expect(storyOf([goesOn, done], speakCompare('zh'))).toContain('停在终点');
});

test('a losing tile is said first', () => {
  const done = { asked: small, ended: true };
  expect(storyOf([done, done], words, 'More is requested.')).toMatch(/^More is requested\. Both/);
});
