// The memory view in a real page: what it shows is what the frame says.
import { afterEach, expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import type { CellRef } from '../../frame/cell';
import type { Frame } from '../../frame/frame-types';
import { bytes } from '../../ui/format';
import { memory } from './memory';
import { linkedOn } from './links';
import { overlaidOn } from './outlines';
import { stepsOf } from '../shared/level-steps';
import { collisions, opaque, painted } from '../testing/legible';
import { memoryFrame } from '../testing/memory-frame';
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

function show(frame: Frame, on: ViewEvents = events(), language: 'en' | 'zh' = 'en', width = 480) {
  const outer = document.createElement('div');
  outer.dataset['theme'] = 'dark';
  document.body.append(outer);
  const shadow = outer.attachShadow({ mode: 'open' });
  shadow.adoptedStyleSheets = [themeCss, memory.css].map((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    return sheet;
  });
  const host = document.createElement('div');
  host.style.setProperty('width', `${width}px`);
  shadow.append(host);
  const view = memory.mount(host, { trace: frame.trace, language, theme: 'dark', motion: false, on });
  view.draw(frame);
  view.rest?.();
  mounted = { view, outer };
  const all = (selector: string) => [...host.querySelectorAll<HTMLElement>(selector)];
  const one = (selector: string) => host.querySelector<HTMLElement>(selector)!;
  const thumb = (name: string) => all('.thumb').find((t) => t.querySelector('b')?.textContent === name)!;
  /** The kinds of outlines and letters on a thumbnail. */
  const overlaid = (name: string) => {
    const { outlines = [], chips = [] } = overlaidOn(thumb(name).querySelector('.overlay')!) ?? {};
    return { outlines, kinds: outlines.map((o) => o.kind), letters: chips.map((c) => c.letter).join('') };
  };
  const linked = (link: string) => linkedOn(one(`${link} canvas`))!;
  const shaft = (link: string) => linked(link).shaft;
  return {
    view,
    host,
    all,
    one,
    thumb,
    overlaid,
    linked,
    shaft,
    text: (selector: string) => one(selector)?.textContent?.replaceAll(/\s+/g, ' ').trim(),
  };
}

afterEach(() => {
  mounted?.view.dispose();
  mounted?.outer.remove();
  mounted = undefined;
});

test('links show this step and the running sum of the frame', () => {
  const frame = memoryFrame({ step: 'load K,V' });
  const { linked, one } = show(frame);
  const { hbm, sram } = frame.bytes;
  expect(linked('.link.hbm.down')).toMatchObject({ step: bytes(hbm.step.read), sum: `Σ ${bytes(hbm.sum.read)}` });
  expect(linked('.link.sram.up')).toMatchObject({
    step: bytes(sram.step.written),
    sum: `Σ ${bytes(sram.sum.written)}`,
  });
  expect(one('.link.hbm.down').ariaLabel).toContain(`${bytes(hbm.step.read)}, Σ ${bytes(hbm.sum.read)}`);
});

test('softmax touches no HBM: its links are dashed, those of SRAM are solid', () => {
  const { shaft, view } = show(memoryFrame({ step: 'softmax' }));
  for (const way of ['down', 'up']) {
    expect(shaft(`.link.hbm.${way}`)).toBe(0);
    expect(shaft(`.link.sram.${way}`)).toBeGreaterThan(2);
  }
  view.draw(memoryFrame({ step: 'load K,V' }));
  expect(shaft('.link.hbm.down')).toBeGreaterThan(2);
  expect(shaft('.link.hbm.up')).toBe(0);
});

test('the wider arrow moves more bytes, and is painted wider', () => {
  const { shaft, one } = show(memoryFrame({ step: 'softmax' }));
  const { step } = memoryFrame({ step: 'softmax' }).bytes.sram;
  expect(step.read).toBeGreaterThan(step.written);
  expect(shaft('.link.sram.down')).toBeGreaterThan(shaft('.link.sram.up'));
  const covered = (way: string) => opaque(one(`.link.sram.${way} canvas`) as HTMLCanvasElement);
  expect(covered('down')).toBeGreaterThan(covered('up'));
});

test('sS is called what its writer made of it, and is empty before anything wrote it', () => {
  const { thumb, view } = show(memoryFrame({ step: 'load K,V' }));
  expect(painted(thumb('sS'))).toBe(0);
  view.draw(memoryFrame({ step: 'S = QKᵀ' }));
  expect(thumb('sS').querySelector('.holds')?.textContent).toBe('= S');
  expect(painted(thumb('sS'))).toBe(16 * 16);
  view.draw(memoryFrame({ step: 'softmax' }));
  expect(thumb('sS').querySelector('.holds')?.textContent).toBe('= P');
  view.rest?.();
  expect(thumb('sS').querySelector('.picture')?.ariaLabel).toContain('holds P');
});

test('only what is written of O has pixels', () => {
  const { thumb } = show(memoryFrame());
  expect(painted(thumb('O'))).toBe(16 * 32);
  expect(painted(thumb('Q'))).toBe(64 * 32);
});

test('read and written this step: an outline and a letter each', () => {
  const { overlaid } = show(memoryFrame({ step: 'load K,V' }));
  const seen = (name: string) => {
    const { kinds, letters } = overlaid(name);
    return [...kinds.filter((kind) => kind === 'reads' || kind === 'writes'), letters].join(' ');
  };
  expect(seen('K')).toBe('reads R');
  expect(seen('sK')).toBe('writes W');
  expect(seen('sQ')).toBe('');
});

test('an outline lies where its rows are', async () => {
  const { thumb, overlaid } = show(memoryFrame({ step: 'load K,V' }));
  const reads = overlaid('K').outlines.find((o) => o.kind === 'reads')!;
  const canvas = thumb('K').querySelector<HTMLCanvasElement>('.overlay')!;
  await vi.waitFor(() => expect(canvas.style.width).not.toBe(''), { timeout: 20_000 });
  const { height } = thumb('K').querySelector('.picture')!.getBoundingClientRect();
  const scale = canvas.width / canvas.getBoundingClientRect().width;
  const alpha = (y: number) =>
    canvas.getContext('2d')!.getImageData(canvas.width >> 1, Math.round((4 + y) * scale), 1, 1).data[3]!;
  expect(alpha(reads.y * height - 1)).toBeGreaterThan(100);
  expect(alpha((reads.y + reads.h) * height + 1)).toBeGreaterThan(100);
  expect(alpha((reads.y + reads.h) * height + 8)).toBe(0);
});

test('naive: no SRAM box, S and P stand in HBM, the link says so', () => {
  const { one, thumb, all } = show(memoryFrame({ kernel: 'naive' }));
  expect(one('.box.sram')).toBeNull();
  expect(all('.link.sram')).toHaveLength(0);
  expect(one('.ghost')).toBeNull();
  expect(thumb('S').closest('.box.hbm')).not.toBeNull();
  expect(painted(thumb('P'))).toBe(32 * 64);
  expect(one('.aside').textContent).toContain('S and P');
});

test('flash: S and P are outlines, named as never written, with their size', () => {
  const { text, all, one } = show(memoryFrame());
  expect(all('.ghost .outlines b').map((e) => e.textContent)).toEqual(['S', 'P']);
  for (const said of ['unwritten', '64×64', bytes(64 * 64 * 4)]) expect(text('.ghost')).toContain(said);
  expect(one('.ghost').ariaLabel).toContain('S, P 64×64: this kernel never writes them to HBM');
  expect(one('.ghost').dataset['mark']).toContain(bytes(64 * 64 * 4));
});

test('what a caption has no room for is in its tip', () => {
  const { thumb } = show(memoryFrame({ step: 'softmax' }), events(), 'en', 380);
  const caption = thumb('sS').querySelector<HTMLElement>('.caption')!;
  expect(caption.dataset['mark']).toContain(`sS = P: 16×16 elements × 4 bytes = ${bytes(16 * 16 * 4)}`);
});

test.each([380, 417])('all levels, their links and the totals stand in a panel of %i × 513', (width) => {
  for (const kernel of ['flash2', 'naive'] as const) {
    for (const language of ['en', 'zh'] as const) {
      const { host, all, one } = show(memoryFrame({ kernel }), events(), language, width);
      host.style.setProperty('height', '513px');
      const { bottom } = host.getBoundingClientRect();
      expect(one('.box.reg').getBoundingClientRect().bottom).toBeLessThan(
        one('.traffic').getBoundingClientRect().top + 1,
      );
      expect(one('.traffic .total').getBoundingClientRect().bottom).toBeLessThanOrEqual(bottom);
      for (const picture of all('.picture')) expect(picture.getBoundingClientRect().height).toBeGreaterThanOrEqual(12);
      for (const link of all('.link'))
        expect(linkedOn(link.querySelector('canvas')!)!.end).toBeLessThanOrEqual(link.clientWidth + 10);
      expect(collisions(all('.box h3, .box .total, .caption > *, .ratio > *, .traffic th, .traffic td'))).toEqual([]);
      mounted?.outer.remove();
    }
  }
});

test.each([320, 342, 366])('in a column of %i no figure of a link or the table is cut', (width) => {
  for (const language of ['en', 'zh'] as const) {
    const { host, all } = show(memoryFrame({ kernel: 'flash2' }), events(), language, width);
    for (const link of all('.link'))
      expect(linkedOn(link.querySelector('canvas')!)!.end).toBeLessThanOrEqual(link.clientWidth + 4);
    expect(all('.traffic td, .traffic th').filter((cell) => cell.scrollWidth > cell.clientWidth + 1)).toEqual([]);
    expect(host.scrollWidth).toBeLessThanOrEqual(width);
    expect(collisions(all('.box h3 .is, .box .total, .traffic th, .traffic td'))).toEqual([]);
    mounted?.outer.remove();
  }
});

test('the three columns are the frame’s, each with its own label', () => {
  const frame = memoryFrame();
  const { all } = show(frame);
  const { requested, ioModel, compulsory } = frame.bytes.run;
  const total = all('.traffic .total td').map((e) => e.textContent);
  expect(total).toEqual([ioModel, requested, compulsory].map((t) => bytes(t.read + t.written)));
  expect(all('.traffic .kind').map((e) => e.textContent)).toEqual(['computed', 'counted', 'computed']);
  expect(all('.traffic thead th').map((e) => e.dataset['mark']!.split(' ')[0])).toEqual([
    'Computed',
    'Counted',
    'Computed',
  ]);
});

test('sums of the workgroup are those of its counts', () => {
  const frame = memoryFrame({ step: 'softmax' });
  const { text } = show(frame);
  // K loads of the first step, 256 x 16 B; nothing else touches HBM.
  expect(text('.so-far td.requested')).toBe('4.00 KiB');
  const steps = stepsOf(frame.pass, frame.workgroup!);
  expect(steps.sums[2]).toEqual({
    storage: { read: 4096, written: 0 },
    workgroup: { read: (2048 + 512) * 4, written: 4096 + (256 + 320) * 4 },
  });
  expect(steps.largest).toBe(2048 * 4);
});

test('the number to quote comes first, then what is requested beyond it and why', () => {
  const { text, view } = show(memoryFrame());
  // 2 heads of 64 x 64, d = 32, Br = 16: (2 + 4 · 2) · 64 · 32 + 64 elements beside 4 · 64 · 32 + 4 · 64 · 64.
  expect(text('.verdict')).toMatch(
    /^By the papers’ IO model, the number to quote, this run moves 161 KiB: 0\.836× .*\(192 KiB\)/,
  );
  expect(text('.verdict')).toContain('Each of 4 row blocks reads the K and V that it sees: 96.0 KiB more');
  expect(text('.verdict')).toContain('requests exactly that');
  view.draw(memoryFrame({ requested: { read: 2 * 164_352, written: 0 } }));
  expect(text('.verdict')).toMatch(
    /requests 321 KiB, 2× its model: each thread loads .*for itself \(\+161 KiB\).*no ratio of times/,
  );
});

test('under a causal mask the column says that the mask is in it, and its note what it would be without', () => {
  const frame = memoryFrame();
  const { all, view } = show(frame);
  const model = (): HTMLElement => all('.traffic thead th')[0]!;
  expect(model().textContent).not.toContain('causal');
  const { header } = frame.trace;
  const run = { ...header.run, shape: { ...header.run.shape, mask: 'causal' as const } };
  view.draw({ ...frame, trace: { ...frame.trace, header: { ...header, run } } });
  expect(model().textContent).toContain('IO model, causal');
  expect(model().dataset['mark']).toContain('Without a mask: 161 KiB');
});

test('pointing at a cell reports its absolute place, a click pins it', () => {
  const on = events();
  const { thumb } = show(memoryFrame(), on);
  const picture = thumb('sS').querySelector<HTMLElement>('.picture')!;
  const box = picture.getBoundingClientRect();
  const at = { clientX: box.left + box.width * (3.5 / 16), clientY: box.top + box.height * (10.5 / 16), bubbles: true };
  const cell: CellRef = { role: 'P', row: 16 + 10, col: 16 + 3 };
  picture.dispatchEvent(new PointerEvent('pointermove', at));
  expect(on.hover).toHaveBeenLastCalledWith(cell);
  picture.dispatchEvent(new MouseEvent('click', at));
  expect(on.pin).toHaveBeenCalledWith(cell);
  picture.dispatchEvent(new PointerEvent('pointerleave'));
  expect(on.hover).toHaveBeenLastCalledWith(undefined);
});

test('arrow keys walk over cells, stay inside, and do not reach the transport', () => {
  const on = events();
  const { thumb, host } = show(memoryFrame(), on);
  const outside = vi.fn();
  host.addEventListener('keydown', outside);
  const picture = thumb('sM').querySelector<HTMLElement>('.picture')!;
  const press = (key: string) => picture.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  // One on from the chosen row, 26.
  press('ArrowRight');
  expect(on.hover).toHaveBeenLastCalledWith({ role: 'm', row: 27, col: 0 });
  press('End');
  press('ArrowRight');
  expect(on.hover).toHaveBeenLastCalledWith({ role: 'm', row: 31, col: 0 });
  press('Enter');
  expect(on.pin).toHaveBeenCalledWith({ role: 'm', row: 31, col: 0 });
  expect(outside).not.toHaveBeenCalled();
  press(' ');
  expect(outside).toHaveBeenCalledOnce();
});

test('a cell’s inputs light up where they stand, in HBM and in SRAM', () => {
  const cell: CellRef = { role: 'P', row: 20, col: 18 };
  const inputs = [{ tensor: 'Q' as const, rect: { r0: 20, r1: 20, c0: 0, c1: 31 } }];
  const explanation = { cell, value: 1, symbols: '', terms: [], inputs, masked: false, given: false, differs: false };
  const { overlaid, text } = show(memoryFrame({ selection: { cell }, explanation }));
  const top = (name: string, kind: string) => overlaid(name).outlines.find((o) => o.kind === kind)?.y;
  expect(top('Q', 'input')).toBe(0.3125);
  expect(top('sQ', 'input')).toBe(0.25);
  expect(top('sS', 'cell')).toBe(0.25);
  expect(top('sK', 'input')).toBeUndefined();
  expect(text('.readout')).toContain('row 20, column 18');
});

test('a step repaints only what changed', () => {
  const frame = memoryFrame({ step: 'S = QKᵀ' });
  const { view, all } = show(frame);
  const put = vi.spyOn(CanvasRenderingContext2D.prototype, 'putImageData');
  const copy = vi.spyOn(CanvasRenderingContext2D.prototype, 'drawImage');
  view.draw(memoryFrame({ step: 'S = QKᵀ' }));
  expect(put).not.toHaveBeenCalled();
  view.draw(memoryFrame({ step: 'softmax' }));
  // sS has become P, and alpha is written for the first time.
  expect(put).toHaveBeenCalledTimes(2);
  const pictures = new Set<unknown>(all('.picture canvas:not(.overlay)'));
  const onto = copy.mock.contexts.map((context) => (context as CanvasRenderingContext2D).canvas);
  expect(onto.filter((canvas) => pictures.has(canvas))).toEqual([]);
  vi.restoreAllMocks();
});

test('the mark of a number is told on hover, and Escape hides it', async () => {
  const { one } = show(memoryFrame());
  const link = one('.link.hbm.down');
  link.dispatchEvent(new PointerEvent('pointerover', { bubbles: true }));
  const tip = one('.mark-tip');
  await vi.waitFor(() => expect(tip.matches(':popover-open')).toBe(true), { timeout: 20_000 });
  expect(tip.textContent).toContain('Counted by the instrumented kernel as it ran, on this device');
  link.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
  expect(tip.matches(':popover-open')).toBe(false);
});

test('the mark of a number is told at once to who comes by keyboard', async () => {
  const { one, host } = show(memoryFrame());
  await userEvent.tab();
  expect(host.getRootNode()).toHaveProperty('activeElement', one('.box.hbm .total'));
  expect(one('.mark-tip').matches(':popover-open')).toBe(true);
  expect(one('.mark-tip').textContent).toContain('Computed by this page');
  await userEvent.tab();
  expect(one('.mark-tip').matches(':popover-open')).toBe(false);
});

test.each([340, 420, 480, 640, 900])(
  'at %i px nothing sticks out, nothing is under 13 px, captions keep to their cell',
  (width) => {
    for (const [kernel, language] of [
      ['flash2', 'en'],
      ['flash2', 'zh'],
      ['naive', 'zh'],
    ] as const) {
      const { host, all } = show(memoryFrame({ kernel }), events(), language, width);
      const edge = host.getBoundingClientRect().right;
      for (const element of all('.view-memory *:not(canvas, .mark-tip)')) {
        expect(element.getBoundingClientRect().right, element.className).toBeLessThanOrEqual(edge + 0.5);
        if (element.textContent) expect(parseFloat(getComputedStyle(element).fontSize)).toBeGreaterThanOrEqual(13);
      }
      for (const caption of all('.caption'))
        expect(caption.scrollWidth, caption.textContent ?? '').toBeLessThanOrEqual(caption.clientWidth + 1);
      mounted?.outer.remove();
    }
  },
);

test('the paragraph for screen readers names the step’s bytes and arrays', () => {
  expect(memory.describe(memoryFrame(), 'en')).toBe(
    'Memory at softmax. HBM this step: 0 B read, 0 B written. SRAM this step: 2.00 KiB read, 1.25 KiB written. Read: sS = P, sM = m, sL = l. Written: sS = P, sM = m, sL = l, sAlpha = α.',
  );
  expect(memory.describe(memoryFrame({ kernel: 'naive' }), 'zh')).toContain('不使用共享内存');
});

test('the ratio is that of what came from HBM; where no tile lies in workgroup memory there is none', () => {
  const frame = memoryFrame();
  const { one, all, view } = show({ ...frame, bytes: { ...frame.bytes, reuse: { sram: 369 * 1024, hbm: 44 * 1024 } } });
  expect(one('.ratio canvas').parentElement?.ariaLabel).toContain('8.4×');
  view.draw({ ...memoryFrame({ kernel: 'naive' }) });
  expect(all('.ratio')).toEqual([]);
});
