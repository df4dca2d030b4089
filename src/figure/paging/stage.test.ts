/**
 * Which moment is on screen: the end of a running simulation is followed until it is complete or the visitor goes
 * elsewhere.
 */
import { signal } from '@preact/signals-core';
import { expect, test } from 'vitest';
import { configOf, Simulation, WORKLOADS } from '../../paging';
import type { Run, Runner } from './runner';
import { defaultSettings } from './settings';
import { cursorIn } from '../../labs/shared/page-cursor';
import { createPageStage } from './stage';

function staged(id = 'story') {
  const workload = WORKLOADS.find((one) => one.id === id) ?? WORKLOADS[0];
  const simulation = new Simulation(workload, configOf(workload));
  const run: Run = { settings: defaultSettings, simulation, own: new Map(), done: [] };
  const [length, working] = [signal(0), signal(true)];
  const nothing = (): void => undefined;
  const acts = { start: nothing, cancel: nothing, resume: nothing, dispose: nothing };
  const runner: Runner = { run: signal(run), length, working, halted: signal(), ...acts };
  const moment = signal('');
  const stage = createPageStage(cursorIn(moment), runner);
  const live = (most: number): void => {
    simulation.advance(most);
    length.value = simulation.history.length;
  };
  return { stage, moment, working, live, at: () => stage.frame.value?.moment.index };
}

test('nobody has said where: it opens before the first event', () => {
  const { live, at } = staged();
  live(100);
  expect(at()).toBe(0);
});

test('a thousand requests that come at once are behind it where it opens: the first step serves some', () => {
  const { stage, moment, live, at } = staged('scale');
  live(500);
  expect(at()).toBe(0);
  live(520);
  expect(stage.frame.value?.moment.state).toMatchObject({ step: 1 });
  expect(at()).toBe(1001);
  expect(stage.frame.value?.moment.state.running.length).toBeGreaterThan(5);
  // Whoever wants to see them come, may.
  moment.value = '3';
  expect(at()).toBe(3);
});

test('the end is followed while more is simulated, and stands once all is', () => {
  const { stage, moment, working, live, at } = staged();
  live(5);
  stage.toEdge(1);
  live(6);
  expect(at()).toBe(11);
  live(100);
  working.value = false;
  stage.arrive();
  expect([at(), moment.value]).toEqual([21, '21']);
});

test('whoever goes elsewhere is not taken along any more; to choose a request is not to go', () => {
  const { stage, moment, working, live, at } = staged();
  live(5);
  stage.toEdge(1);
  stage.move({ request: 0 });
  live(1);
  expect(at()).toBe(6);
  stage.go(-1);
  live(5);
  expect(at()).toBe(5);
  stage.toEdge(1);
  moment.value = '3';
  expect(at()).toBe(3);
  working.value = false;
  stage.arrive();
  expect(at()).toBe(3);
});

test('a request that somebody chose stays at every moment; nobody having chosen, it is the first that runs, and that is said', () => {
  const { stage, live } = staged();
  live(100);
  const seen = (): (readonly [number | undefined, boolean | undefined])[] =>
    Array.from({ length: 22 }, (_, index) => {
      stage.move({ index });
      return [stage.frame.value?.chosen, stage.frame.value?.followed] as const;
    });
  const auto = seen();
  expect(new Set(auto.map(([, followed]) => followed))).toEqual(new Set([true]));
  for (const [index, [chosen]] of auto.entries()) {
    stage.move({ index });
    const [first] = stage.frame.value?.moment.state.running ?? [];
    if (first !== undefined) expect([index, chosen]).toEqual([index, first]);
  }
  stage.move({ request: 1 });
  const from = stage.frame.value?.moment.index ?? 0;
  expect(from).toBe(21);
  for (const [index, [chosen, followed]] of seen().entries()) {
    stage.move({ index });
    expect(followed).toBe(false);
    // Before it came there is nothing of it to show.
    if ((stage.frame.value?.moment.state.requests.length ?? 0) > 1) expect([index, chosen]).toEqual([index, 1]);
  }
});
