// The trends in a real DOM: values against the states themselves, the picture against the values, the cursor and
// seeking.
import { afterEach, expect, test } from 'vitest';
import { pageTrends } from './trends';
import { costOf, lived, pageFrame, pageStage } from '../testing/page-stage';
import { shown } from '../../testing/softmax-stage';

afterEach(() => document.body.replaceChildren());

const number = (host: HTMLElement, id: string): string => shown(host.querySelector(`.trend.${id} b`));

test('every value is that of the state, also at moments that were not lived in order', () => {
  const history = lived('storm');
  const { host, view } = pageStage(pageTrends);
  for (const index of [history.length, 0, 40, 120, 3]) {
    view.draw(pageFrame(history, index));
    const { counters, freeBlocks, config } = history.at(index).state;
    const { asked, hitTokens, recomputed, computed, preemptions } = counters;
    expect(number(host, 'hit-rate')).toBe(
      asked === 0 ? 'no lookup yet' : `${((100 * hitTokens) / asked).toFixed(1)} %`,
    );
    expect(number(host, 'saved')).toBe(hitTokens.toLocaleString('en'));
    expect(number(host, 'tax')).toBe(`${((100 * recomputed) / Math.max(1, computed)).toFixed(1)} %`);
    expect(number(host, 'preemptions')).toBe(String(preemptions));
    expect(number(host, 'free')).toBe(`${freeBlocks} of ${config.blocks - 1}`);
  }
});

test('the line stands at the value of its moment; a click goes there', () => {
  const history = lived('storm');
  const { host, view, events } = pageStage(pageTrends, 400);
  view.draw(pageFrame(history, 10));
  const stage = host.querySelector<HTMLElement>('.trend.free .time-stage')!;
  const canvas = stage.querySelector('canvas')!;
  const { blocks } = history.last.state.config;
  const { width: wide } = stage.getBoundingClientRect();
  const unit = (wide - 52) / (history.length + 1);
  for (const index of [0, 20, 60, 90]) {
    const y = 74 - 8 - (history.at(index).state.freeBlocks / (blocks - 1)) * (74 - 16);
    const alpha = (dy: number) =>
      canvas
        .getContext('2d')!
        .getImageData(
          Math.round((52 + (index + 0.5) * unit) * devicePixelRatio),
          Math.round((y + dy) * devicePixelRatio),
          1,
          1,
        ).data[3]!;
    expect([index, Math.max(alpha(-1), alpha(0)) > 200]).toEqual([index, true]);
  }
  const box = stage.getBoundingClientRect();
  const clientX = box.left + 52 + 30.5 * unit;
  stage.dispatchEvent(new PointerEvent('pointerdown', { clientX, clientY: box.top + 9, buttons: 1, bubbles: true }));
  expect(events).toEqual([['seek', 30]]);
});

test('a hit rate of 0 is explained, and so are tokens lost behind the last full block', () => {
  const short = lived('chat', { blockSize: 64, blocks: 21 }, 40);
  const { host, view } = pageStage(pageTrends);
  const last = short.series.column('hitTokens').findLastIndex((tokens) => tokens === 0);
  expect(short.at(last).state.counters.asked).toBeGreaterThan(100);
  view.draw(pageFrame(short, last));
  // All prompts begin with the same 42 tokens; two of them agree in what follows by chance.
  const texts = [...short.at(last).state.requests]
    .filter(({ highWater }) => highWater > 0)
    .map(({ tokens }) => String.fromCharCode(...tokens));
  const common = (a: string, b: string): number => [...a].findIndex((letter, i) => letter !== b[i]);
  const longest = Math.max(...texts.flatMap((a, i) => texts.slice(0, i).map((b) => common(a, b))));
  expect(longest).toBeGreaterThanOrEqual(42);
  expect(shown(host.querySelector('.why'))).toContain(`longest common prefix has ${longest} tokens, a block holds 64`);
  const chat = lived('chat');
  const index = Array.from({ length: chat.length }, (_, i) => i).find((i) =>
    chat.at(i).events.some((event) => event.kind === 'lookup' && event.partialTokens > 0),
  )!;
  view.draw(pageFrame(chat, index));
  expect(shown(host.querySelector('.why'))).toMatch(/lookup found \d+ tokens; \d+ more agree/);
  expect(pageTrends.describe(pageFrame(short, last), 'zh')).toContain('命中率为 0');
});

test('a step of a long run costs little', () => {
  const history = lived('marathon', {}, 4000);
  const { view } = pageStage(pageTrends);
  const frames = Array.from({ length: 40 }, (_, i) => pageFrame(history, 2000 + i));
  view.draw(frames[0]!);
  console.info(`trends: ${costOf(40, (i) => view.draw(frames[i]!)).toFixed(3)} ms a step`);
});
