/**
 * A page of four figures: two kernels, a paged cache and a chart. Keys go to the one that has the focus, each steps
 * alone, and when they are taken away nothing of them is left.
 */
import { effect } from '@preact/signals-core';
import { html } from 'lit';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import type { AttnError } from '../errors';
import { openMachine } from '../machine/open';
import { createKeyboard } from '../ui/dom/keyboard';
import theme from '../ui/theme.css?inline';
import { memoryChart, memoryReading } from '../views/charts/memory';
import type { Trace } from '../trace/trace';
import type { FigureEnv } from './env';
import { mountFigure, type FigureSpec } from './figure';
import type { MountedKernel } from './kernel-figure';
import { createResources, type PageResources } from './resources';
import { countLeft } from './testing/left';

const small = { input: 'seed', keys: 32, dim: 16, heads: 1, mask: 'causal' } as const;
const flash2 = {
  kind: 'kernel',
  choice: { ...small, kernel: 'flash2', tile: { br: 16, bc: 16 } },
  views: ['cross', 'memory', 'source'],
} as const satisfies FigureSpec;
const naive = { kind: 'kernel', choice: { ...small, kernel: 'naive' }, views: ['cross'] } as const satisfies FigureSpec;
const story = { kind: 'paging', views: ['pool', 'tables'] } as const satisfies FigureSpec;
const stops = [64, 128, 256, 512];
const lines = ['naive', 'flash2'].map((kernel, i) => ({
  kernel,
  points: stops.map((n) => ({ n, bytes: i === 0 ? 4 * n * n : 256 * n })),
}));
const chart = {
  kind: 'chart',
  stops,
  chosen: 128,
  chart: (frame) =>
    html`${memoryChart({ ...frame, rows: [], decoding: false, kernels: ['naive', 'flash2'], lengths: stops }, lines, [])}`,
  reading: (chosen) => memoryReading(lines, chosen),
} satisfies FigureSpec;

let count: ReturnType<typeof countLeft>;
let shadow: ShadowRoot;
let env: FigureEnv & Pick<PageResources, 'tokens'>;
let resources: PageResources;
let errors: AttnError[];

beforeEach(() => {
  count = countLeft();
  errors = [];
  const host = document.body.appendChild(document.createElement('div'));
  host.dataset['theme'] = 'dark';
  shadow = host.attachShadow({ mode: 'open' });
  const adopt = (css: string): void => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    shadow.adoptedStyleSheets.push(sheet);
  };
  adopt(theme);
  resources = createResources(new URL('/', location.href), (error) => errors.push(error));
  env = { ...resources, keyboard: createKeyboard(), language: 'en', theme: 'dark', motion: () => false, adopt };
});
afterEach(() => {
  resources.close();
  count.restore();
  vi.restoreAllMocks();
  document.body.replaceChildren();
});

const place = (): HTMLElement => shadow.appendChild(document.createElement('div'));

async function page() {
  const [a, b] = [mountFigure(place(), flash2, env), mountFigure(place(), naive, env)];
  const [c, d] = [mountFigure(place(), story, env), mountFigure(place(), chart, env)];
  const all = [a, b, c, d] as const;
  await vi.waitFor(
    () => {
      expect([a.state.error.value, b.state.error.value]).toEqual([undefined, undefined]);
      expect(a.state.frame.value?.workgroup?.lines).toBeDefined();
      expect(b.state.frame.value?.workgroup?.lines).toBeDefined();
      expect(c.state.working.value).toBe(false);
      for (const { root } of [a, b, c]) expect(root.querySelector('.host')?.childElementCount).toBeGreaterThan(0);
      expect(d.root.querySelector('svg.plot')).not.toBeNull();
    },
    { timeout: 50_000 },
  );
  const at = () => [
    a.state.frame.value?.cursor,
    b.state.frame.value?.cursor,
    c.state.frame.value?.moment.index,
    d.state.chosen.value,
  ];
  return { a, b, c, d, all, at };
}

