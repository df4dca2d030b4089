/**
 * The softmax view in a real DOM: it shows the frame's numbers, none that is not written yet, and every part tells what
 * it was asked.
 */
import { afterEach, expect, test } from 'vitest';
import type { Frame } from '../../../frame/frame-types';
import { value } from '../../../ui/format';
import { softmax } from './softmax';
import { paintedOn } from './pen';
import type { Plot } from './plot';
import { flashFrame, naiveFrame } from '../../testing/softmax-frame';
import { press, shown, stage, type Stage } from '../../testing/softmax-stage';

afterEach(() => document.body.replaceChildren());

function show(frame: Frame, width = 480, language: 'en' | 'zh' = 'en'): Stage {
  const s = stage(frame.trace, softmax.css, width, language);
  const mounted = softmax.mount(s.host, s.env);
  mounted.draw(frame);
  mounted.rest?.();
  return s;
}

const at = (phase: number, more: Partial<Parameters<typeof flashFrame>[0]> = {}): Frame =>
  flashFrame({ phase, row: 26, r0: 16, ...more });
/** What stands in a chart. */
const plotOf = (s: Stage, role: 'S' | 'P') =>
  paintedOn(s.host.querySelector(`.plate.${role} canvas`))?.shapes.get('plot') as Plot | undefined;
const bars = (s: Stage, role: 'S' | 'P') => plotOf(s, role)?.bars ?? [];
const canvases = (s: Stage) => [...s.host.querySelectorAll('canvas')].map((canvas) => paintedOn(canvas));
/** A painted number by its name. */
const named = (s: Stage, name: string): string =>
  canvases(s).flatMap((painted) => painted?.values.get(name) ?? [])[0] ?? '';
const numbers = (s: Stage): string[] => canvases(s).flatMap((painted) => [...(painted?.values.values() ?? [])]);
/** Which strips of O have numbers. */
const strips = (s: Stage) => paintedOn(s.host.querySelector('.rescale canvas'))?.shapes.get('strips');

test('the numbers on screen are the frame’s', () => {
  const frame = at(7);
  const tile = frame.softmax!.tiles[1]!;
  const s = show(frame);
  expect(named(s, 'm_old')).toBe(value(tile.mOld!));
  expect(named(s, 'm_new')).toBe(value(tile.m!));
  expect(named(s, 'l')).toBe(value(tile.l!));
  expect(named(s, 'alpha')).toBe(value(tile.alpha!));
  expect(named(s, 'kept')).toBe(value(tile.alpha! * tile.lOld!));
  expect(named(s, 'sum-p')).toBe(value(tile.sumP!));
});

test('bars are as long as their numbers: one a key, heights in proportion', () => {
  const frame = at(7);
  const tile = frame.softmax!.tiles[1]!;
  const s = show(frame);
  const chart = s.host.querySelector<HTMLCanvasElement>('.plate.P canvas')!;
  const heights = bars(s, 'P').map(({ height }) => height);
  expect(heights).toHaveLength(tile.p.length);
  const most = Math.max(...heights);
  tile.p.forEach((p, i) => expect(Math.abs(heights[i]! - Math.max(1, p! * most))).toBeLessThan(0.01));
  // They are really painted, each in its colour, and nothing stands over the highest.
  const context = chart.getContext('2d')!;
  const scale = chart.width / chart.getBoundingClientRect().width;
  for (const { x, y, width, height, fill } of bars(s, 'P')) {
    if (height < 6) continue;
    const [r, g, b] = context.getImageData(
      Math.round((x + width / 2) * scale),
      Math.round((y + height / 2) * scale),
      1,
      1,
    ).data;
    expect(`rgb(${r} ${g} ${b})`).toBe(fill);
  }
});

test('nothing is shown before it is written', () => {
  const loading = show(at(5));
  expect([...bars(loading, 'S'), ...bars(loading, 'P')]).toHaveLength(0);
  expect(named(loading, 'm_new')).toBe('');
  const scored = show(at(6));
  expect(bars(scored, 'S')).toHaveLength(16);
  expect(bars(scored, 'P')).toHaveLength(0);
  for (const name of ['m_new', 'alpha', 'kept', 'sum-p']) expect(named(scored, name)).toBe('');
  const after = at(7).softmax!.tiles[1]!;
  for (const x of [after.l, after.alpha, after.sumP]) {
    expect(shown(scored.host)).not.toContain(value(x!));
    expect(numbers(scored)).not.toContain(value(x!));
  }
  expect(strips(show(at(7)))).toEqual(['before', 'times']);
  expect(strips(show(at(8)))).toEqual(['before', 'times', 'after']);
  expect(strips(show(at(17)))).toEqual(['before', 'times', 'after', 'final']);
});

