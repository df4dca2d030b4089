// KV bytes for each token in a real DOM: against elements counted one by one and against published figures; every
// control has its effect.
import { afterEach, expect, test } from 'vitest';
import { MODEL_PRESETS } from '../../../paging';
import { pageHeads } from './heads';
import { variantsOf } from './picture';
import { lived, pageFrame, pageStage, type PageStage } from '../testing/page-stage';
import { shown } from '../../testing/softmax-stage';

afterEach(() => document.body.replaceChildren());

const start = (): PageStage => {
  const stage = pageStage(pageHeads, 340);
  stage.view.draw(pageFrame(lived('story'), 3));
  return stage;
};

const choose = (host: HTMLElement, select: string, to: string): void => {
  const control = host.querySelector<HTMLSelectElement>(select)!;
  control.value = to;
  control.dispatchEvent(new Event('change'));
};

const numbers = (host: HTMLElement, model: string): string[] =>
  [...host.querySelectorAll(`[data-model="${model}"] td`)].map(shown);

test('bytes a token are all elements of K and V of all layers and heads', () => {
  const { host } = start();
  for (const { id, layers, kvHeads, dim } of MODEL_PRESETS) {
    let elements = 0;
    for (let layer = 0; layer < layers; layer++)
      for (let head = 0; head < kvHeads; head++) for (const _ of ['K', 'V']) elements += dim;
    choose(host, '.model', id);
    expect(shown(host.querySelector('.total b'))).toBe(`${(elements * 2).toLocaleString('en')} B`);
    choose(host, '.dtype', '4');
    expect(shown(host.querySelector('.total b'))).toBe(`${(elements * 4).toLocaleString('en')} B`);
    choose(host, '.dtype', '2');
  }
  choose(host, '.model', 'opt-13b');
  expect(shown(host.querySelector('.formula'))).toContain('819,200 B800 KiB');
  expect(numbers(host, 'llama-3-8b')).toEqual(['128 KiB', '131,072']);
  expect(numbers(host, 'llama-2-70b')[0]).toBe('320 KiB');
});

test('how many fit goes with the memory, what the pool takes with the model', () => {
  const { host, view } = start();
  expect(shown(host.querySelector('.fits'))).toContain('20,971 tokens fit in 16 GiB');
  choose(host, '.memory', '80');
  expect(shown(host.querySelector('.fits'))).toContain('104,857 tokens fit in 80 GiB');
  // 40 slots of 800 KiB, blocks of 4.
  expect(shown(host.querySelector('.pool'))).toContain('40 slots, would take 31.3 MiB; a block of 4: 3.13 MiB');
  view.draw(pageFrame(lived('story', { blocks: 21 }), 3));
  expect(shown(host.querySelector('.pool'))).toContain('80 slots');
  host.querySelector<HTMLElement>('[data-model="gemma-2b"] button')!.click();
  expect(host.querySelector<HTMLSelectElement>('.model')!.value).toBe('gemma-2b');
  expect(host.querySelector('[data-model="gemma-2b"] button')!.getAttribute('aria-pressed')).toBe('true');
});

test('the picture has every head, and each query head reads the KV head of its group', () => {
  const { host } = start();
  choose(host, '.model', 'llama-3-8b');
  expect([host.querySelectorAll('.heads .query').length, host.querySelectorAll('.heads .kv').length]).toEqual([32, 8]);
  const ends = [...host.querySelectorAll('.heads .link')].map(
    (link) => link.getAttribute('d')!.split('L')[1]!.split(' ')[0],
  );
  expect(new Set(ends).size).toBe(8);
  expect(ends.slice(0, 5).map((end) => end === ends[0])).toEqual([true, true, true, true, false]);
});

test('of MHA, GQA and MQA one is the published one; sharing saves in proportion', () => {
  for (const model of MODEL_PRESETS) {
    const variants = variantsOf(model);
    expect(variants.filter(({ published }) => published).map(({ kvHeads }) => kvHeads)).toEqual([model.kvHeads]);
    for (const { kvHeads } of variants) expect(model.heads % kvHeads).toBe(0);
  }
  const { host } = start();
  choose(host, '.model', 'llama-2-70b');
  const width = (sharing: string) =>
    host.querySelector(`[data-sharing=${sharing}] .bar`)!.getBoundingClientRect().width;
  expect(width('GQA') / width('MHA')).toBeCloseTo(8 / 64, 2);
  expect(host.querySelector('[data-sharing=GQA]')!.className).toBe('published');
});

test('one block in depth: a bar a layer, part and head, more where a block is half full; keys turn it', async () => {
  const stage = pageStage(pageHeads, 340);
  const history = lived('story');
  stage.view.draw(pageFrame(history, 10, { block: 2 }, 0));
  stage.host.querySelector<HTMLElement>('.depth .open')!.click();
  const scene = stage.host.querySelector<HTMLElement>('.depth .stage')!;
  await expect.poll(() => scene.dataset['bars'], { timeout: 20_000 }).toBe(String(2 * 40 * 40 * 2));
  const said = () => shown(stage.host.querySelector('.depth .said'));
  expect(said()).toContain('Block 2, 1 of 4 slots filled: one number in the table stands for 80 pieces');
  expect(said()).toContain('40.0 KiB each, 3.13 MiB in all');
  const picture = async (): Promise<string> => {
    for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
    return scene.querySelector('canvas')!.toDataURL();
  };
  const before = await picture();
  scene.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', cancelable: true, bubbles: true }));
  expect(await picture()).not.toBe(before);
  stage.view.draw(pageFrame(history, 10, { block: 7 }, 0));
  expect(scene.dataset['bars']).toBe(String(2 * 40 * 40));
  choose(stage.host, '.model', 'gemma-2b');
  expect(scene.dataset['bars']).toBe(String(2 * 18));
  stage.host.querySelector<HTMLElement>('.depth .open')!.click();
  expect(scene.hidden).toBe(true);
  stage.view.dispose();
});
