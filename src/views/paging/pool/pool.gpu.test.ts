// The pool in a real DOM: cells match blocks and slots, pixels show which slots are filled, a step repaints what it
// changed, and ten thousand blocks are drawn.
import { afterEach, expect, test } from 'vitest';
import { press, shown } from '../../testing/softmax-stage';
import { pagePool } from './pool';
import { factsOf } from '../shared/facts';
import { plain } from '../shared/ink';
import { cornerOf, layoutOf, slotCornerOf } from './layout';
import { lived, pageFrame, pageStage } from '../testing/page-stage';

afterEach(() => document.body.replaceChildren());

const WIDTH = 700;

function pixel(host: HTMLElement, x: number, y: number): string {
  const canvas = host.querySelector<HTMLCanvasElement>('.board canvas')!;
  const [r, g, b, a] = canvas
    .getContext('2d')!
    .getImageData(Math.round(x * devicePixelRatio), Math.round(y * devicePixelRatio), 1, 1).data;
  return `${r} ${g} ${b} ${a}`;
}

function point(host: HTMLElement, x: number, y: number, type: string): void {
  const canvas = host.querySelector<HTMLCanvasElement>('.board canvas')!;
  const box = canvas.getBoundingClientRect();
  const init = { clientX: box.left + x, clientY: box.top + y, bubbles: true };
  canvas.dispatchEvent(type === 'click' ? new MouseEvent(type, init) : new PointerEvent(type, init));
}

test('every slot is filled, faint or hollow as the state says, at every moment of the story', () => {
  const history = lived('story');
  const { host, view } = pageStage(pagePool, WIDTH);
  const { blocks, blockSize } = history.last.state.config;
  const layout = layoutOf(WIDTH, 560, blocks, blockSize);
  for (let index = 0; index <= history.length; index++) {
    const { state } = history.at(index);
    view.draw(pageFrame(history, index));
    for (const block of state.blocks) {
      if (block.id === 0) continue;
      const [cx, cy] = cornerOf(layout, block.id);
      // Between the head and the slots: the card's own ground.
      const ground = pixel(host, cx + 3.5, cy + layout.head + 8);
      for (let offset = 0; offset < blockSize; offset++) {
        const [x, y] = slotCornerOf(layout, block.id, offset);
        const inside = pixel(host, x + 5, y + 5);
        expect([index, block.id, offset, inside !== ground]).toEqual([
          index,
          block.id,
          offset,
          offset < block.tokens.length,
        ]);
      }
    }
  }
});

test('steps forth and back leave the picture that a fresh view paints', () => {
  const history = lived('story');
  const { host, view } = pageStage(pagePool, WIDTH);
  for (const index of [0, 5, 12, history.length, 9, 10, 3]) view.draw(pageFrame(history, index));
  const fresh = pageStage(pagePool, WIDTH);
  fresh.view.draw(pageFrame(history, 3));
  const data = (of: HTMLElement): Uint8ClampedArray => {
    const canvas = of.querySelector<HTMLCanvasElement>('.board canvas')!;
    return canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data;
  };
  const [stepped, whole] = [data(host), data(fresh.host)];
  expect(stepped.findIndex((value, i) => value !== whole[i])).toBe(-1);
});

test('pointing at a slot looks at the token in it, and the line below names it', () => {
  const history = lived('story');
  const { host, view, events } = pageStage(pagePool, WIDTH);
  const index = 8;
  const { state } = history.at(index);
  view.draw(pageFrame(history, index, {}, 0));
  const [first = 0] = state.requests.at(0).table;
  const { blocks, blockSize } = state.config;
  const [x, y] = slotCornerOf(layoutOf(WIDTH, 560, blocks, blockSize), first, 1);
  point(host, x + 8, y + 8, 'pointermove');
  expect(events.at(-1)).toEqual(['hover', { block: first, request: 0, position: 1 }]);
  point(host, x + 8, y + 8, 'click');
  expect(events.at(-1)).toEqual(['pin', { block: first, request: 0, position: 1 }]);
  view.draw(pageFrame(history, index, { block: first, request: 0, position: 1 }, 0));
  expect(shown(host.querySelector('.reading'))).toContain(
    `slot ${first * blockSize + 1} holds “${String.fromCharCode(state.requests.at(0).tokens.at(1)!)}”`,
  );
  expect(shown(host.querySelector('.summary'))).toMatch(/^10 blocks of 4 slots/);
});

