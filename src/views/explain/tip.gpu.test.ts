/**
 * The explanation panel in a real DOM: its numbers are the explanation's, the fold hides only the middle, and nothing
 * is claimed that is not known.
 */
import { afterEach, expect, test } from 'vitest';
import { frameOf } from '../../frame/frame';
import type { CellRef } from '../../frame/cell';
import type { Explanation, Frame } from '../../frame/frame-types';
import { value } from '../../ui/format';
import { crossTrace } from '../testing/cross-frame';
import { shown, stage, type Stage } from '../testing/softmax-stage';
import { explain } from './tip';
import { termLines } from './formula';

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
  expect(shown(show(frameAt(3)).host)).toMatch(/Point at or tap a cell/);
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
  expect(text).toMatch(/Written by source line \d+/);
});

test('terms are folded, never lost', () => {
  for (const n of [0, 1, 6, 7, 8, 64]) {
    const terms = Array.from({ length: n }, (_, i) => ({ label: `${i}`, factors: [i, 2], product: 2 * i }));
    const explanation = {
      cell: { role: 'S', row: 0, col: 0 },
      value: 0,
      symbols: 'Σ q·k',
      masked: false,
      given: false,
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
  expect(empty).toContain('Point at or tap a cell');
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

/** Numbers of the panel that stand outside it, or in one another: a clipped digit is a wrong number. */
function clipped(host: HTMLElement): string[] {
  const edge = host.getBoundingClientRect().right + 0.5;
  const cells = [...host.querySelectorAll('td, .formula, .results > *, h3, .where')];
  const boxes = cells.map((cell) => {
    const range = document.createRange();
    range.selectNodeContents(cell);
    return { cell, text: range.getBoundingClientRect(), own: cell.getBoundingClientRect() };
  });
  return boxes.filter(({ text, own }) => text.right > Math.min(edge, own.right + 0.5)).map(({ cell }) => shown(cell));
}

test('no number is cut off, at any width, for any cell of any matrix, in both languages, nor with the longest figures there are', () => {
  const layouts = ['S', 'P', 'm', 'l', 'alpha', 'O', 'Q', 'K', 'V', 'LSE'] as const;
  const one = (role: CellRef['role']): CellRef[] => {
    const vector = role === 'm' || role === 'l' || role === 'alpha' || role === 'LSE';
    return [3, 15].map((row) => ({ role, row, col: vector ? 0 : Math.min(row, 7) }));
  };
  const frames = [2, 3, 7, 8, 9].flatMap((phase) => layouts.flatMap(one).map((cell) => frameAt(phase, cell)));
  // What a kernel may well hold: 1e-12 beside -1e30, and a sum that differs in its last digits.
  const extreme = [-1.234567e-12, -3.402823e38, 9999.4999, -0.00012345].flatMap((a) =>
    (
      [
        { symbols: 'Σ q·k / √128', times: '/ √128' },
        { symbols: 'α·l + Σ p' },
        { symbols: 'α·o + Σ p·v' },
        { symbols: 'exp(s − m) / l', inNumbers: 'exp(# − #) / #' },
      ] as const
    ).map((rule): Frame => {
      const { symbols: _symbols, times: _times, inNumbers: _line, ...rest } = frames[0]!.explanation!;
      const term = { label: 'times' in rule ? '127' : 'α·O', factors: [a, -1.234567e-11], product: a };
      const explanation = {
        ...rest,
        ...rule,
        terms: Array.from({ length: 9 }, () => term),
        value: a,
        computed: -a,
        differs: true,
      };
      return { ...frames[0]!, explanation };
    }),
  );
  const seen = new Set<string>();
  for (const language of ['en', 'zh'] as const)
    for (const width of [232, 256, 300, 342, 420]) {
      const s = stage(trace, explain.css, width, language);
      const view = explain.mount(s.host, s.env);
      for (const frame of [...frames, ...extreme]) {
        view.draw(frame);
        for (const text of clipped(s.host)) seen.add(`${width} ${language}: ${text}`);
      }
      view.dispose();
    }
  expect([...seen]).toEqual([]);
});
