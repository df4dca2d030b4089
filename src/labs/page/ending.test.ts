/**
 * The line at the end of a run: its means against a plain sum over the steps, and a next workload for each but the
 * visitor's own.
 */
import { expect, test } from 'vitest';
import { configOf, CONTIGUOUS_POLICIES, contiguousWaste, pagedWaste, Simulation, WORKLOADS } from '../../paging';
import { endingOf, nextWorkload } from './ending';
import { speakPage } from './speech';

test('it says what the slots held on average, and only at the last moment', () => {
  for (const id of ['story', 'chat', 'parallel'] as const) {
    const workload = WORKLOADS.find((one) => one.id === id)!;
    const simulation = new Simulation(workload, configOf(workload));
    while (!simulation.finished) simulation.advance(1000);
    const { history } = simulation;
    const { series, length } = history;
    const at = (index: number) => ({ moment: history.at(index), length, series });
    expect(endingOf(at(length - 1), speakPage('en'))).toBeUndefined();
    let [steps, paged, longest] = [0, 0, 0];
    for (let i = 1; i <= length; i++) {
      const { state, contiguous, operation } = history.at(i);
      if (operation?.op !== 'step') continue;
      const { token, slots } = pagedWaste(state);
      steps += 1;
      paged += token / slots;
      const most = contiguousWaste(contiguous[CONTIGUOUS_POLICIES.indexOf('max-length')]!);
      longest += most.token / most.slots;
    }
    const said = endingOf(at(length), speakPage('en'))!;
    expect(said).toContain(`${steps} steps`);
    const shares = [...said.matchAll(/[\d.]+ %/g)].map(String);
    const [first, second] = shares.map(parseFloat);
    // What a step computes and then frees is counted as it stood in the step, so that the end of a step may hold less.
    expect(first).toBeGreaterThanOrEqual(Number(((100 * paged) / steps).toFixed(1)));
    expect(second).toBeGreaterThanOrEqual(Number(((100 * longest) / steps).toFixed(1)));
    expect(Math.max(first!, second!)).toBeLessThanOrEqual(100);
    for (const share of shares) expect(endingOf(at(length), speakPage('zh'))).toContain(share);
  }
});

test('each workload leads on to another, never back to a story, and one’s own is the last', () => {
  const seen: string[] = [];
  for (let id: string | undefined = 'story'; id; id = nextWorkload(id)?.id) {
    expect(seen).not.toContain(id);
    seen.push(id);
  }
  expect(seen).toEqual(WORKLOADS.map(({ id }) => id).filter((id) => id !== 'story-zh'));
  expect(nextWorkload('story-zh')?.id).toBe('chat');
});
