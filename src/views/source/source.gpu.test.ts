/**
 * The WGSL pane in a real DOM: values and bytes hang on their lines, the pane scrolls itself only, the log leads to its
 * entries.
 */
import { afterEach, expect, test } from 'vitest';
import type { Frame } from '../../frame/frame-types';
import { logged } from '../shared/logged';
import { source } from './source';
import { flashFrame } from '../testing/softmax-frame';
import { SOURCE } from '../testing/softmax-source';
import { press, shown, stage, type Stage } from '../testing/softmax-stage';

afterEach(() => document.body.replaceChildren());

async function show(frame: Frame, width = 640): Promise<Stage & { draw(frame: Frame): void }> {
  const s = stage(frame.trace, source.css, width);
  const mounted = source.mount(s.host, s.env);
  mounted.draw(frame);
  // The pane learns its height from its resize observer.
  await painted();
  return { ...s, draw: mounted.draw };
}

/** Panes scroll once all views have drawn. */
const painted = (): Promise<unknown> =>
  new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done))));

const at = (phase: number, line?: number): Frame =>
  flashFrame({ phase, row: 26, r0: 16, ...(line === undefined ? {} : { line }) });
const lineOf = (s: Stage, n: number): HTMLElement => s.host.querySelector<HTMLElement>(`.line[data-line="${n}"]`)!;

test('every line of the text stands there, with its number', async () => {
  const s = await show(at(7));
  const lines = [...s.host.querySelectorAll('.line')];
  expect(lines.map((l) => l.querySelector('.text')!.textContent).join('\n')).toBe(SOURCE);
  expect(lines.map((l) => Number(l.querySelector('.no')!.textContent))).toEqual(lines.map((_, i) => i + 1));
});

test('values hang on their lines up to the cursor, and go when the phase goes', async () => {
  const frame = at(7, 20);
  const s = await show(frame);
  const values = [...s.host.querySelectorAll('.value')].map(shown);
  expect(values.toSorted()).toEqual(
    [...frame.line.values.values()].map((e) => `${e.name} = ${logged(e.value)}`).toSorted(),
  );
  s.draw(at(8));
  expect(s.host.querySelectorAll('.value')).toHaveLength(0);
});

test('bytes of a line are split by memory level and direction', async () => {
  const s = await show(at(5));
  const line = lineOf(s, SOURCE.split('\n').findIndex((l) => l.includes('sK[i] =')) + 1);
  expect(shown(line.querySelector('.bytes.hbm'))).toBe('R 2.00 KiB');
  expect(shown(line.querySelector('.bytes.sram'))).toBe('W 2.00 KiB');
  expect(shown(s.host.querySelector('.status'))).toBe('load K,V: HBM R 4.00 KiB · SRAM W 4.00 KiB');
  s.draw(at(7));
  expect([...s.host.querySelectorAll('.bytes.hbm')].every((cell) => cell.textContent === '')).toBe(true);
});

test('the current line is brought into sight inside the pane, and the page stays', async () => {
  const frame = at(7, 30);
  const s = await show(frame);
  const pane = s.host.querySelector('.code')!;
  const inSight = (n: number): boolean => {
    const [box, line] = [pane.getBoundingClientRect(), lineOf(s, n).getBoundingClientRect()];
    return line.top >= box.top && line.bottom <= box.bottom;
  };
  expect(inSight(frame.line.line)).toBe(true);
  s.draw(at(0));
  await painted();
  expect(inSight(at(0).line.line)).toBe(true);
  expect(document.scrollingElement!.scrollTop).toBe(0);
  const band = s.host.querySelector<HTMLElement>('.band.phase')!.getBoundingClientRect();
  expect(Math.abs(band.top - lineOf(s, at(0).phase.line).getBoundingClientRect().top)).toBeLessThan(1);
  expect(Math.abs(band.bottom - lineOf(s, at(0).phase.endLine).getBoundingClientRect().bottom)).toBeLessThan(1);
});

test('the log shows values up to the cursor only; click and keys lead to entries', async () => {
  const frame = at(7, 4);
  const s = await show(frame);
  const rows = [...s.host.querySelectorAll<HTMLElement>('.entry')].filter((row) => !row.hidden);
  for (const row of rows) {
    const i = Number(row.dataset['index']);
    expect(shown(row.querySelector('.result'))).toBe(i <= 4 ? logged(frame.line.entries[i]!.value) : '');
  }
  expect(rows.some((row) => row.classList.contains('later'))).toBe(true);
  rows.find((row) => row.dataset['index'] === '2')!.click();
  const list = s.host.querySelector('[role="listbox"]');
  expect(s.root.getElementById(list!.getAttribute('aria-activedescendant')!)?.dataset['index']).toBe('4');
  press(list, 'ArrowDown');
  press(list, 'End');
  lineOf(s, frame.line.entries[2]!.line).click();
  expect(s.events).toEqual([
    ['line', 2],
    ['line', 5],
    ['line', 65],
    ['line', 6],
  ]);
});

test('the list holds only the rows in sight', async () => {
  const frame = at(7);
  const entries = Array.from({ length: 20_000 }, (_, i) => ({ line: 45, name: 'm', value: i }));
  const s = await show({ ...frame, line: { ...frame.line, entries, index: 15_000, count: entries.length } });
  expect(s.host.querySelectorAll('.entry').length).toBeLessThan(40);
  expect(shown(s.host.querySelector('.entry.now .result'))).toBe('15000');
});

test('the thread is chosen by number or by steps, within the workgroup', async () => {
  const s = await show(at(7));
  const input = s.host.querySelector<HTMLInputElement>('.thread input')!;
  input.value = '900';
  input.dispatchEvent(new Event('change'));
  const [less, more] = [...s.host.querySelectorAll<HTMLButtonElement>('.thread button')];
  s.draw(at(7));
  expect(less!.disabled).toBe(true);
  more!.click();
  expect(s.events).toEqual([
    ['thread', 63],
    ['thread', 1],
  ]);
});

test('the line that wrote the focused cell is marked', async () => {
  const frame = at(7);
  const cell = { role: 'P' as const, row: 26, col: 20 };
  const said = { symbols: 'exp(s − m)', terms: [], inputs: [], masked: false, given: false };
  const explanation = { cell, ...said, value: 0.5, line: 51, differs: false };
  const s = await show({ ...frame, explanation });
  expect([...s.host.querySelectorAll<HTMLElement>('.line.wrote')].map((l) => l.dataset['line'])).toEqual(['51']);
  expect(shown(s.host.querySelector('.wrote-note'))).toContain('P[26, 20]');
  s.draw(frame);
  expect(s.host.querySelectorAll('.line.wrote')).toHaveLength(0);
});
