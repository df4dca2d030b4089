/** What makes an entry in the history, and what is a new look at the same thing, for every key that a link may have. */
import { expect, it } from 'vitest';
import { parseFragment, subject, undoable } from './fragment';

/** Everything is set, so that each key below changes what it is about. */
const FROM =
  'lab=step&kernel=flash2&input=seed&n=48&nq=16&d=16&heads=4&kv=2&batch=2&seed=3&plane=1&mask=causal&tile=16x16&at=0.1.2&row=3&thread=4&cell=P.3.4&by=tile&speed=2&pane=source&3d=on&theme=dark&lang=en&t.n=64.128&t.heads=8&vs=kernel:naive&both=share.3.memory&page=chat&moment=5';

const passing = [
  'at=0.1.3',
  'row=4',
  'thread=5',
  'cell=P.3.5',
  'by=line',
  'speed=4',
  'pane=cross',
  'moment=6.1.queue',
  'both=share.4.memory',
];
const looks = ['theme=light', 'lang=zh', '3d=flat', '3d=off'];
const choices = [
  'lab=page lab=time kernel=flash-fast-shared input=text n=49 nq=17 d=8 heads=8 kv=1 batch=1 seed=4 plane=2 mask=full tile=8x8',
  't.kernels=naive t.mask=full t.n=64 t.q=1 t.batch=2 t.heads=16 t.kv=4 t.d=32 t.s=5',
  'vs=kernel:naive,seed:1 both=bytes.3.memory both=share.3.source page=chat_block-8 page=chat*5f1 file=Ada',
].flatMap((some) => some.split(' '));

/** The state of the link with one key changed. */
const changed = (change: string) => {
  const link = new URLSearchParams(FROM);
  for (const [key, value] of new URLSearchParams(change)) link.set(key, value);
  const { located, problems } = parseFragment(link.toString());
  expect(problems).toEqual([]);
  return located;
};

const from = changed('');

it.each(passing)('%s: a step or a glance', (change) => {
  expect(changed(change)).not.toEqual(from);
  expect(undoable(changed(change))).toBe(undoable(from));
});

it.each(looks)('%s: an entry, about the same', (change) => {
  expect(undoable(changed(change))).not.toBe(undoable(from));
  expect(subject(changed(change))).toBe(subject(from));
});

it.each(choices)('%s: an entry, about something else', (change) => {
  expect(undoable(changed(change))).not.toBe(undoable(from));
  expect(subject(changed(change))).not.toBe(subject(from));
});

it('what is not of the kind of input that was chosen makes no entry', () => {
  const text = changed('input=text');
  expect(undoable({ ...text, choice: { ...text.choice, seed: 77, keys: 5 } })).toBe(undoable(text));
});
