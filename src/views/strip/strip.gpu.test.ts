/**
 * The phase strip in a real DOM: one cell a phase, native controls that say what they do, and a timeline that never
 * holds play state.
 */
import { afterEach, expect, test } from 'vitest';
import type { Frame } from '../../frame/frame-types';
import { mountStrip, stripCss, type StripActions, type Transport } from './strip';
import { flashFrame, naiveFrame } from '../testing/softmax-frame';
import { shown, stage, type Stage } from '../testing/softmax-stage';

afterEach(() => document.body.replaceChildren());

const rest: Transport = { playing: false, speed: 1, granularity: 'phase' };

function show(
  frame: Frame,
  transport = rest,
  width = 900,
  language: 'en' | 'zh' = 'en',
): Stage & { draw(frame: Frame, t: Transport): void; slot: HTMLElement } {
  const s = stage(frame.trace, stripCss, width, language);
  const note =
    (name: string) =>
    (x?: unknown): void =>
      void s.events.push([name, x]);
  const names = ['first', 'previous', 'toggle', 'next', 'last', 'speed', 'granularity', 'pass'];
  const actions = Object.fromEntries(
    names.map((name) => [
      name,
      name.length && ['speed', 'granularity', 'pass'].includes(name) ? note(name) : () => note(name)(),
    ]),
  );
  const mounted = mountStrip(s.host, s.env, actions as unknown as StripActions);
  mounted.draw(frame, transport);
  return { ...s, draw: mounted.draw, slot: mounted.slot };
}

const slide = (s: Stage, selector: string, to: number): void => {
  const input = s.host.querySelector<HTMLInputElement>(selector)!;
  input.value = String(to);
  input.dispatchEvent(new Event('input'));
};

test('one cell a phase, coloured by what it does; the one under the cursor stands out', () => {
  const s = show(flashFrame({ phase: 7 }));
  const cells = [...s.host.querySelectorAll<HTMLElement>('.overview .cell')];
  expect(cells.map((c) => c.classList[1])).toEqual([
    'load',
    ...Array.from({ length: 4 }, () => ['load', 'scores', 'softmax', 'output']).flat(),
    'write',
  ]);
  expect(cells.map((c) => c.dataset['state'])).toEqual(
    cells.map((_, k) => (k < 7 ? 'done' : k === 7 ? 'now' : 'later')),
  );
  cells[12]!.click();
  expect(s.events).toEqual([['phase', 12]]);
});

test('the range input scrubs the phases and says where it is', () => {
  const s = show(flashFrame({ phase: 7 }));
  const input = s.host.querySelector<HTMLInputElement>('.scrub')!;
  expect([input.min, input.max, input.value]).toEqual(['0', '17', '7']);
  expect(input.getAttribute('aria-valuetext')).toBe('phase 8 of 18: softmax, tile 2');
  expect(shown(s.host.querySelector('.scrub-text'))).toBe('8/18');
  expect(s.host.querySelector<HTMLElement>('.scrub-text')!.title).toBe('phase 8 of 18: softmax, tile 2');
  slide(s, '.scrub', 3);
  expect(s.events).toEqual([['phase', 3]]);
});

test('the thumb stands under its segment', async () => {
  const s = show(flashFrame({ phase: 7 }));
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const input = s.host.querySelector('.scrub')!.getBoundingClientRect();
  const cell = s.host.querySelector('.overview [data-state="now"]')!.getBoundingClientRect();
  const thumb = input.left + 7 + (7 / 17) * (input.width - 14);
  expect(Math.abs(thumb - (cell.left + cell.right) / 2)).toBeLessThan(2);
});

test('many phases are condensed to one cell a tile, and the current tile is shown with names', () => {
  const s = show(flashFrame({ phase: 501, n: 4096 }));
  const cells = [...s.host.querySelectorAll<HTMLElement>('.overview .cell')];
  expect(cells).toHaveLength(256);
  expect(cells.filter((c) => c.dataset['state'] === 'now').map((c) => c.dataset['tile'])).toEqual(['126']);
  const detail = [...s.host.querySelectorAll<HTMLElement>('.detail .cell')];
  expect(detail.map((c) => shown(c))).toEqual(['load K,V', 'S = QKᵀ', 'softmax', 'O += PV']);
  expect(detail.map((c) => c.dataset['state'])).toEqual(['now', 'later', 'later', 'later']);
  detail[2]!.click();
  expect(s.events).toEqual([['phase', 503]]);
});

