/**
 * What an op, a kernel, a view, a lab and a lesson from outside get by their lines in the ordered lists: the page offers them,
 * runs, checks and draws them, steps both ways, times them, says them in its links, and speaks both languages.
 */
import { effect } from '@preact/signals-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { page as tab, userEvent } from 'vitest/browser';
import { matvec, product, toyListed } from '../kernels/testing/toy';
import { LABS } from '../labs';
import type { LabEntry, LabId } from '../labs/lab';
import { unless, type LabLink } from '../labs/shared/link';
import { LESSONS } from '../lessons';
import { step, type Lesson, type LessonCard } from '../lessons/lesson';
import { generateInputs } from '../ops/attention/inputs';
import type { Shape } from '../ops/attention/shape';
import { VIEWS, type ViewEntry } from '../views';
import type { View } from '../views/view';
import type { State } from './state';

const SHAPE: Shape = { batch: 1, heads: 2, kvHeads: 2, queries: 11, keys: 12, dim: 6, mask: 'full' };
const RUN = 'kernel=toy&input=seed&n=12&nq=11&d=6&heads=2&seed=5&mask=full&plane=1';

const words = { en: 'rows of y', zh: 'y 的行' };

/** Rows of y that are there, and their values. */
const toyView: View = {
  id: 'toy',
  title: words,
  css: '.view-toy { color: inherit }',
  describe: (frame, language) => `${words[language]}: ${frame.phase.name}`,
  mount: (host) => ({
    draw({ tensors, phase }) {
      const y = tensors['Y1'];
      const rects = y && y.written !== 'input' ? y.written : [];
      const rows = rects.flatMap(({ r0, r1 }) => Array.from({ length: r1 - r0 + 1 }, (_, i) => r0 + i));
      host.className = 'host view-toy';
      host.textContent = `${phase.name}: ${rows.map((row) => y?.values[row]).join(' ')}`;
    },
    dispose: () => host.replaceChildren(),
  }),
};

const toyLink: LabLink<{ hue: number }> = {
  default: { hue: 0 },
  read: (param) => ({ hue: param('toy.hue', (text) => (/^\d{1,3}$/.test(text) ? Number(text) : undefined)) ?? 0 }),
  write: ({ hue }) => ({ 'toy.hue': unless(0, hue) }),
  passing: [],
};

const toyLab: LabEntry = {
  id: 'toy' as LabId,
  name: { en: 'Toys', zh: '玩具' },
  link: toyLink,
  lab: {
    mount(host, { state, language }) {
      const { hue } = state as unknown as { hue: State['row'] };
      const root = host.appendChild(document.createElement('button'));
      root.className = 'toy-lab';
      root.addEventListener('click', () => (hue.value = (hue.peek() ?? 0) + 30));
      const stop = effect(() => void (root.textContent = `${words[language]} ${hue.value}`));
      return {
        dispose() {
          stop();
          root.remove();
        },
      };
    },
  },
};

/** One step: the last value of y, as it stands at the end of the run. */
const toyLesson: Lesson = {
  kills: words,
  steps: [
    step({
      state: `${RUN}&at=0.5.1`,
      show: ['toy'],
      read: ({ frame }) => frame && { last: String(frame.tensors['Y1']?.values.at(-1)) },
      say: ({ last }) => ({ en: `The last is ${last}.`, zh: `最后一个是 ${last}。` }),
    }),
  ],
  predict: {
    before: 1,
    ask: words,
    choices: [{ id: 'rows', label: words }],
    veil: ['last'],
    truth: ({ frame }) => frame?.tensors['Y1']?.rows,
    right: () => 'rows',
    tell: String,
    after: words,
  },
  exercise: {
    state: RUN,
    show: ['toy'],
    ask: words,
    control: { kind: 'typed', label: words },
    pass: ({ frame }, typed) => frame && typed === frame.tensors['Y1']?.rows,
    hints: [],
    passed: words,
  },
  answers: [],
  sources: [],
  notShown: words,
};
const toyCard: LessonCard = {
  id: 'toy',
  number: 99,
  track: 'D',
  title: { en: 'Toys', zh: '玩具' },
  minutes: 1,
  steps: toyLesson.steps.length,
  faq: [],
  load: async () => toyLesson,
};

let unlist = (): void => undefined;
let page: HTMLElement;
const root = () => page.shadowRoot!;
const find = (selector: string) => root().querySelector<HTMLElement>(selector);
const drawn = () => find('[data-view="toy"]')?.textContent ?? '';
const soon = (check: () => void) => vi.waitFor(check, { timeout: 40_000, interval: 50 });

/** y of the shown plane, in f64. */
const want = product({ shape: SHAPE, inputs: generateInputs(SHAPE, 5) }, (x) => x).slice(11);

