/** Figures of the small model in a browser: what they show is what the model gives, and they leave nothing behind. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { lossesOf } from '../../model/sampling';
import { forward } from '../../model/forward';
import { parseWeights } from '../../model/weights';
import { createKeyboard } from '../../ui/dom/keyboard';
import theme from '../../ui/theme.css?inline';
import type { AttnError } from '../../errors';
import type { FigureEnv } from '../env';
import { mountFigure } from '../figure';
import { createResources, type PageResources } from '../resources';
import { countLeft } from '../testing/left';

let count: ReturnType<typeof countLeft>;
let shadow: ShadowRoot;
let resources: PageResources;
let env: FigureEnv & Pick<PageResources, 'tokens' | 'model'>;
const errors: AttnError[] = [];

beforeEach(() => {
  count = countLeft();
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
  env = { ...resources, keyboard: createKeyboard(), language: 'zh', theme: 'dark', motion: () => false, adopt };
});
afterEach(() => {
  resources.close();
  count.restore();
  document.body.replaceChildren();
});

const place = (): HTMLElement => shadow.appendChild(document.createElement('div'));
const CRANE = '昔人已乘黄鹤去，此地空余黄';

async function mounted(views: readonly string[], settings: string) {
  const figure = mountFigure(place(), { kind: 'model', views, settings }, env);
  await vi.waitFor(
    () => {
      expect(figure.state.settled.value).toBe(true);
      for (const host of figure.root.querySelectorAll('.host')) expect(host.querySelector('.body')).not.toBeNull();
    },
    { timeout: 30_000 },
  );
  const text = (selector: string): string => figure.root.querySelector(selector)?.textContent?.trim() ?? '';
  return { figure, text, all: (selector: string) => [...figure.root.querySelectorAll<HTMLElement>(selector)] };
}

test('the next token: bars, cut, sizes by position; keys move on; a typed text counts; too long a one is told', async () => {
  const { figure, text, all } = await mounted(['model-next'], `p-0.9*${CRANE}`);
  expect(text('.bars li:first-child .label')).toBe('鹤');
  expect(text('.bars li:first-child .num')).toBe('84 %');
  expect(all('.bars li.in')).toHaveLength(3);
  expect(all('.token-strip .token')).toHaveLength(13);
  expect(figure.step(-1)).toBe(true);
  expect(text('.bars li:first-child .label')).toBe('生');
  figure.root.focus();
  await userEvent.keyboard('{ArrowLeft}');
  expect(figure.text()).toBe(`at-10_p-0.9*${CRANE}`);
  const box = figure.root.querySelector('textarea')!;
  await userEvent.fill(box, '月');
  await vi.waitFor(() => expect(all('.token-strip .token')).toHaveLength(1), { timeout: 20_000 });
  await userEvent.fill(box, '月'.repeat(300));
  await vi.waitFor(() => expect(text('.model-text .bad')).toMatch('300'), { timeout: 20_000 });
  expect(all('.token-strip .token')).toHaveLength(1);
  figure.dispose();
});

test('a text grows, the same from the same seed, stops when told and is cut back', async () => {
  const { figure, text } = await mounted(['model-next'], `p-0.9_seed-1_more-8*${CRANE}`);
  await vi.waitFor(() => expect(figure.state.frame.value.grown).toHaveLength(8), { timeout: 20_000 });
  const first = figure.state.frame.value.grown.map(({ label }) => label).join('');
  expect(text('.grown')).toContain(first);
  figure.play(true);
  await vi.waitFor(() => expect(figure.state.frame.value.grown.length).toBeGreaterThan(9), { timeout: 20_000 });
  figure.play(false);
  expect(figure.state.frame.value.growing).toBe(false);
  figure.set({ more: 0 });
  expect(figure.state.frame.value.grown).toHaveLength(0);
  figure.set({ more: 8 });
  await vi.waitFor(() => expect(figure.state.frame.value.grown).toHaveLength(8), { timeout: 20_000 });
  expect(figure.state.frame.value.grown.map(({ label }) => label).join('')).toBe(first);
  figure.dispose();
});

test('the stack: a change of the pass changes the loss that is said to what the pass gives', async () => {
  const { figure, text, all } = await mounted(['model-stack'], `*${CRANE}`);
  const { ids } = figure.state.frame.value.reading!;
  const weights = parseWeights(await (await fetch(new URL('/model/weights.bin', location.href))).arrayBuffer());
  const lossOf = (options = {}) => {
    const losses = lossesOf(forward(weights, ids, [...ids.keys()], options).logits, ids);
    return (losses.reduce((a, b) => a + b, 0) / losses.length).toFixed(3);
  };
  expect(text('.loss')).toContain(lossOf());
  expect(all('canvas.map')).toHaveLength(24);
  expect(all('.head a')[9]!.getAttribute('href')).toMatch(/layer=1&head=3$/);
  await userEvent.selectOptions(figure.root.querySelector('select')!, 'full');
  await vi.waitFor(() => expect(text('.loss')).toContain(`${lossOf()} → ${lossOf({ mask: 'full' })}`), {
    timeout: 20_000,
  });
  expect(all('.diff')).toHaveLength(4);
  all('.head button')[2]!.click();
  expect(figure.text()).toBe(`mask-full_ablate-0.2*${CRANE}`);
  const both = { mask: 'full', ablate: [{ layer: 0, head: 2 }] };
  await vi.waitFor(() => expect(text('.loss')).toContain(`→ ${lossOf(both)}`), { timeout: 20_000 });
  figure.dispose();
});

test('the ledger and the merges: sums, what the file holds, and a word as the tokenizer cuts it', async () => {
  const { figure, text } = await mounted(['model-ledger'], '');
  await vi.waitFor(() => expect(text('.proof')).toMatch('✓'), { timeout: 20_000 });
  expect(text('tfoot b')).toBe('3,124,992');
  figure.set({ net: 'gpt3' });
  expect(text('tfoot b')).toBe('174,604,259,328');
  figure.dispose();
  const merges = await mounted(['model-merge'], 'word-Ishmael*she sells sea shells, she sells shells');
  expect(merges.all('.bpe li').length).toBeGreaterThan(3);
  await vi.waitFor(() => expect(merges.all('.chip')).toHaveLength(6), { timeout: 20_000 });
  merges.figure.dispose();
});

test('taken away in the middle of a pass, or of a text that grows, they leave nothing', async () => {
  const { figure } = await mounted(['model-next', 'model-stack'], `*${CRANE}`);
  figure.play(true);
  figure.set({ options: { mask: 'full' } });
  const late = mountFigure(place(), { kind: 'model', views: ['model-stack'], settings: '*月' }, env);
  figure.dispose();
  late.dispose();
  expect(shadow.querySelector('.figure')).toBeNull();
  resources.close();
  await vi.waitFor(() => expect(count.left()).toEqual({}), { timeout: 20_000 });
  expect(errors).toEqual([]);
});