test('keys walk from slot to slot, Enter pins, and each cell is said', () => {
  const history = lived('story');
  const { host, view, events } = pageStage(pagePool, WIDTH);
  view.draw(pageFrame(history, 8, {}, 0));
  const board = host.querySelector<HTMLElement>('.board')!;
  const last = (): { block?: number } => (events.at(-1) ?? ['', {}])[1] as { block?: number };
  press(board, 'Home');
  expect(events.at(-1)).toEqual(['hover', { block: 0 }]);
  press(board, 'ArrowRight');
  expect(last().block).toBe(1);
  press(board, 'ArrowDown');
  const [name, selection] = events.at(-1) as [string, { block: number }];
  expect([name, selection.block > 1]).toEqual(['hover', true]);
  expect(shown(board.querySelector('.sr-only'))).toMatch(
    new RegExp(`^Block ${selection.block} · slots ${selection.block * 4}–`),
  );
  press(board, 'Enter');
  expect(events.at(-1)).toEqual(['pin', selection]);
  press(board, 'End');
  expect(last().block).toBe(10);
});

test('what happened is told from the events: a copy, its source, a block let go', () => {
  const history = lived('story');
  const index = Array.from({ length: history.length }, (_, i) => i + 1).find((i) =>
    history.at(i).events.some(({ kind }) => kind === 'copy-on-write'),
  );
  expect(index).toBeDefined();
  const frame = pageFrame(history, index!);
  const copy = frame.moment.events.find((event) => event.kind === 'copy-on-write')!;
  expect(factsOf(frame.moment).copies).toEqual([{ from: copy.from, to: copy.to }]);
  expect(pagePool.describe(frame, 'en')).toContain(`block ${copy.to} copy`);
  expect(pagePool.describe(frame, 'zh')).toContain(`块 ${copy.to} 副本`);
});

test('ten thousand blocks are squares in the hue of who holds them', () => {
  const history = lived('scale', {}, 1010);
  const { host, view } = pageStage(pagePool, WIDTH);
  view.draw(pageFrame(history, history.length));
  const { state } = history.last;
  const layout = layoutOf(WIDTH, 560, state.config.blocks, state.config.blockSize);
  expect(layout.detail).toBe('squares');
  const empty = [...state.blocks].find(({ id, free, tokens }) => id > 0 && free && tokens.length === 0)!;
  const full = [...state.blocks]
    .filter(({ tokens, refCount }) => refCount === 1 && tokens.length === state.config.blockSize)
    .slice(0, 200);
  const at = (id: number): string => {
    const [x, y] = cornerOf(layout, id);
    return pixel(host, x + layout.size / 2, y + layout.size / 2);
  };
  const owners = factsOf(history.last).owners;
  const colours = new Map<number, string>();
  for (const { id } of full) {
    expect(at(id)).not.toBe(at(empty.id));
    const [owner = -1] = owners(id, 1);
    expect(at(id)).toBe(colours.get(owner) ?? at(id));
    colours.set(owner, at(id));
  }
  expect(new Set(colours.values()).size).toBeGreaterThan(3);
});

test('hues are the colours that the browser makes of them', () => {
  const pen = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })!;
  for (const [lightness, chroma] of [
    [0.39, 0.085],
    [0.79, 0.13],
    [0.27, 0.035],
    [0.88, 0.075],
    [0.48, 0.14],
    [0.955, 0.022],
  ] as const)
    for (let hue = 0; hue < 360; hue += 15) {
      pen.fillStyle = `oklch(${lightness} ${chroma} ${hue})`;
      pen.fillRect(0, 0, 1, 1);
      const [r = 0, g = 0, b = 0] = pen.getImageData(0, 0, 1, 1).data;
      const ours = Number.parseInt(plain(lightness, chroma, hue).slice(1), 16);
      const apart = Math.max(Math.abs(r - (ours >> 16)), Math.abs(g - ((ours >> 8) & 255)), Math.abs(b - (ours & 255)));
      expect(apart, `${lightness} ${chroma} ${hue}`).toBeLessThanOrEqual(1);
    }
});
