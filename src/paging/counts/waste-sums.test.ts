/** The mean waste up to a moment against the naive mean: every step before it replayed and added up. */
import { expect, test } from 'vitest';
import {
  configOf,
  contiguousWasteOfStep,
  pagedWaste,
  pagedWasteOfStep,
  Simulation,
  step,
  type History,
  type Request,
  type Waste,
  WORKLOADS,
} from '..';
import { Rows } from '../rows';

const PARTS = ['token', 'reserved', 'internal', 'external', 'free', 'cached'] as const;

function naive(history: History, index: number): Waste[] | undefined {
  const all: Waste[][] = [];
  for (let i = 1; i <= index; i++) {
    const { operation, state, contiguous } = history.at(i);
    if (operation?.op === 'step') all.push([pagedWasteOfStep(state), ...contiguous.map(contiguousWasteOfStep)]);
  }
  return all[0]?.map(({ slots }, kind) => {
    const mean = (part: (typeof PARTS)[number]): number =>
      all.reduce((sum, wastes) => sum + (wastes[kind]?.[part] ?? NaN), 0) / all.length;
    const [token, reserved, internal, external, free, cached] = PARTS.map(mean) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    return { slots, token, reserved, internal, external, free, cached };
  });
}

function holds(history: History, index: number): void {
  const found = history.series.meanWaste(index);
  const wanted = naive(history, index);
  expect(found === undefined).toBe(wanted === undefined);
  for (const [kind, waste] of (wanted ?? []).entries())
    for (const part of ['slots', ...PARTS] as const)
      expect(found?.wastes[kind]?.[part], `${index} ${kind} ${part}`).toBeCloseTo(waste[part], 9);
  for (const { slots, token, reserved, internal, external, free } of found?.wastes ?? [])
    expect(token + reserved + internal + external + free).toBeCloseTo(slots, 6);
}

test('at moments of every short workload, and after a cut', () => {
  for (const workload of WORKLOADS) {
    const simulation = new Simulation(workload, configOf(workload));
    simulation.advance(300);
    const { history } = simulation;
    if (history.last.state.config.blocks > 1000) continue;
    for (const index of [0, 1, 2, 5, 20, 90, 255, 256, 257, history.length])
      if (index <= history.length) holds(history, index);
    if (history.length < 20) continue;
    history.truncate(12);
    history.push({ op: 'step' });
    holds(history, 13);
    expect(history.series.meanWaste(14)).toBeUndefined();
  }
});

test('a step counts what its batch held, also of requests that finished by it: as if each wanted one token more', () => {
  let ends = 0;
  for (const workload of WORKLOADS) {
    const simulation = new Simulation(workload, configOf(workload));
    simulation.advance(250);
    const { history } = simulation;
    if (history.last.state.config.blocks > 1000) continue;
    for (let i = 1; i <= history.length; i++) {
      const { operation, state, events, contiguous } = history.at(i);
      if (operation?.op !== 'step' || !events.some(({ kind }) => kind === 'finish')) continue;
      ends += 1;
      const before = history.stateAt(i - 1);
      const longer = Rows.of(
        [...before.requests].map((request): Request => ({ ...request, finalLength: request.finalLength + 1 })),
      );
      const { token, free } = pagedWaste(step({ ...before, requests: longer }).state);
      const found = pagedWasteOfStep(state);
      expect({ token: found.token, free: found.free }).toEqual({ token, free });
      expect(found.token).toBeGreaterThan(pagedWaste(state).token);
      for (const memory of contiguous) {
        const { token: tokens } = contiguousWasteOfStep(memory);
        expect(tokens).toBe(
          [...memory.runs, ...memory.ended].reduce(
            (sum, { prompt, end, since }) => sum + Math.min(end, prompt + memory.step - since),
            0,
          ),
        );
      }
    }
  }
  expect(ends).toBeGreaterThan(20);
});