beforeAll(async () => {
  await tab.viewport(1440, 900);
  unlist = toyListed();
  (VIEWS as ViewEntry[]).push({ id: 'toy', pane: 'buffers', view: toyView });
  (LABS as LabEntry[]).push(toyLab);
  (LESSONS as LessonCard[]).push(toyCard);
  location.hash = `${RUN}&lang=en&toy.hue=30`;
  // Only now: the parts of a link are those of the labs that are listed when it is loaded.
  await import('./shell');
  page = document.body.appendChild(document.createElement('attn-scope'));
});
afterAll(async () => {
  // Parts of the lab that still join in ask for the card of what is chosen.
  location.hash = 'kernel=naive';
  await soon(() => expect(window.attnscope.state().choice.kernel).toBe('naive'));
  page.remove();
  (LABS as LabEntry[]).pop();
  (LESSONS as LessonCard[]).pop();
  (VIEWS as ViewEntry[]).pop();
  unlist();
  location.hash = '';
});

test('the link opens it: run here, checked, and drawn by its own view', async () => {
  await soon(() => expect(window.attnscope.state().trace?.provenance).toBe('this-device'));
  const { trace, errors, link } = window.attnscope.state();
  expect(errors).toEqual([]);
  expect(trace).toMatchObject({ op: matvec.id, run: { kernel: 'toy' }, plane: 1 });
  expect(trace!.maxOracle).toBeLessThan(1e-6);
  expect(new URL(link).hash).toContain('toy.hue=30');
  await soon(() => expect(drawn()).toBe('load x: '));
  expect(find('#title-toy')?.textContent).toContain('rows of y');
  const option = root().querySelector<HTMLOptionElement>('select[name=kernel] option[value=toy]');
  expect([option?.selected, option?.closest('optgroup')?.label]).toEqual([true, matvec.name.en]);
});

test('it is stepped to its end and back; every frame has the rows that are written by then', async () => {
  const seen: string[] = [];
  const rows = () => drawn().split(': ')[1]!.split(' ').filter(Boolean).map(Number);
  const press = async (key: string) => {
    const before = drawn();
    await userEvent.keyboard(`{${key}}`);
    await soon(() => expect(drawn()).not.toBe(before));
    seen.push(drawn());
  };
  find('.step-lab')?.focus();
  for (let i = 0; i < 5; i++) {
    await press('ArrowRight');
    rows().forEach((y, row) => expect(y).toBeCloseTo(want[row]!, 5));
  }
  expect(rows()).toHaveLength(11);
  const there = seen.splice(0);
  for (let i = 0; i < 5; i++) await press('ArrowLeft');
  expect(seen).toEqual([...there.slice(0, -1).toReversed(), 'load x: ']);
  await soon(() => expect(find('[data-describes=toy]')?.textContent).toBe('rows of y: load x'));
});

test('it is timed against itself, by the protocol', async () => {
  const { q, k, v } = generateInputs(SHAPE, 5);
  const request = { kernel: 'toy', shape: SHAPE, q, k, v };
  const timings = await window.attnscope.time([request]);
  expect(timings[0]!.run.kernel).toBe('toy');
  expect(timings[0]!.samples.length).toBeGreaterThan(3);
  expect(timings[0]!.maxAbsError).toBeLessThan(1e-6);
});

test('its lab is in the bar, keeps its part of the link, and speaks both languages', async () => {
  const link = () => [...root().querySelectorAll<HTMLElement>('header a')].find((a) => /Toys|玩具/.test(a.textContent));
  expect(link()?.textContent).toContain('Toys');
  link()!.click();
  await soon(() => expect(find('.toy-lab')?.textContent).toBe('rows of y 30'));
  find('.toy-lab')!.click();
  await soon(() => expect(location.hash).toMatch(/lab=toy.*toy\.hue=60/));
  find('.language')!.click();
  await soon(() => expect(find('.toy-lab')?.textContent).toBe('y 的行 60'));
  expect(link()?.textContent).toContain('玩具');
  location.hash = location.hash.replace('lab=toy', 'lab=step');
  await soon(() => expect(find('#title-toy')?.textContent).toContain('y 的行'));
  await soon(() => expect(drawn()).toMatch(/^load x/));
  expect(window.attnscope.state().errors).toEqual([]);
});

test('its lesson is on the map, veiled until a guess, then says its number, and judges the exercise', async () => {
  location.hash = 'learn&lang=en';
  await soon(() => expect(find('.lesson-card[href="#lesson=toy"]')?.textContent).toContain('Toys'));
  find('.lesson-card[href="#lesson=toy"]')!.click();
  await soon(() => expect(find('.step-card.active .veil')).not.toBeNull());
  find('.predict .choices button')!.click();
  await soon(() => expect(find('.predict')?.textContent).toContain('This run says: 11.'));
  await soon(() => expect(Number(find('.step-card.active .say b')?.textContent)).toBeCloseTo(want.at(10)!, 5));
  await soon(() => expect(find('.stage-figures .view-toy')?.textContent).toMatch(/^y = Ax/));
  await userEvent.keyboard('j');
  const typed = find('.exercise input') as HTMLInputElement;
  typed.value = '11';
  typed.dispatchEvent(new Event('input'));
  await soon(() => expect(find('.exercise .verdict')?.textContent).toContain('★'));
  expect(window.attnscope.state().errors).toEqual([]);
});
