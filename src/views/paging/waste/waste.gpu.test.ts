// The waste bars in a real DOM: numbers against slots counted one by one, widths against numbers, and the paper's
// columns as they are printed.
import { afterEach, expect, test } from 'vitest';
import { contiguousWasteOfStep, pagedWasteOfStep, type State } from '../../../paging';
import { pageWaste } from './waste';
import { costOf, lived, pageFrame, pageStage } from '../testing/page-stage';
import { shown } from '../../testing/softmax-stage';

afterEach(() => document.body.replaceChildren());

const cells = (host: HTMLElement, row: string): string[] => [...host.querySelectorAll(`.inside .${row} td`)].map(shown);

/** Slots of the pool, each looked at alone. */
function counted(state: State): Record<'token' | 'reserved' | 'internal' | 'free', number> {
  const { blockSize, blocks } = state.config;
  const kinds = new Map<number, number>();
  for (const id of state.running) {
    const { table, computed, finalLength } = state.requests.at(id);
    for (let position = 0; position < table.length * blockSize; position++) {
      const block = table[Math.floor(position / blockSize)] ?? 0;
      const kind = position < computed ? 3 : position < finalLength - 1 ? 2 : 1;
      const slot = block * blockSize + (position % blockSize);
      if (block > 0) kinds.set(slot, Math.max(kind, kinds.get(slot) ?? 0));
    }
  }
  const of = (kind: number): number => [...kinds.values()].filter((one) => one === kind).length;
  return { token: of(3), reserved: of(2), internal: of(1), free: (blocks - 1) * blockSize - kinds.size };
}

test('every slot of the pool is counted once, under every rule set', () => {
  for (const workload of ['story', 'storm', 'chat', 'parallel']) {
    const history = lived(workload);
    const { host, view } = pageStage(pageWaste, 340);
    host.querySelector<HTMLElement>('button.slots')!.click();
    for (let index = 0; index <= history.length; index += 7) {
      view.draw(pageFrame(history, index));
      const { token, reserved, internal, free } = counted(history.at(index).state);
      expect([workload, index, ...cells(host, 'paged')]).toEqual([
        workload,
        index,
        ...[token, reserved, internal, 0, free].map(String),
      ]);
    }
  }
});

test('contiguous memory reserves what paging does not, and serves fewer; shares add up', () => {
  const history = lived('long-tail');
  const { host, view } = pageStage(pageWaste, 340);
  view.draw(pageFrame(history, 140));
  for (const row of ['paged', 'max-length', 'power-of-two', 'oracle']) {
    const sum = cells(host, row).reduce((all, text) => all + Number.parseFloat(text), 0);
    expect(Math.abs(sum - 100)).toBeLessThan(0.3);
  }
  const running = (row: string): number => Number.parseInt(shown(host.querySelector(`.${row} .crowd`)), 10);
  expect(running('paged')).toBe(history.at(140).state.running.length);
  expect(running('paged')).toBeGreaterThan(running('oracle'));
  expect(running('oracle')).toBeGreaterThan(running('max-length'));
  expect(shown(host.querySelector('.pool .crowd'))).toBe('1,024 slots, fixed');
});

test('the bar is as wide as its numbers say', () => {
  const history = lived('story');
  const { host, view } = pageStage(pageWaste, 400);
  view.draw(pageFrame(history, 10));
  const canvas = host.querySelector<HTMLCanvasElement>('.paged canvas')!;
  const row = canvas.getContext('2d')!.getImageData(0, Math.round(10 * devicePixelRatio), canvas.width, 1).data;
  const hue = host.ownerDocument.createElement('canvas').getContext('2d')!;
  hue.fillStyle = '#4cc38a';
  hue.fillRect(0, 0, 1, 1);
  const [r, g, b] = hue.getImageData(0, 0, 1, 1).data;
  let tokens = 0;
  for (let x = 0; x < canvas.width; x++) if (row[4 * x] === r && row[4 * x + 1] === g && row[4 * x + 2] === b) tokens++;
  const { token } = counted(history.at(10).state);
  expect(Math.abs(tokens / canvas.width - token / 40)).toBeLessThan(0.02);
});

test('the mean of the run so far stands beside the moment: every step added up by hand, in both units', () => {
  const history = lived('story');
  const { host, view } = pageStage(pageWaste, 1200);
  const means = (row: string): string[] => [...host.querySelectorAll(`.mean .${row} td`)].map(shown);
  view.draw(pageFrame(history, 0));
  expect(means('paged')).toEqual(['–', '–', '–', '–', '–']);
  const index = 17;
  view.draw(pageFrame(history, index));
  const steps = Array.from({ length: index + 1 }, (_, i) => history.at(i)).filter(
    ({ operation }) => operation?.op === 'step',
  );
  expect(shown(host.querySelector('.mean p'))).toContain(`the ${steps.length} steps`);
  const token = steps.reduce((sum, { state }) => sum + pagedWasteOfStep(state).token, 0) / steps.length;
  expect(means('paged')[0]).toBe(`${((100 * token) / 40).toFixed(1)} %`);
  const oracle =
    steps.reduce((sum, { contiguous }) => sum + contiguousWasteOfStep(contiguous[2]!).reserved, 0) / steps.length;
  expect(means('oracle')[1]).toBe(`${((100 * oracle) / 40).toFixed(1)} %`);
  host.querySelector<HTMLElement>('button.slots')!.click();
  expect(Number(means('paged')[0])).toBeCloseTo(token, 1);
});

test('the paper’s columns are the paper’s, and say so', () => {
  const { host, view } = pageStage(pageWaste, 340);
  view.draw(pageFrame(lived('story'), 5));
  const rows = [...host.querySelectorAll('.paper tbody')].map((body) => [
    shown(body.querySelector('.name')),
    ...[...body.querySelectorAll('td')].map(shown),
  ]);
  expect(rows).toEqual([
    ['vLLM', '96.3 %', '–', '–', '–', '–'],
    ['Orca (Oracle)', '38.2 %', '25.2 %', '–', '36.6 %', '–'],
    ['Orca (Pow2)', '26.8 %', '17.9 %', '13.6 %', '41.6 %', '–'],
    ['Orca (Max)', '20.4 %', '13.3 %', '57.3 %', '8.9 %', '–'],
  ]);
  expect(shown(host.querySelector('.paper p'))).toContain('say nothing about the workload above');
});

test('a step with ten thousand blocks costs little', () => {
  const history = lived('scale', { budget: 8192 }, 1100);
  const { view } = pageStage(pageWaste, 340);
  const frames = Array.from({ length: 40 }, (_, i) => pageFrame(history, 1030 + i));
  view.draw(frames[0]!);
  console.info(`waste: ${costOf(40, (i) => view.draw(frames[i]!)).toFixed(3)} ms a step, 10,000 blocks`);
});