test('every control calls its own action', () => {
  const s = show(flashFrame({ phase: 7, r0: 16 }));
  for (const name of ['first', 'previous', 'play', 'next', 'last'])
    s.host.querySelector<HTMLElement>(`button.${name}`)!.click();
  const choose = (selector: string, to: string): void => {
    const select = s.host.querySelector<HTMLSelectElement>(selector)!;
    select.value = to;
    select.dispatchEvent(new Event('change'));
  };
  choose('.speed', '4');
  choose('.granularity', 'tile');
  slide(s, '.workgroup input', 3);
  expect(s.events).toEqual([
    ['first', undefined],
    ['previous', undefined],
    ['toggle', undefined],
    ['next', undefined],
    ['last', undefined],
    ['speed', 4],
    ['granularity', 'tile'],
    ['workgroup', 3],
  ]);
  expect(shown(s.host.querySelector('.at'))).toBe('id 1 (0–3), rows 16–31');
  expect(shown(s.host.querySelector('.order'))).toContain('GPU promises none');
});

test('it draws the play state that it is given', () => {
  const s = show(flashFrame({ phase: 7 }));
  s.draw(flashFrame({ phase: 8 }), { playing: true, speed: 2, granularity: 'line' });
  expect(s.host.querySelector('button.pause')!.getAttribute('aria-label')).toContain('pause');
  expect(s.host.querySelector<HTMLSelectElement>('.speed')!.value).toBe('2');
  expect(s.host.querySelector<HTMLSelectElement>('.granularity')!.value).toBe('line');
  expect(s.host.querySelector<HTMLInputElement>('.scrub')!.value).toBe('8');
});

test('several passes are tabs, one pass is none', () => {
  const s = show(naiveFrame('row sum'));
  const tabs = [...s.host.querySelectorAll<HTMLElement>('.passes button')];
  expect(tabs.map((t) => t.getAttribute('aria-pressed'))).toEqual(['false', 'true', 'false']);
  tabs[2]!.click();
  expect(s.events).toEqual([['pass', 2]]);
  expect(show(flashFrame({ phase: 0 })).host.querySelector('.passes')).toBeNull();
});

test('the lab’s own element stays in its place', () => {
  const s = show(flashFrame({ phase: 7 }));
  const slot = s.host.querySelector<HTMLElement>('.strip-slot')!;
  expect(slot).toBe(s.slot);
  slot.append('chip');
  const order = [...s.host.querySelectorAll('.speed, .strip-slot, .workgroup')].map((e) => e.className.split(' ')[0]);
  expect(order).toEqual(['speed', 'strip-slot', 'workgroup']);
  s.draw(flashFrame({ phase: 8 }), { playing: true, speed: 2, granularity: 'line' });
  expect(s.host.querySelector('.strip-slot')).toBe(slot);
  expect(slot.textContent).toBe('chip');
});

test('the strip is at most 120 px high where the window is wide', () => {
  for (const frame of [flashFrame({ phase: 7 }), flashFrame({ phase: 30, n: 256 }), naiveFrame('row sum')]) {
    const s = show(frame, rest, 1340);
    expect(s.host.querySelector('.phase-strip')!.getBoundingClientRect().height).toBeLessThanOrEqual(120);
  }
});

test('while a workgroup is captured, it says so', () => {
  const frame = flashFrame({ phase: 0 });
  const s = show({ ...frame, workgroup: undefined, phases: [] }, rest, 340, 'zh');
  expect(shown(s.host.querySelector('.scrub-text'))).toContain('正在采集');
  expect(s.host.querySelector<HTMLInputElement>('.scrub')!.disabled).toBe(true);
});

test('no text under 13 px, controls at least 24 px, nothing wider than its host', () => {
  for (const width of [340, 640, 1400]) {
    const s = show(flashFrame({ phase: 30, n: 256 }), rest, width);
    const all = [...s.host.querySelectorAll('*')];
    expect(all.filter((e) => e.textContent?.trim() && Number.parseFloat(getComputedStyle(e).fontSize) < 13)).toEqual(
      [],
    );
    // Where it is narrow, speed and granularity stand behind a button until it is pressed.
    const controls = [...s.host.querySelectorAll('button, select, input')].filter((c) => c.checkVisibility());
    expect(controls.length).toBeGreaterThanOrEqual(6);
    expect(controls.filter((c) => c.getBoundingClientRect().height < 24)).toEqual([]);
    expect(s.host.scrollWidth).toBeLessThanOrEqual(width + 8);
  }
});
