// The CPU pool in a real DOM: shown when a run swaps, each block filled as in the state, a move keeps tokens and
// sharing, and keys reach it.
import { afterEach, expect, test } from 'vitest';
import type { History } from '../../../paging';
import { pagePool } from './pool';
import { cpuCornerOf, cpuLayoutOf } from './cpu';
import { cpuFactsOf } from '../shared/cpu-facts';
import { cornerOf, layoutOf } from './layout';
import { lived, pageFrame, pageStage } from '../testing/page-stage';
import { press, shown } from '../../testing/softmax-stage';

afterEach(() => document.body.replaceChildren());

const WIDTH = 700;
const TALLEST = 560;

function cpuLayout(history: History): ReturnType<typeof cpuLayoutOf> {
  const { blocks, blockSize, cpuBlocks } = history.last.state.config;
  const { height } = cpuLayoutOf(WIDTH, cpuBlocks, 0);
  return cpuLayoutOf(WIDTH, cpuBlocks, layoutOf(WIDTH, TALLEST - height, blocks, blockSize).height);
}

function pixels(host: HTMLElement): ImageData {
  const canvas = host.querySelector<HTMLCanvasElement>('.board canvas')!;
  return canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
}

const swaps = (history: History, kind: 'swap-out' | 'swap-in'): number[] =>
  Array.from({ length: history.length }, (_, i) => i + 1).filter((i) =>
    history.at(i).events.some((event) => event.kind === kind),
  );

test('it stands under the pool where a run swaps, and only there', () => {
  const height = (history: History): number => {
    const { host, view } = pageStage(pagePool, WIDTH);
    view.draw(pageFrame(history, 3));
    expect(host.querySelector('.view-pool')!.hasAttribute('data-cpu')).toBe(shown(host.querySelector('.cpu')) !== '');
    return shown(host.querySelector('.cpu')) === '' ? 0 : cpuLayout(history).height;
  };
  // One sequence recomputes under V0's rule; groups swap; a single one does where it was asked to.
  expect(height(lived('story'))).toBe(0);
  expect(height(lived('chat'))).toBe(0);
  expect(height(lived('parallel'))).toBeGreaterThan(0);
  expect(height(lived('story', { preemption: 'swap' }))).toBeGreaterThan(0);
  expect(height(lived('story', { preemption: 'swap', rules: 'v1-2026' }))).toBe(0);
});

test('every CPU block is filled as far as its tokens, at every moment', () => {
  const history = lived('parallel');
  const layout = cpuLayout(history);
  const { host, view } = pageStage(pagePool, WIDTH);
  const { blockSize, cpuBlocks } = history.last.state.config;
  for (let index = 0; index <= history.length; index++) {
    const { state } = history.at(index);
    view.draw(pageFrame(history, index));
    const { data, width } = pixels(host);
    const at = (x: number, y: number): string => {
      const place = 4 * (Math.round(y * devicePixelRatio) * width + Math.round(x * devicePixelRatio));
      return data.slice(place, place + 4).join(' ');
    };
    const held = new Set(state.swapped.flatMap((id) => state.requests.at(id).cpuTable));
    expect(state.cpuFree.length + held.size).toBe(cpuBlocks);
    const ground = at(...cornerIn(layout, Math.max(...state.cpuFree), 0.9));
    for (let id = 0; id < cpuBlocks; id++) {
      const share = state.cpu.at(id).tokens.length / blockSize;
      const filled = at(...cornerIn(layout, id, 0.45)) !== ground;
      expect([index, id, filled]).toEqual([index, id, held.has(id) && share > 0.45]);
    }
  }
});

/** A place inside of a cell, below its top stripe and above its text. */
function cornerIn(layout: ReturnType<typeof cpuLayoutOf>, id: number, share: number): [number, number] {
  const [x, y] = cpuCornerOf(layout, id);
  return [x + share * layout.cellW, y + 6];
}

