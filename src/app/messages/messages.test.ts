/** What the page tells: each thing once, and what is about a link no longer than the link. */
import { signal } from '@preact/signals-core';
import { expect, test } from 'vitest';
import { AttnError, isError } from '../../errors';
import { clearErrors, clearLink, tell, type Message } from './messages';

const told = () => signal<readonly Message[]>([]);
const kinds = (messages: readonly Message[]): string[] =>
  messages.map(({ content }) => (content.kind === 'link' ? content.problem.kind : content.error.code));

test('the same message never stands twice', () => {
  const messages = told();
  for (let i = 0; i < 3; i++) {
    tell(messages, { kind: 'link', problem: { kind: 'mangled' } });
    tell(messages, { kind: 'link', problem: { kind: 'bad-value', key: 'd', value: '999' } });
    tell(messages, { kind: 'error', error: new AttnError('tensor-empty', { file: 'q.npy' }) });
  }
  expect(kinds(messages.value)).toEqual(['mangled', 'bad-value', 'tensor-empty']);
});

test('once a link’s state is left nothing is said of it; other errors stay', () => {
  const messages = told();
  tell(messages, { kind: 'link', problem: { kind: 'no-file', key: 'file', value: 'x.attn' } });
  tell(messages, { kind: 'error', error: new AttnError('tensor-gone', { file: 'q.npy', hash: '12345678' }) });
  tell(messages, { kind: 'error', error: new AttnError('tensor-empty', { file: 'k.npy' }) });
  clearLink(messages);
  expect(kinds(messages.value)).toEqual(['tensor-empty']);
  const { value } = messages;
  clearLink(messages);
  expect(messages.value).toBe(value);
});

test('what is wrong with files goes when files are opened, but for what is still to be said of another one', () => {
  const messages = told();
  const bare = (tensor: string) => new AttnError('tensor-bare', { tensor, dtype: '<V2' });
  for (const error of [
    new AttnError('tensor-empty', { file: 'k.npy' }),
    bare('q.npy'),
    bare('v.npy'),
    new AttnError('unexpected', { message: 'x' }),
  ])
    tell(messages, { kind: 'error', error });
  clearErrors(messages, 'tensor-', (error) => isError(error, 'tensor-bare') && error.details.tensor !== 'v.npy');
  expect(kinds(messages.value)).toEqual(['tensor-bare', 'unexpected']);
  expect(JSON.stringify(messages.value[0]?.content)).toContain('q.npy');
  clearErrors(messages, 'tensor-');
  expect(kinds(messages.value)).toEqual(['unexpected']);
});
