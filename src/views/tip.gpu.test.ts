/** The explanation panel in a real DOM: its numbers are the explanation's, the fold hides only the middle, and nothing is claimed that is not known. */
import { afterEach, expect, test } from 'vitest';
import { frameOf } from '../capture/frame';
import type { CellRef } from '../capture/cell';
import type { Explanation, Frame } from '../capture/frame-types';
import { value } from './format';
import { crossTrace } from './testing/cross-frame';
import { shown, stage, type Stage } from './testing/softmax-stage';
import { explain } from './tip';
import { termLines } from './tip-formula';

afterEach(() => document.body.replaceChildren());

const trace = crossTrace({ queries: 24, keys: 24, dim: 16, br: 16, bc: 8, mask: 'causal' });
const frameAt = (phase: number, cell?: CellRef): Frame =>
  frameOf(trace, { pass: 0, workgroup: 0, phase }, { row: cell?.row ?? 0, thread: 0, ...(cell ? { cell } : {}) });

function show(frame: Frame, language: 'en' | 'zh' = 'en'): Stage {
  const s = stage(frame.trace, explain.css, 420, language);
  explain.mount(s.host, s.env).draw(frame);
  return s;
}

test('with nothing pointed at it says what to do', () => {
  expect(shown(show(frameAt(3)).host)).toMatch(/Point at a cell/);
  expect(shown(show(frameAt(3), 'zh').host)).toMatch(/格子/);
});

test('a score is its dot product: first and last terms as captured, the sum computed, the value the kernel’s', () => {
  const frame = frameAt(2, { role: 'S', row: 5, col: 3 });
  const text = shown(show(frame).host);
  const [q, k] = ['Q', 'K'].map((id) => trace.tensors.find((t) => t.id === id)!.data);
  const products = Array.from({ length: 16 }, (_, c) => q![5 * 16 + c]! * k![3 * 16 + c]!);
  for (const c of [0, 1, 2, 13, 14, 15]) expect(text).toContain(value(products[c]!));
  expect(text).toContain('10 more terms');
  const sum = products.reduce((a, b) => a + b, 0) / 4;
  expect(text).toContain(`${value(sum)}computed`);
  expect(text).toContain('captured on this device');
  expect(text).toMatch(/written by source line \d+/);
});

test('terms are folded, never lost', () => {
  for (const n of [0, 1, 6, 7, 8, 64]) {
    const terms = Array.from({ length: n }, (_, i) => ({ label: `${i}`, factors: [i, 2], product: 2 * i }));
    const explanation = {
      cell: { role: 'S', row: 0, col: 0 },
      value: 0,
      formula: 'dot',
      terms,
      inputs: [],
      differs: false,
    } satisfies Explanation;
    const { first, folded, last } = termLines(explanation);
    expect(first.length + folded + last.length).toBe(n);
    expect([...first, ...last].map((t) => t.label)).toEqual(
      [...terms.slice(0, first.length), ...terms.slice(n - last.length)].map((t) => t.label),
    );
  }
});

test('a cell of the future and a masked cell show no number', () => {
  const later = shown(show(frameAt(2, { role: 'S', row: 12, col: 11 })).host);
  expect(later).toContain('Not written yet');
  expect(later).not.toContain('captured');
  expect(shown(show(frameAt(2, { role: 'S', row: 2, col: 5 })).host)).toContain('Masked');
});

test('with nothing pointed at, it says how to begin and the rule of each matrix', () => {
  const empty = shown(show({ ...frameAt(2, { role: 'S', row: 5, col: 3 }), explanation: undefined }).host);
  expect(empty).toContain('Point at a cell');
  for (const rule of ['Σ q·k', 'max(m, s)', 'exp(s − m)', 'α·o + Σ p·v']) expect(empty).toContain(rule);
});

test('where sum and value differ, both are shown in full', () => {
  const frame = frameAt(2, { role: 'S', row: 5, col: 3 });
  const explanation = { ...frame.explanation!, value: 1.2345678, computed: 1.2346789, differs: true };
  const text = shown(show({ ...frame, explanation }).host);
  expect(text).toContain('1.2345678');
  expect(text).toContain('1.2346789');
  expect(text).toContain('differ by more than rounding');
});
