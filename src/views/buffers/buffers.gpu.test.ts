// Bytes by buffer: every number of the table is the frame's, HBM and SRAM apart.
import { expect, test, vi } from 'vitest';
import { buffers } from './buffers';
import { bytes } from '../../ui/format';
import { memoryFrame } from '../testing/memory-frame';

const none = vi.fn();
const on = { hover: none, pin: none, row: none, workgroup: none, phase: none, line: none, thread: none };

function show(frame: ReturnType<typeof memoryFrame>) {
  const host = document.createElement('div');
  const sheet = document.createElement('style');
  sheet.textContent = buffers.css;
  host.append(sheet);
  document.body.append(host);
  const view = buffers.mount(host, { trace: frame.trace, language: 'en', theme: 'light', motion: false, on });
  view.draw(frame);
  return { host, view };
}

test('a row a buffer, four numbers each, in the group of its memory', () => {
  const frame = memoryFrame({ step: 'load K,V' });
  const { host, view } = show(frame);
  for (const { name, space, step, sum } of frame.bytes.buffers) {
    const row = [...host.querySelectorAll(`tbody.${space} tr`)].find(
      (r) => r.querySelector('th')?.textContent?.trim() === name,
    )!;
    expect([...row.querySelectorAll('td')].map((c) => c.textContent)).toEqual(
      [step.read, step.written, sum.read, sum.written].map(bytes),
    );
    expect([...row.querySelectorAll('td')].map((c) => c.classList.contains('zero'))).toEqual(
      [step.read, step.written, sum.read, sum.written].map((n) => n === 0),
    );
  }
  expect(host.querySelectorAll('tbody tr:not(.group, .all)')).toHaveLength(frame.bytes.buffers.length);
  view.dispose();
  expect(host.querySelector('table')).toBeNull();
  host.remove();
});

test('the last row of a group adds it up', () => {
  const frame = memoryFrame({ step: 'softmax' });
  const { host } = show(frame);
  const cells = [...host.querySelectorAll('tbody.workgroup .all td')].map((c) => c.textContent);
  const rows = frame.bytes.buffers.filter((b) => b.space === 'workgroup');
  const add = (of: (b: (typeof rows)[number]) => number) => bytes(rows.reduce((n, b) => n + of(b), 0));
  expect(cells).toEqual([
    add((b) => b.step.read),
    add((b) => b.step.written),
    add((b) => b.sum.read),
    add((b) => b.sum.written),
  ]);
  host.remove();
});

test('naive has no SRAM group', () => {
  const { host } = show(memoryFrame({ kernel: 'naive' }));
  expect(host.querySelector('tbody.workgroup')).toBeNull();
  host.remove();
});

test('the paragraph names what moved', () => {
  expect(buffers.describe(memoryFrame({ step: 'load K,V' }), 'en')).toBe(
    'Bytes by buffer at load K,V: K 2.00 KiB read, 0 B written; V 2.00 KiB read, 0 B written; sK 0 B read, 2.00 KiB written; sS 0 B read, 2.00 KiB written.',
  );
});