const provenance = (trace: Trace | undefined) => trace?.header.provenance;

/** All devices that are opened from now on; while `dying`, they are lost at once. */
function watchDevices(): { devices: GPUDevice[]; dying: boolean } {
  const watched = { devices: [] as GPUDevice[], dying: false };
  const request = GPUAdapter.prototype.requestDevice;
  vi.spyOn(GPUAdapter.prototype, 'requestDevice').mockImplementation(async function (this: GPUAdapter, ...given) {
    const device = await request.apply(this, given);
    watched.devices.push(device);
    if (watched.dying) device.destroy();
    return device;
  });
  return watched;
}

/** Waits until each figure shows another trace than before, and no error. */
async function renewed(figures: readonly MountedKernel[], before: readonly (Trace | undefined)[]) {
  const traces = () => figures.map(({ state }) => state.trace.value);
  const done = () => traces().map((trace, i) => trace !== undefined && trace !== before[i]);
  await vi.waitFor(() => expect(done()).toEqual(figures.map(() => true)), { timeout: 25_000 });
  expect(figures.map(({ state }) => state.error.value)).toEqual(figures.map(() => undefined));
  return traces();
}

test('keys go to the figure that has the focus, and to none where none has it; each steps alone', async () => {
  const { a, c, d, all, at } = await page();
  let before = at();
  for (const [i, figure] of all.entries()) {
    figure.root.focus();
    await userEvent.keyboard('{ArrowRight}');
    const after = at();
    expect(
      after.map((one, k) => JSON.stringify(one) !== JSON.stringify(before[k])),
      `figure ${i}`,
    ).toEqual(all.map((_, k) => k === i));
    before = after;
  }
  // A key inside a view is its figure's, too.
  const inside = a.root.querySelector<HTMLElement>('.view-cross [tabindex="0"]');
  expect(inside).not.toBeNull();
  inside?.focus();
  await userEvent.keyboard(']');
  expect(a.state.frame.value?.cursor).toMatchObject({ workgroup: 1 });
  expect(at().slice(1)).toEqual(before.slice(1));
  before = at();
  (shadow.activeElement as HTMLElement | null)?.blur();
  await userEvent.keyboard('{ArrowLeft}');
  expect(at()).toEqual(before);
  // By program, as a lesson does it.
  expect([a.step(1), c.step(1), d.step(1), d.step(1)]).toEqual([true, true, true, false]);
  expect(at()[1]).toEqual(before[1]);
  for (const figure of all) figure.dispose();
});

test('one plays while the others stand', async () => {
  const { c, all, at } = await page();
  const before = at();
  c.root.focus();
  await userEvent.keyboard(' ');
  await vi.waitFor(() => expect(c.state.frame.value?.moment.index).toBeGreaterThan(1), { timeout: 20_000 });
  await userEvent.keyboard(' ');
  expect(c.state.playing.value).toBe(false);
  expect([at()[0], at()[1], at()[3]]).toEqual([before[0], before[1], before[3]]);
  for (const figure of all) figure.dispose();
});

test('a page has one device for all figures, and one listener for their keys', async () => {
  const opened = vi.spyOn(GPUAdapter.prototype, 'requestDevice');
  const { all } = await page();
  expect(opened).toHaveBeenCalledTimes(1);
  expect(count.left()['keydown on window']).toBe(1);
  for (const figure of all) figure.dispose();
  opened.mockRestore();
});

