// The pool, filled from the blocks, and the contiguous keys, filled from the requests, give the same answer at every
// step of real workloads; with a wrong block they do not.
import { expect, test } from 'vitest';
import { attendPaged, gatherKeys } from '../../../ops/attention/batch';
import { maxDifference } from '../../../machine/compare';
import { configOf, Simulation, WORKLOADS, type Config, type State } from '../../../paging';
import { costOf, layOut, planOf, type ProofPlan } from './layout';

const DIM = 8;

/** The state after every step with a query, at most `most` of them. */
function stepsOf(id: string, most: number, changes: Partial<Config> = {}): State[] {
  const workload = WORKLOADS.find((one) => one.id === id)!;
  const simulation = new Simulation(workload, configOf(workload, changes));
  const states: State[] = [];
  while (states.length < most && simulation.advance() > 0) {
    const { operation, state } = simulation.history.last;
    if (operation?.op === 'step' && planOf(state)) states.push(state);
  }
  return states;
}

const differenceOf = (plan: ProofPlan): number => {
  const { paged, expected } = layOut(plan, [], DIM);
  return maxDifference(attendPaged(paged).o, expected.o);
};

const cases: readonly (readonly [string, number, Partial<Config>])[] = [
  ['story', 60, {}],
  ['chat', 40, {}],
  ['parallel', 40, { rules: 'paper' }],
  ['beam', 40, {}],
  ['storm', 60, { victim: 'most-blocks' }],
  ['storm', 60, { rules: 'paper', preemption: 'swap' }],
  ['long-tail', 30, { window: 20 }],
];

test.each(cases)('%s, %i steps, %o: through the table as in one piece', (id, most, changes) => {
  const states = stepsOf(id, most, changes);
  expect(states.length).toBeGreaterThan(10);
  for (const state of states) expect(differenceOf(planOf(state)!)).toBeLessThan(1e-6);
});

test('a block that holds another token than its request says is found', () => {
  // Ada alone: a block of two requests is as wrong for one as for the other.
  const plan = planOf(stepsOf('story', 1)[0]!)!;
  const [row] = plan.rows;
  for (const at of [0, row!.held.length - 1]) {
    const wrong = { ...plan, rows: [{ ...row!, held: row!.held.with(at, (row!.held[at] ?? 0) + 1) }] };
    expect(differenceOf(wrong)).toBeGreaterThan(1e-3);
  }
  const empty = { ...plan, rows: [{ ...row!, held: row!.held.with(1, -1) }] };
  expect(differenceOf(empty)).toBeGreaterThan(1e3);
});

test('equal prefixes have equal K and V, from their first difference on they do not; the rest of the pool is poison', () => {
  const state = stepsOf('story', 60).find(
    ({ batch }) => batch.length > 1 && batch[0]!.table[0] === batch[1]!.table[0],
  )!;
  const plan = planOf(state)!;
  const memory = layOut(plan, [], DIM);
  const [a, b] = plan.rows;
  const same = a!.tokens.findIndex((token, at) => token !== b!.tokens[at]);
  expect(same).toBeGreaterThanOrEqual(8);
  const keys = (r: number, from: number, to: number): Float32Array =>
    gatherKeys(memory.contiguous, memory.contiguous.kPool, r, from, to);
  expect(keys(0, 0, same)).toEqual(keys(1, 0, same));
  expect(keys(0, same, same + 1)).not.toEqual(keys(1, same, same + 1));
  // A token has other vectors after another prefix.
  const letters = [...a!.tokens.subarray(0, same)];
  const twice = letters.findIndex((token, at) => letters.indexOf(token) < at);
  expect(keys(0, twice, twice + 1)).not.toEqual(
    keys(0, letters.indexOf(letters[twice]!), letters.indexOf(letters[twice]!) + 1),
  );
  expect(memory.paged.kPool.filter((x) => x > 1e18)).toHaveLength(memory.poisoned * DIM);
  expect(memory.poisoned).toBeGreaterThan(0);
  expect(memory.scattered).toBeGreaterThan(0);
  const unit = memory.contiguous.kPool.filter((x) => x < 1e18);
  expect(unit.reduce((sum, x) => sum + x * x, 0) / unit.length).toBeGreaterThan(0.8);
  expect(unit.reduce((sum, x) => sum + x * x, 0) / unit.length).toBeLessThan(1.2);
});

test('what the model has read fills the slots of that prefix, for every request that begins with it', () => {
  const plan = planOf(
    stepsOf('story', 60).find(({ batch }) => batch.length > 1 && batch[0]!.table[0] === batch[1]!.table[0])!,
  )!;
  const tokens = [...plan.rows[0]!.tokens.subarray(0, 10)];
  const rows = (salt: number): Float32Array =>
    Float32Array.from({ length: tokens.length * DIM }, (_, i) => Math.sin(i + salt));
  const read = { tokens, q: rows(1), k: rows(2), v: rows(3) };
  const memory = layOut(plan, [read], DIM);
  expect(gatherKeys(memory.paged, memory.paged.kPool, 0, 0, 10)).toEqual(read.k);
  expect(gatherKeys(memory.paged, memory.paged.vPool, 1, 0, 8)).toEqual(read.v.subarray(0, 8 * DIM));
  expect(memory.fromModel + memory.generated).toBe(plan.rows.reduce((sum, row) => sum + row.tokens.length, 0));
  expect(memory.fromModel).toBeGreaterThanOrEqual(18);
  expect(maxDifference(attendPaged(memory.paged).o, memory.expected.o)).toBeLessThan(1e-6);
});

test('what a proof takes is known before it is laid out', () => {
  for (const state of stepsOf('chat', 20)) {
    const plan = planOf(state)!;
    const { work, bytes } = costOf(state, DIM);
    expect(work).toBe(
      plan.rows.reduce((sum, { start, tokens }) => sum + 2 * DIM * (tokens.length - start) * tokens.length, 0),
    );
    const { paged, contiguous } = layOut(plan, [], DIM);
    const held = 8 * (paged.kPool.length + contiguous.kPool.length);
    // One piece is rounded up: to 64 keys at least, and to powers of two.
    expect(bytes).toBeLessThanOrEqual(held);
    expect(bytes).toBeGreaterThan(8 * paged.kPool.length);
  }
});

test('before the first step there is nothing to prove', () => {
  const workload = WORKLOADS[0];
  expect(planOf(new Simulation(workload, configOf(workload)).history.last.state)).toBeUndefined();
});