test('where O in registers is unchanged memory, the update is not claimed', () => {
  const frame = at(7);
  const acc = frame.softmax!.accBefore!;
  const s = show({ ...frame, softmax: { ...frame.softmax!, acc } });
  expect(strips(s)).toEqual(['before', 'times']);
});

test('registers that only hold their first zeros are no update either', () => {
  const frame = at(3);
  const info = { id: 0, name: '', scope: 'workgroup' as const, offset: 0, length: 1, type: '', scalar: 'f32' as const };
  const array = (role: 'O' | 'alpha', written: number, cols: number): Frame['arrays'][number] => {
    const of = {
      values: new Float32Array(cols),
      writer: new Uint16Array(cols).fill(1),
      at: new Uint16Array(cols).fill(written),
    };
    return {
      ...of,
      info,
      space: 'workgroup',
      role,
      rows: 1,
      cols,
      row0: 26,
      col0: 0,
      reads: false,
      writes: false,
      bytes: 4,
    };
  };
  const zeros = {
    ...frame,
    softmax: { ...frame.softmax!, acc: new Float32Array(32) },
    arrays: [array('O', 0, 32), array('alpha', 3, 1)],
  };
  expect(strips(show(zeros))).toEqual([]);
  const updated = { ...zeros, arrays: [array('O', 4, 32), array('alpha', 3, 1)] };
  expect(strips(show(updated))).toEqual(['after']);
});

test('curves stop at the cursor', () => {
  const dots = (phase: number) => {
    const points = paintedOn(show(at(phase)).host.querySelector('.sums canvas'))?.shapes.get(
      'curve l',
    ) as readonly unknown[];
    return points.length;
  };
  expect([dots(2), dots(3), dots(7), dots(15)]).toEqual([0, 1, 2, 4]);
});

test('the first tile explains its alpha, a later one that keeps m too', () => {
  expect(shown(show(at(3)).host.querySelector('[data-testid="alpha-note"]'))).toContain('α = 0 on the first tile');
  expect(shown(show(at(11)).host.querySelector('[data-testid="alpha-note"]'))).toContain('α = 1');
});

test('masked keys are hatched and have no bar', () => {
  const s = show(at(7, { mask: 'causal' }));
  expect(bars(s, 'S')).toHaveLength(11);
  expect(plotOf(s, 'S')?.hatched).toHaveLength(1);
  expect(shown(show(at(11, { mask: 'causal' })).host)).toContain('All keys of this tile are masked');
});

test('keys and pointer choose keys, channels and rows', () => {
  const s = show(at(8));
  const chart = s.host.querySelector<SVGElement>('.chart.S')!;
  expect(Number(chart.getAttribute('aria-valuenow'))).toBe(27);
  press(chart, 'ArrowRight');
  press(chart, 'ArrowDown');
  press(chart, 'Enter');
  press(s.host.querySelector('.stack'), 'Home');
  press(s.host.querySelector('.multiple.alpha'), 'Enter');
  const box = chart.getBoundingClientRect();
  chart.dispatchEvent(new PointerEvent('pointermove', { clientX: box.right - 3, clientY: box.top + 5 }));
  s.host.querySelector<HTMLElement>('.step.up')!.click();
  expect(s.events).toEqual([
    ['hover', { role: 'S', row: 26, col: 28 }],
    ['row', 27],
    ['pin', { role: 'S', row: 26, col: 27 }],
    ['hover', { role: 'O', row: 26, col: 0 }],
    ['pin', { role: 'alpha', row: 26, col: 0 }],
    ['hover', { role: 'S', row: 26, col: 31 }],
    ['row', 25],
  ]);
});

test('the focused cell is read out with its arithmetic', () => {
  const frame = at(7, { cell: { role: 'P', row: 26, col: 20 } });
  const tile = frame.softmax!.tiles[1]!;
  const text = shown(show(frame).host.querySelector('[data-testid="key-reading"]'));
  expect(text).toContain('key 20');
  expect(text).toContain(`s = ${value(tile.s[4]!)}`);
  expect(text).toContain(value(tile.p[4]!));
  const channel = show(at(8, { cell: { role: 'O', row: 26, col: 5 } }));
  const after = value(at(8).softmax!.acc![5]!);
  expect(named(channel, 'channel after')).toBe(after);
  expect(channel.host.querySelector('.stack')?.getAttribute('aria-valuetext')).toContain(`channel 5: acc before`);
  expect(channel.host.querySelector('.stack')?.getAttribute('aria-valuetext')).toContain(`acc after: ${after}`);
});

test('a row of another workgroup says so and offers both ways', () => {
  const s = show(flashFrame({ phase: 7, row: 40, r0: 16 }));
  expect(shown(s.host)).toContain('Row 40 is not in this workgroup: it works on rows 16–31.');
  s.host.querySelectorAll<HTMLElement>('.elsewhere button').forEach((button) => button.click());
  expect(s.events).toEqual([
    ['workgroup', 2],
    ['row', 16],
  ]);
});

