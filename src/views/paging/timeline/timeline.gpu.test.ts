// The timeline in a real DOM: lanes show what the states say, a click seeks and chooses, long runs are shown in a
// window.
import { afterEach, expect, test } from 'vitest';
import { pageTimeline } from './timeline';
import { lanesOf } from './paint';
import { costOf, lived, pageFrame, pageStage } from '../testing/page-stage';
import { press, shown } from '../../testing/softmax-stage';

afterEach(() => document.body.replaceChildren());

const LEFT = 104;

/** Red, green, blue of the painted picture at a point in CSS pixels. */
function pixel(host: HTMLElement, x: number, y: number): string {
  const canvas = host.querySelector<HTMLCanvasElement>('.time-stage:not(.overview) canvas')!;
  const [r, g, b, a] = canvas
    .getContext('2d')!
    .getImageData(Math.round(x * devicePixelRatio), Math.round(y * devicePixelRatio), 1, 1).data;
  return a === 0 ? '' : `${r} ${g} ${b}`;
}

const at = (host: HTMLElement, x: number, y: number, type = 'pointerdown', buttons = 1): void => {
  const stage = host.querySelector<HTMLElement>('.time-stage:not(.overview)')!;
  const box = stage.getBoundingClientRect();
  stage.dispatchEvent(
    new PointerEvent(type, { clientX: box.left + x, clientY: box.top + y, bubbles: true, buttons, button: 0 }),
  );
};

test('a lane is full exactly where its request runs', () => {
  const history = lived('story');
  const { host, view } = pageStage(pageTimeline);
  view.draw(pageFrame(history, 5));
  const unit = (700 - LEFT) / (history.length + 1);
  const { row } = lanesOf(3);
  for (let id = 0; id < 3; id++)
    for (let index = 0; index <= history.length; index++) {
      const { requests } = history.at(index).state;
      const runs = index < history.length + 1 && id < requests.length && requests.at(id).status === 'running';
      // Full from the top: an upper point is painted only there, or hatched while preempted.
      const status = id < requests.length ? requests.at(id).status : 'none';
      const colour = pixel(host, LEFT + (index + 0.5) * unit, id * row + 7);
      if (status === 'preempted' || status === 'swapped') expect([id, index, colour]).not.toEqual([id, index, '']);
      else expect([id, index, colour !== '']).toEqual([id, index, runs]);
    }
});

test('a lane has one name at every moment, also before its request comes', () => {
  const history = lived('parallel');
  const names = [0, history.length].map((index) => {
    const { host, view } = pageStage(pageTimeline);
    view.draw(pageFrame(history, index));
    const { row } = lanesOf(history.last.state.requests.length);
    const canvas = host.querySelector<HTMLCanvasElement>('.time-stage:not(.overview) canvas')!;
    const height = Math.round(history.last.state.requests.length * row * devicePixelRatio);
    return [
      ...canvas.getContext('2d')!.getImageData(0, 0, Math.round((LEFT - 8) * devicePixelRatio), height).data,
    ].join();
  });
  expect(names[0]).toBe(names[1]);
});

test('the tokens of each step stand as high as their share of the budget', () => {
  const history = lived('story');
  const { host, view } = pageStage(pageTimeline);
  view.draw(pageFrame(history, 5));
  const unit = (700 - LEFT) / (history.length + 1);
  const { tokens, bars } = lanesOf(3);
  const floor = tokens + bars;
  const { budget } = history.last.state.config;
  const column = Array.from({ length: history.length + 1 }, (_, index) => {
    const batch = history.at(index).events.at(-1);
    return batch?.kind === 'batch' ? batch.tokens : 0;
  });
  const ground = pixel(host, LEFT + 2, tokens + bars + 12);
  for (const [index, used] of column.entries()) {
    const x = LEFT + (index + 0.5) * unit;
    const h = (used / Math.max(budget, ...column)) * bars;
    if (h > 4) expect(pixel(host, x, floor - h + 3)).not.toBe('');
    if (bars - h > 12) expect(pixel(host, x, floor - h - 4)).toBe(ground === '' ? '' : ground);
  }
  expect(shown(host.querySelector('.tokens'))).toContain(`of ${budget} tokens`);
});

test('a click seeks and chooses, keys as well; what is dragged over is sought', () => {
  const history = lived('story');
  const { host, view, events } = pageStage(pageTimeline);
  view.draw(pageFrame(history, 5, {}, 0));
  const unit = (700 - LEFT) / (history.length + 1);
  at(host, LEFT + 12.5 * unit, 1.5 * lanesOf(3).row);
  expect(events.filter(([name]) => name !== 'hover')).toEqual([
    ['seek', 12],
    ['request', 1],
  ]);
  events.length = 0;
  at(host, LEFT + 14.5 * unit, lanesOf(3).tokens + 4, 'pointermove');
  expect(events).toEqual([['seek', 14]]);
  events.length = 0;
  const slider = host.querySelector('[role=slider]');
  view.draw(pageFrame(history, 12, {}, 0));
  for (const key of ['ArrowLeft', 'ArrowRight', 'Home', 'End', 'ArrowDown', 'ArrowUp']) press(slider, key);
  expect(events).toEqual([
    ['seek', 11],
    ['seek', 13],
    ['seek', 0],
    ['seek', history.length],
    ['hover', undefined],
    ['request', 1],
  ]);
  view.rest?.();
  expect(slider?.ariaValueNow).toBe('12');
  expect(slider?.ariaValueText).toContain('Ada: running');
});

test('a run longer than the picture shows a window around the moment, or the whole', () => {
  const history = lived('marathon', {}, 6000);
  const { host, view } = pageStage(pageTimeline);
  view.draw(pageFrame(history, 3000));
  const zoom = host.querySelector<HTMLElement>('.segmented')!;
  expect([zoom.hidden, host.querySelector<HTMLElement>('.overview')!.hidden]).toEqual([false, false]);
  const alive = () => host.querySelector<HTMLElement>('.time-stage:not(.overview)')!.getBoundingClientRect().height;
  expect(alive()).toBeGreaterThan(200);
  host.querySelector<HTMLElement>('.whole')!.click();
  expect(host.querySelector('.whole')!.ariaPressed).toBe('true');
  expect(shown(host.querySelector('.note'))).toContain('one pixel stands for several');
});

test('a step moves the cursor only, with a thousand requests as well', () => {
  const history = lived('scale', { budget: 8192 }, 1150);
  const { host, view } = pageStage(pageTimeline);
  const frames = Array.from({ length: 60 }, (_, i) => pageFrame(history, 1020 + i));
  view.draw(frames[0]!);
  const painted = host.querySelector<HTMLCanvasElement>('canvas')!.getContext('2d')!;
  const before = painted.getImageData(0, 0, 300, 300).data.join();
  const cost = costOf(60, (i) => view.draw(frames[i]!));
  expect(painted.getImageData(0, 0, 300, 300).data.join()).toBe(before);
  const now = host.querySelector<HTMLElement>('.time-stage:not(.overview) .now')!.style.getPropertyValue('transform');
  expect(Number.parseFloat(now.slice(11))).toBeCloseTo(((700 - LEFT) * 1079) / (history.length + 1) - 1, 0);
  console.info(`timeline: ${cost.toFixed(3)} ms a step, 1000 requests`);
});
