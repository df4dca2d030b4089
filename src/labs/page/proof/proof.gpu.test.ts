/**
 * The proof as the page makes it, on this device: the paged kernel over the pool of the default story, chat and a
 * window, and K and V of the model.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createModelClient } from '../../../model';
import { gpuMachine } from '../../../machine/gpu/machine';
import { openSession, type Session } from '../../../machine/gpu/session';
import { configOf, Simulation, WORKLOADS, type Config, type State } from '../../../paging';
import { planOf } from './layout';
import { createLayoutWorker, prove, type LayoutWorker } from './run';
import { createPageTokens, PAGE_DIM } from '../../../figure/paging/tokens';

let session: Session;
let layer: LayoutWorker;
const uncaptured: string[] = [];
beforeAll(async () => {
  session = await openSession((error) => uncaptured.push(error.message));
  layer = createLayoutWorker();
});
afterAll(() => {
  layer.dispose();
  session.close();
  expect(uncaptured).toEqual([]);
});

function statesOf(id: string, changes: Partial<Config> = {}): State[] {
  const workload = WORKLOADS.find((one) => one.id === id)!;
  const simulation = new Simulation(workload, configOf(workload, changes));
  const states: State[] = [];
  while (states.length < 40 && simulation.advance() > 0) {
    const { operation, state } = simulation.history.last;
    if (operation?.op === 'step' && planOf(state)) states.push(state);
  }
  return states;
}

test.each([
  ['story', 2, {}],
  ['chat', 13, {}],
  ['parallel', 16, { rules: 'paper' }],
  ['beam', 16, {}],
  ['long-tail', 19, { window: 24 }],
  ['storm', 19, { preemption: 'swap', rules: 'paper' }],
  ['scale', 39, {}],
  ['marathon', 39, { rules: 'v1-2025' }],
] as const)(
  '%s, every %i. step: paged within the bound of f64 and of one piece',
  { timeout: 120_000 },
  async (id, every, changes) => {
    const states = statesOf(id, changes).filter((_, i) => i % every === every - 1);
    expect(states.length).toBeGreaterThan(0);
    let scattered = 0;
    for (const state of states) {
      const plan = planOf(state)!;
      const proof = await prove(gpuMachine(session), plan, await layer.lay(plan, [], PAGE_DIM));
      expect(proof.pagedF64, `step ${state.step}`).toBeLessThanOrEqual(proof.bound);
      expect(proof.pagedContiguous).toBeLessThanOrEqual(proof.bound);
      expect([...proof.of.keys()]).toEqual(state.batch.map(({ request }) => request));
      expect(Math.max(...[...proof.of.values()].map(({ pagedF64 }) => pagedF64))).toBe(proof.pagedF64);
      scattered += proof.scattered;
    }
    expect(scattered).toBeGreaterThan(states.length);
  },
);

test('a block with a wrong token is seen as a large difference', { timeout: 120_000 }, async () => {
  const plan = planOf(statesOf('story')[0]!)!;
  const wrong = { ...plan, rows: plan.rows.map((row) => ({ ...row, held: row.held.with(1, 7) })) };
  const proof = await prove(gpuMachine(session), wrong, await layer.lay(wrong, [], PAGE_DIM));
  expect(proof.pagedContiguous).toBeGreaterThan(1e-3);
  expect(proof.pagedF64).toBeGreaterThan(proof.bound);
});

test(
  'typed text: tokens of the model as they are produced, its K and V in the pool, within the bound',
  { timeout: 120_000 },
  async () => {
    const model = createModelClient(new URL('/', location.href));
    const tokens = createPageTokens(model);
    const prompt = await tokens.read('黄鹤一去不复返');
    expect(prompt).toHaveLength(7);
    expect(tokens.label(prompt[0]!)).toBe('黄');
    const said: number[] = [];
    for (let i = 0; i < 2; i++) said.push(await tokens.next([...prompt, ...said]));
    expect(tokens.label(said[1]!)).toBeTruthy();
    const own = WORKLOADS.find(({ id }) => id === 'own')!;
    const simulation = new Simulation(own, configOf(own));
    simulation.push({ op: 'add', name: 'Li', prompt, generate: 4, source: 'outside' });
    simulation.push({ op: 'step' });
    for (const token of said) {
      simulation.push({ op: 'append', request: 0, tokens: [token] });
      const { state } = simulation.push({ op: 'step' });
      const plan = planOf(state)!;
      const all = [...plan.rows[0]!.tokens];
      const read = { tokens: all, ...(await tokens.statesOf(all)) };
      const proof = await prove(gpuMachine(session), plan, await layer.lay(plan, [read], PAGE_DIM));
      expect(proof).toMatchObject({ fromModel: all.length, generated: 0, queries: 1 });
      expect(proof.pagedF64).toBeLessThanOrEqual(proof.bound);
      expect(proof.pagedContiguous).toBeLessThanOrEqual(proof.bound);
    }
    model.dispose();
  },
);
