// The memory scene in a real page: what is on the canvas is what the frame says, and pointing at it tells the cell.
import { afterEach, expect, test, vi } from 'vitest';
import type { CellRef } from '../../frame/cell';
import type { Frame } from '../../frame/frame-types';
import { axes, eyeOf, fit, FOV, PRESETS, type Vec } from './camera';
import { contentsOf } from './contents';
import { layoutOf, type Place } from './layout';
import { space } from './space';
import { crossTrace } from '../testing/cross-frame';
import { frameOf } from '../../frame/frame';
import themeCss from '../../ui/theme.css?inline';
import type { MountedView, ViewEvents } from '../view';

const events = () =>
  ({
    hover: vi.fn(),
    pin: vi.fn(),
    row: vi.fn(),
    workgroup: vi.fn(),
    phase: vi.fn(),
    line: vi.fn(),
    thread: vi.fn(),
  }) satisfies ViewEvents;

let mounted: { view: MountedView; outer: HTMLElement } | undefined;

async function show(frame: Frame, on: ViewEvents = events(), motion = false) {
  const outer = document.createElement('div');
  outer.dataset['theme'] = 'dark';
  document.body.append(outer);
  const shadow = outer.attachShadow({ mode: 'open' });
  shadow.adoptedStyleSheets = [themeCss, space.css].map((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    return sheet;
  });
  const host = document.createElement('div');
  host.style.setProperty('width', '700px');
  host.style.setProperty('height', '520px');
  shadow.append(host);
  const view = space.mount(host, { trace: frame.trace, language: 'en', theme: 'dark', motion, on });
  mounted = { view, outer };
  view.draw(frame);
  await vi.waitFor(() => expect(host.querySelector('.view-space')?.getAttribute('data-status')).toBe('ready'), {
    timeout: 10_000,
  });
  const canvas = host.querySelector('canvas')!;
  const stage = host.querySelector<HTMLElement>('.stage')!;
  // The lines around the picture take their room with the first one: it stands when its size does.
  for (let height = -1; height !== canvas.height || !stage.dataset['eye'];) {
    height = canvas.height;
    for (let i = 0; i < 3; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  return { view, host, canvas, stage };
}

afterEach(() => {
  mounted?.view.dispose();
  mounted?.outer.remove();
  mounted = undefined;
});

const trace = crossTrace({ kernel: 'flash2', queries: 32, keys: 32, dim: 8, br: 16, bc: 8 });
const workgroup = trace.passes[0]!.captured[0]!.workgroup;
const at = (phase: number, selection: Partial<Frame['selection']> = {}): Frame =>
  frameOf(trace, { pass: 0, workgroup, phase }, { row: 3, thread: 0, ...selection });

/** The pixels of the next picture: a frame later the browser may have taken them away. */
async function pixels(canvas: HTMLCanvasElement, draw: () => void): Promise<Uint8ClampedArray> {
  draw();
  await new Promise((resolve) => requestAnimationFrame(resolve));
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d')!;
  copy.drawImage(canvas, 0, 0);
  return copy.getImageData(0, 0, canvas.width, canvas.height).data;
}

const different = (a: Uint8ClampedArray, b: Uint8ClampedArray): number => {
  let n = 0;
  for (let i = 0; i < a.length; i += 4) if (a[i] !== b[i] || a[i + 1] !== b[i + 1] || a[i + 2] !== b[i + 2]) n++;
  return n;
};

test('the picture is a function of the frame: another phase differs, the same one again does not', async () => {
  const { view, canvas } = await show(at(1));
  const one = await pixels(canvas, () => view.draw(at(1)));
  const other = await pixels(canvas, () => view.draw(at(3)));
  const again = await pixels(canvas, () => view.draw(at(1)));
  expect(new Set(new Uint32Array(one.buffer)).size).toBeGreaterThan(200);
  expect(different(one, other)).toBeGreaterThan(200);
  expect(different(one, again)).toBe(0);
});

test('a step that flies ends in the picture that stands without motion', async () => {
  const still = await show(at(1));
  const wanted = await pixels(still.canvas, () => still.view.draw(at(2)));
  mounted?.view.dispose();
  mounted?.outer.remove();
  const { view, canvas } = await show(at(1), events(), true);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const first = await pixels(canvas, () => view.draw(at(2)));
  expect(different(first, wanted)).toBeGreaterThan(0);
  // A cell looked at asks for one more picture, and takes it back.
  await vi.waitFor(
    async () => {
      await pixels(canvas, () => view.draw(at(2, { cell: { role: 'Q', row: 0, col: 0 } })));
      const rest = await pixels(canvas, () => view.draw(at(2)));
      expect(different(rest, wanted)).toBe(0);
    },
    { timeout: 5000, interval: 150 },
  );
});

/** Where a cell's middle is in the top view, in the window. */
function pointOf(
  frame: Frame,
  place: Place,
  row: number,
  col: number,
  box: DOMRect,
): { clientX: number; clientY: number } {
  const layout = layoutOf(contentsOf(frame));
  const aspect = Math.round(box.width) / Math.round(box.height);
  const pose = fit(layout.whole, PRESETS.top, aspect, [0.05, 0.13]);
  const { right, up, back } = axes(pose.azimuth, pose.elevation);
  const eye = eyeOf(pose);
  const d: Vec = [place.x + col + 0.5 - eye[0], place.y - eye[1], place.z + row + 0.5 - eye[2]];
  const dot = (a: Vec): number => d[0] * a[0] + d[1] * a[1] + d[2] * a[2];
  const t = Math.tan(FOV / 2) * -dot(back);
  return {
    clientX: box.left + ((dot(right) / (t * aspect) + 1) / 2) * box.width,
    clientY: box.top + ((1 - dot(up) / t) / 2) * box.height,
  };
}

test('pointing at a cell tells it, leaving takes it back, a click pins it, a drag does not', async () => {
  const on = events();
  const frame = at(1);
  const { view, canvas, stage, host } = await show(frame, on);
  [...host.querySelectorAll('button')].find((b) => b.textContent?.includes('Top'))!.click();
  await pixels(canvas, () => view.draw(at(1)));
  const places = layoutOf(contentsOf(frame)).places;
  for (const [key, row, col] of [
    ['hbm:K', 20, 5],
    ['hbm:O', 3, 2],
  ] as const) {
    const point = pointOf(frame, places.get(key)!, row, col, stage.getBoundingClientRect());
    canvas.dispatchEvent(new PointerEvent('pointermove', { ...point, bubbles: true }));
    expect(on.hover).toHaveBeenLastCalledWith({ role: key.slice(4), row, col });
  }
  stage.dispatchEvent(new PointerEvent('pointerleave'));
  expect(on.hover).toHaveBeenLastCalledWith(undefined);
  const point = pointOf(frame, places.get('hbm:K')!, 9, 1, stage.getBoundingClientRect());
  canvas.dispatchEvent(new MouseEvent('click', { ...point, bubbles: true }));
  expect(on.pin).toHaveBeenCalledExactlyOnceWith({ role: 'K', row: 9, col: 1 });
  stage.dispatchEvent(new PointerEvent('pointerdown', { ...point, clientX: point.clientX - 60, bubbles: true }));
  canvas.dispatchEvent(new MouseEvent('click', { ...point, bubbles: true }));
  expect(on.pin).toHaveBeenCalledOnce();
});

test('keys: T, F and R from anywhere, arrows only in the focused scene and never to the transport', async () => {
  const { view, canvas, stage, host } = await show(at(1));
  const outside = vi.fn();
  host.addEventListener('keydown', outside);
  const look = (): Promise<Uint8ClampedArray> => pixels(canvas, () => view.draw(at(1)));
  const press = (target: EventTarget, key: string, shiftKey = false): boolean =>
    target.dispatchEvent(new KeyboardEvent('keydown', { key, shiftKey, bubbles: true }));
  press(window, 'r');
  const home = await look();
  press(window, 't');
  const top = await look();
  press(window, 'f');
  const front = await look();
  press(window, 'r');
  expect(different(await look(), home)).toBe(0);
  for (const [a, b] of [
    [home, top],
    [top, front],
    [front, home],
  ] as const)
    expect(different(a, b)).toBeGreaterThan(500);
  press(stage, 'ArrowLeft', true);
  expect(outside).not.toHaveBeenCalled();
  expect(different(await look(), home)).toBeGreaterThan(500);
  press(stage, 'Enter');
  expect(outside).toHaveBeenCalledOnce();
});

test('arrows walk over cells as a pointer would point: hover, speech, pin; Page Down goes to the next matrix; leaving lets go', async () => {
  const on = events();
  const { stage, host, view } = await show(at(1), on);
  const press = (key: string): boolean => stage.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  const told = (): CellRef | undefined => on.hover.mock.lastCall?.[0] as CellRef | undefined;
  press('ArrowRight');
  const first = told();
  expect(first).toMatchObject({ role: expect.any(String), row: expect.any(Number), col: expect.any(Number) });
  press('ArrowDown');
  press('ArrowRight');
  const second = told();
  expect(second).toEqual({ ...first, row: first!.row + 1, col: first!.col + 1 });
  const frame = at(1);
  view.draw({ ...frame, selection: { ...frame.selection, cell: second! } });
  const said = host.querySelector('.readout')!;
  expect(said.role).toBe('status');
  expect(said.textContent).toMatch(/^(HBM|SRAM|Registers) \w+ · /);
  press('Enter');
  expect(on.pin).toHaveBeenCalledExactlyOnceWith(second);
  const layouts = new Set<string>();
  for (let i = 0; i < 12; i++) {
    press('PageDown');
    layouts.add(told()?.role ?? '');
  }
  for (const role of ['Q', 'K', 'V', 'O']) expect(layouts).toContain(role);
  stage.dispatchEvent(new FocusEvent('blur'));
  expect(on.hover).toHaveBeenLastCalledWith(undefined);
});

test('a lost context says so, and the picture comes back as it was', async () => {
  const { view, canvas, host } = await show(at(2));
  const before = await pixels(canvas, () => view.draw(at(2)));
  const loser = (canvas.getContext('webgl2') as WebGL2RenderingContext).getExtension('WEBGL_lose_context')!;
  loser.loseContext();
  await vi.waitFor(() => expect(host.querySelector('.message')?.textContent).toContain('stopped'), { timeout: 20_000 });
  loser.restoreContext();
  await vi.waitFor(() => expect(host.querySelector('.message')).toBeNull(), { timeout: 20_000 });
  const after = await pixels(canvas, () => view.draw(at(2)));
  expect(different(before, after)).toBe(0);
});

test('labels name the planes, do not lie on one another, and no text is under 13 px', async () => {
  const { view, canvas, host } = await show(at(2));
  await pixels(canvas, () => view.draw(at(2)));
  const labels = [...host.querySelectorAll<HTMLElement>('.label:not(.out)')];
  expect(labels.map((l) => l.querySelector('b')?.textContent)).toEqual(
    expect.arrayContaining(['Q', 'K', 'V', 'O', 'S', 'P']),
  );
  const boxes = labels.map((l) => l.getBoundingClientRect());
  for (const [i, a] of boxes.entries())
    for (const b of boxes.slice(i + 1))
      expect(a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top).toBe(true);
  for (const element of host.querySelectorAll('.view-space *:not(canvas)'))
    if (element.textContent) expect(parseFloat(getComputedStyle(element).fontSize)).toBeGreaterThanOrEqual(13);
});