test('beside ten thousand squares it is painted without wiping them out', () => {
  const history = lived('scale', { rules: 'paper', preemption: 'swap' }, 1004);
  const { host, view } = pageStage(pagePool, WIDTH);
  view.draw(pageFrame(history, history.length));
  expect(host.querySelector('.view-pool')!.getAttribute('data-detail')).toBe('squares');
  const { blocks, blockSize } = history.last.state.config;
  const layout = layoutOf(WIDTH, TALLEST - cpuLayoutOf(WIDTH, 32, 0).height, blocks, blockSize);
  const { data, width } = pixels(host);
  const held = [...history.last.state.blocks].find(({ refCount }) => refCount > 0)!;
  const [x, y] = cornerOf(layout, held.id);
  expect(data[4 * (Math.round((y + 1) * devicePixelRatio) * width + Math.round((x + 1) * devicePixelRatio)) + 3]).toBe(
    255,
  );
});

test('a move takes each distinct block once, with its tokens and all who share it', () => {
  for (const history of [lived('parallel'), lived('storm', { rules: 'paper', preemption: 'swap' })]) {
    const [outs, backs] = [swaps(history, 'swap-out'), swaps(history, 'swap-in')];
    expect([outs.length > 0, backs.length > 0]).toEqual([true, true]);
    for (const index of outs) {
      const { moment } = pageFrame(history, index);
      const { out, holders } = cpuFactsOf(moment);
      expect(new Set(out.values()).size).toBe(out.size);
      for (const cpu of out.keys()) {
        const { refCount } = moment.state.cpu.at(cpu);
        expect(holders(cpu)).toHaveLength(refCount);
        for (const { request, logical } of holders(cpu)) {
          const { tokens } = moment.state.requests.at(request);
          const { blockSize } = moment.state.config;
          const held = moment.state.cpu.at(cpu).tokens;
          expect([...tokens].slice(logical * blockSize, logical * blockSize + held.length)).toEqual(held);
        }
      }
    }
    for (const index of backs) {
      const { moment, before } = pageFrame(history, index);
      for (const [cpu, block] of cpuFactsOf(moment).back) {
        const old = before.cpu.at(cpu).tokens;
        expect(moment.state.blocks.at(block).tokens.slice(0, old.length)).toEqual(old);
      }
    }
  }
});

test('the words tell the moves in both languages; steps forth and back leave what a fresh view paints', () => {
  const history = lived('story', { preemption: 'swap' });
  const [out = 0] = swaps(history, 'swap-out');
  const [back = 0] = swaps(history, 'swap-in');
  const { host, view } = pageStage(pagePool, WIDTH);
  for (const index of [0, out, out + 1, back, history.length, out]) view.draw(pageFrame(history, index));
  expect(shown(host.querySelector('.cpu'))).toMatch(
    /5 of 6 blocks hold what was swapped out \(Ben\)\. This step moved out, pool → CPU: \d+ → 0, /,
  );
  const fresh = pageStage(pagePool, WIDTH);
  fresh.view.draw(pageFrame(history, out));
  const [stepped, whole] = [pixels(host).data, pixels(fresh.host).data];
  expect(stepped.findIndex((value, i) => value !== whole[i])).toBe(-1);
  expect(pagePool.describe(pageFrame(history, back), 'en')).toContain('This step moved back, CPU → pool: 0 → ');
  expect(pagePool.describe(pageFrame(history, back), 'zh')).toContain('本步换回（CPU → 块池）：0 → ');
});

test('keys reach it, Enter pins a CPU block, and the line below says whose it is', () => {
  const history = lived('story', { preemption: 'swap' });
  const [out = 0] = swaps(history, 'swap-out');
  const { host, view, events } = pageStage(pagePool, WIDTH);
  view.draw(pageFrame(history, out));
  const board = host.querySelector<HTMLElement>('.board')!;
  press(board, 'End');
  expect(events.at(-1)).toEqual(['hover', { cpu: 5 }]);
  expect(shown(board.querySelector('.sr-only'))).toBe('CPU block 5, empty');
  press(board, 'ArrowLeft');
  press(board, 'Enter');
  const ben = [...history.at(out).state.requests].find(({ name }) => name === 'Ben')!.id;
  expect(events.at(-1)).toEqual(['pin', { cpu: 4, request: ben }]);
  view.draw(pageFrame(history, out, { cpu: 4, request: ben }));
  expect(shown(host.querySelector('.reading'))).toMatch(
    /^CPU block 4, holds Ben\[4\], “.{4}”, moved here from block \d+ in this step$/,
  );
});
