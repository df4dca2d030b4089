/** The visitor's actions on a request: a fork that would be refused is not offered, and the reason is shown. */
import { expect, test } from 'vitest';
import { add, apply, create, DEFAULT_CONFIG, type Operation, type State } from '../../paging';
import { wasRefused, forkRefusal } from './own';

const after = (state: State, ...operations: Operation[]): State =>
  operations.reduce((now, one) => apply(now, one).state, state);
const ask: Operation = { op: 'add', name: '#0', prompt: [1, 2, 3], generate: 4, source: 'seeded' };
const paper = after(create({ ...DEFAULT_CONFIG, rules: 'paper' }), ask);

test('a request that waits cannot be forked by the rules of the paper, and the reason is said', () => {
  expect(forkRefusal(paper, 0, 'en')).toBe('#0 cannot be forked. Only what runs has a table to share.');
  expect(forkRefusal(paper, 0, 'zh')).toBe('#0 无法分叉。只有正在运行的请求才有块表可共享。');
  expect(forkRefusal(after(paper, { op: 'step' }), 0, 'en')).toBeUndefined();
});

test('by the rules of V1 it can: the child waits as well', () => {
  const { state } = add(create({ ...DEFAULT_CONFIG, rules: 'v1-2026' }), ask);
  expect(forkRefusal(state, 0, 'en')).toBeUndefined();
  expect(forkRefusal(after(state, { op: 'free', request: 0 }), 0, 'en')).toContain('It is done already.');
});

test('an action that was refused is told from one that added a request', () => {
  const fork = (state: State) => apply(state, { op: 'fork', request: 0, name: '#1' }).events;
  expect(wasRefused(fork(paper))).toBe(true);
  expect(wasRefused(fork(after(paper, { op: 'step' })))).toBe(false);
});