test('the direct softmax: maximum, then sum, then weights', () => {
  const max = show(naiveFrame('row max'));
  expect(named(max, 'm')).not.toBe('');
  expect(named(max, 'l')).toBe('');
  const sum = show(naiveFrame('row sum'));
  expect(named(sum, 'l')).toBe(value(naiveFrame('row sum').softmax!.tiles[0]!.l!));
  expect(bars(sum, 'P')).toHaveLength(0);
  expect(bars(show(naiveFrame('write P')), 'P')).toHaveLength(64);
});

test('4096 keys share bars that fit, and the largest of each bin is kept', () => {
  const frame = naiveFrame('write P', 4096);
  const s = show(frame, 480);
  const count = bars(s, 'S').length;
  expect(count).toBeGreaterThan(80);
  expect(count).toBeLessThanOrEqual(120);
  const tile = frame.softmax!.tiles[0]!;
  const top = tile.s.reduce<number>((best, x, i) => (x! > tile.s[best]! ? i : best), 0);
  expect(Number(s.host.querySelector('.chart.S')!.getAttribute('aria-valuenow'))).toBe(top);
});

test('a step writes into what stands: the elements are those of the first frame, and words follow at rest', () => {
  const first = at(4);
  const s = stage(first.trace, softmax.css);
  const mounted = softmax.mount(s.host, s.env);
  mounted.draw(first);
  const elements = (): Element[] => [...s.host.querySelectorAll('*')];
  const before = elements();
  const slider = s.host.querySelector('.chart.S')!;
  const said = slider.getAttribute('aria-valuetext');
  for (let phase = 5; phase < 18; phase++) {
    const frame = at(phase);
    mounted.draw(frame);
    expect(elements()).toEqual(before);
    expect(named(s, 'l')).toBe(
      frame.softmax!.tiles.at(-1)!.l === undefined ? '' : value(frame.softmax!.tiles.at(-1)!.l!),
    );
    expect(slider.getAttribute('aria-valuetext')).toBe(said);
  }
  mounted.rest?.();
  expect(slider.getAttribute('aria-valuetext')).not.toBe(said);
  // Where somebody listens, words do not wait.
  (slider as HTMLElement).focus();
  mounted.draw(first);
  expect(slider.getAttribute('aria-valuetext')).toBe(said);
});

test('it is called online or direct by what it is, and by neither in the panel’s title', () => {
  expect(shown(show(at(7)).host.querySelector('.tag'))).toBe('online');
  expect(shown(show(naiveFrame('row sum'), 480, 'zh').host.querySelector('.tag'))).toBe('普通 softmax');
  expect(`${softmax.title.en} ${softmax.title.zh}`).toBe('Softmax of one row 单行 softmax');
});

test.each([391, 430])(
  'everything stands in a panel of %i × 520, and the charts take what height is left',
  async (width) => {
    const tokens = Array.from({ length: 64 }, (_, i) => (i % 2 ? ' a' : ' wrinkled'));
    for (const language of ['en', 'zh'] as const) {
      for (const frame of [at(8, { tokens }), at(3, { tokens }), naiveFrame('write P')]) {
        const s = show(frame, width, language);
        s.host.style.setProperty('height', '520px');
        const { bottom } = s.host.getBoundingClientRect();
        const content = s.host.querySelector('.stack')!;
        const scores = (): number => s.host.querySelector('.chart.S')!.getBoundingClientRect().height;
        const before = scores();
        expect(content.getBoundingClientRect().bottom).toBeLessThanOrEqual(bottom);
        s.host.style.setProperty('height', '700px');
        await expect.poll(scores, { timeout: 20_000 }).toBeGreaterThan(before + 40);
        expect(content.getBoundingClientRect().bottom).toBeLessThanOrEqual(s.host.getBoundingClientRect().bottom + 1);
        document.body.replaceChildren();
      }
    }
  },
);

test('both languages, no text under 13 px, nothing wider than its host', () => {
  for (const language of ['en', 'zh'] as const) {
    for (const width of [340, 480, 900]) {
      const s = show(at(8, { tokens: Array.from({ length: 64 }, (_, i) => `tok${i}`) }), width, language);
      const small = [...s.host.querySelectorAll('*')].filter(
        (e) => e.textContent?.trim() && Number.parseFloat(getComputedStyle(e).fontSize) < 13,
      );
      expect(small.map((e) => e.outerHTML)).toEqual([]);
      expect(s.host.scrollWidth).toBeLessThanOrEqual(width);
    }
  }
  expect(softmax.describe(at(7), 'zh')).toContain('第 26 行');
});