test('taken away, also in the middle of things, they leave nothing', async () => {
  const { a, b, c, d, all } = await page();
  for (const figure of all) figure.play(true);
  a.state.granularity.value = 'line';
  a.toEdge(1);
  b.step(1);
  const begun = count.begun();
  for (const kind of ['keydown on window', 'frame', 'timer', 'GPUBuffer', 'IntersectionObserver', 'ResizeObserver']) {
    expect(begun[kind], kind).toBeGreaterThan(0);
  }
  // One whose run has just begun, and one that has not even opened its machine.
  const late = mountFigure(place(), { ...flash2, choice: { ...flash2.choice, seed: 7 } }, env);
  const never = mountFigure(
    place(),
    { ...naive, choice: { ...naive.choice, seed: 8 } },
    { ...env, machine: () => new Promise(() => undefined) },
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  for (const figure of [...all, late, never]) figure.dispose();
  for (const { root } of [a, b, c, d]) expect(root.isConnected).toBe(false);
  expect(shadow.querySelector('.figure')).toBeNull();
  await vi.waitFor(() => expect(count.left()).toEqual({}), { timeout: 20_000 });
  expect(errors).toEqual([]);
});

test('without a GPU the interpreter runs it, and its worker ends with the figure', async () => {
  const figure = mountFigure(place(), naive, { ...env, machine: () => openMachine(undefined) });
  await vi.waitFor(() => expect(figure.state.frame.value?.workgroup?.lines).toBeDefined(), { timeout: 30_000 });
  expect(figure.state.trace.value?.header.provenance).toBe('interpreter');
  expect(count.left()['worker']).toBe(1);
  expect(figure.step(1)).toBe(true);
  figure.dispose();
  await vi.waitFor(() => expect(count.left()).toEqual({}));
});

test('another choice runs anew and opens at its beginning; an error is told, and the figure stands', async () => {
  const figure = mountFigure(place(), naive, env);
  await vi.waitFor(() => expect(figure.state.frame.value).toBeDefined(), { timeout: 30_000 });
  figure.toEdge(1);
  const first = figure.state.trace.value;
  figure.choose({ seed: 5 });
  await vi.waitFor(() => expect(figure.state.trace.value).not.toBe(first), { timeout: 30_000 });
  expect(figure.state.frame.value?.cursor).toMatchObject({ pass: 0, phase: 0 });
  figure.choose({ dim: 127 });
  await vi.waitFor(() => expect(figure.state.progress.value).toBeUndefined(), { timeout: 30_000 });
  figure.choose({ keys: 0 });
  await vi.waitFor(() => expect(figure.state.error.value).toMatchObject({ code: 'shape-invalid' }));
  expect(figure.state.frame.value).toBeDefined();
  figure.dispose();
});

test('the recording stands, labelled, until the own run is there, and is not what a later choice begins with', async () => {
  const shown: (string | undefined)[] = [];
  const figure = mountFigure(place(), { ...flash2, recordedFirst: true }, env);
  const stop = effect(() => void shown.push(figure.state.trace.value?.header.provenance));
  await vi.waitFor(() => expect(figure.state.trace.value?.header.provenance).toBe('this-device'), { timeout: 30_000 });
  figure.choose({ seed: 6 });
  await vi.waitFor(() => expect(shown).toHaveLength(4), { timeout: 30_000 });
  expect(shown).toEqual([undefined, 'recorded', 'this-device', 'this-device']);
  stop();
  figure.dispose();
});

test('after a loss of the device each figure runs anew on the next one', async () => {
  const { devices } = watchDevices();
  const figures = [mountFigure(place(), naive, env), mountFigure(place(), naive, env)];
  const traces = await renewed(figures, [undefined, undefined]);
  devices.at(-1)?.destroy();
  expect((await renewed(figures, traces)).map(provenance)).toEqual(['this-device', 'this-device']);
  expect([devices.length, errors.map(({ code }) => code)]).toEqual([2, ['device-lost']]);
  for (const figure of figures) figure.dispose();
});

test('after two losses in a row it is interpreted; work between them makes a loss the first again', async () => {
  const watched = watchDevices();
  const figure = mountFigure(place(), naive, env);
  const first = await renewed([figure], [undefined]);
  watched.devices.at(-1)?.destroy();
  const second = await renewed([figure], first);
  watched.dying = true;
  watched.devices.at(-1)?.destroy();
  expect((await renewed([figure], second)).map(provenance)).toEqual(['interpreter']);
  expect(errors.map(({ code }) => code)).toEqual(['device-lost', 'device-lost', 'device-lost-again']);
  figure.dispose();
});
