// A preset's cursor waits for its runs, and lets go as soon as anyone else moves it.
import { signal } from '@preact/signals-core';
import { expect, test } from 'vitest';
import { followOpening } from './opening';
import { pairOf, type Track } from './track';

const track = (length: number): Track =>
  Array.from({ length }, (_, phase) => ({ cursor: { pass: 0, workgroup: 0, phase }, bytes: 8 * (phase + 1) }));
const sceneOf = (a: number, b: number) => {
  const tracks = [track(a), track(b)] as const;
  return { tracks, pair: pairOf(tracks, 'phase') };
};

test('the beginning, or the end of both, also when the runs come later', () => {
  const stop = signal(0);
  const scene = signal(sceneOf(1, 1));
  const opening = followOpening(stop, scene);
  stop.value = 5;
  opening.open('start');
  expect(stop.value).toBe(0);
  scene.value = sceneOf(100, 40);
  expect(stop.value).toBe(0);
  opening.open('end');
  expect(stop.value).toBe(99);
  scene.value = sceneOf(60, 50);
  expect(stop.value).toBe(59);
});

test('a visitor who moves the cursor keeps it', () => {
  const stop = signal(0);
  const scene = signal(sceneOf(10, 10));
  const opening = followOpening(stop, scene);
  opening.open('end');
  stop.value = 7;
  scene.value = sceneOf(100, 40);
  expect(stop.value).toBe(7);
});
