/**
 * Random operations under every rule set: nothing breaks an invariant, refusals change nothing, and a naive model
 * agrees on every step.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apply, create, freeOrder, type Operation, type RuleSet, type State } from '.';
import { violation } from './testing/invariants';
import { Naive } from './testing/naive';
import { naivePaperStep } from './testing/naive-paper';
import { codes, configs, operationOf } from './testing/random-operations';

type Difference = string | undefined;

function differs(what: string, ours: Iterable<unknown>, theirs: readonly unknown[]): Difference {
  let i = 0;
  for (const item of ours) if (item !== theirs[i++]) return `${what}: ${String([...ours])} | naive: ${String(theirs)}`;
  return i === theirs.length ? undefined : `${what}: ${String([...ours])} | naive: ${String(theirs)}`;
}

const ids = (list: readonly { id: number }[]) => list.map(({ id }) => id);

function requestsDiffer(state: State, naive: Naive): Difference {
  for (const { id, status, tokens, computed, table, cpuTable } of state.requests) {
    const other = naive.requests[id];
    if (!other) return `request ${id} is not there`;
    const wrong =
      differs(`status and computed of ${id}`, [status, computed], [other.status, other.computed]) ??
      differs(`tokens of ${id}`, tokens, other.tokens) ??
      differs(`table of ${id}`, table, other.table) ??
      differs(`CPU table of ${id}`, cpuTable, other.cpu);
    if (wrong) return wrong;
  }
  return undefined;
}

/**
 * @param names which prefix, as text, each hash has stood for so far: one hash, one prefix, or two would be taken for
 * one
 */
function blocksDiffer(state: State, naive: Naive, names: Map<string, string>): Difference {
  for (const { id, tokens, hash } of state.blocks) {
    const name = naive.name[id];
    if ((hash === undefined) !== (name === undefined)) return `block ${id} published as ${hash} | naive: ${name}`;
    if (hash !== undefined && name !== undefined && (names.get(hash) ?? name) !== name)
      return `${hash} is ${names.get(hash)} and ${name}`;
    if (hash !== undefined && name !== undefined) names.set(hash, name);
    const wrong = differs(`content of block ${id}`, tokens, naive.content[id] ?? []);
    if (wrong) return wrong;
  }
  return undefined;
}

/** The first thing on which the two models differ. */
const difference = (state: State, naive: Naive, names: Map<string, string>): Difference =>
  differs('free queue', freeOrder(state), naive.free) ??
  differs('running', state.running, ids(naive.running)) ??
  differs('waiting', state.waiting, ids(naive.waiting)) ??
  differs('swapped', state.swapped, ids(naive.swapped)) ??
  differs('free CPU blocks', state.cpuFree, naive.cpuFree) ??
  requestsDiffer(state, naive) ??
  blocksDiffer(state, naive, names);

/**
 * Runs codes as operations; throws at the first thing wrong. Gives the operations, the states and what kinds of events
 * came up.
 */
function run(start: State, numbers: readonly number[], seen: Set<string>): { operations: Operation[]; end: State } {
  const naive = new Naive(start.config, freeOrder(start));
  const names = new Map<string, string>();
  const operations: Operation[] = [];
  let state = start;
  for (const number of numbers) {
    const operation = operationOf(number, state);
    const { state: next, events } = apply(state, operation);
    operations.push(operation);
    for (const event of events) seen.add(event.kind === 'refuse' ? `refuse ${event.reason}` : event.kind);
    const refusal = operation.op !== 'step' && events[0]?.kind === 'refuse';
    if (refusal && next !== state) throw new Error('a refused operation changed the state');
    if (!refusal)
      naive.apply(operation, () => (start.config.rules === 'paper' ? naivePaperStep(naive) : naive.stepV1()));
    const wrong = violation(next) ?? difference(next, naive, names);
    if (wrong)
      throw new Error(
        `${wrong}\nafter ${operations.map((each) => JSON.stringify(each)).join('\n')}\n${JSON.stringify(events)}`,
      );
    state = next;
  }
  return { operations, end: state };
}

const RUNS = 10_000;

describe.each<RuleSet>(['v1-2026', 'v1-2025', 'paper'])('%s', (rules) => {
  test('invariants hold and the naive model agrees after every operation', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(configs(rules), codes, (config, numbers) => {
        run(create(config), numbers, seen);
      }),
      { numRuns: RUNS },
    );
    // The sequences are worth something only if they come by all that can happen.
    const wanted = ['append', 'await', 'extend', 'finish', 'fork', 'free', 'publish', 'preempt', 'slide', 'touch'];
    const own =
      rules === 'paper'
        ? ['copy-on-write', 'swap-out', 'swap-in', 'refuse cpu-blocks', 'refuse not-running']
        : ['evict', 'hold'];
    const refusals = ['refuse blocks', 'refuse finished', 'refuse max-running', 'refuse never-fits', 'refuse too-long'];
    expect([...seen]).toEqual(expect.arrayContaining([...wanted, ...own, ...refusals]));
  });
});
