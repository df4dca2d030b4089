/**
 * The cross in a real DOM: what is shown is what was captured, nothing of the future is, and every cell answers to
 * pointer and keys.
 */
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { sees, type Shape } from '../../../ops/attention/shape';
import { frameOf } from '../../../frame/frame';
import type { Cursor, Frame, Selection } from '../../../frame/frame-types';
import type { Trace } from '../../../trace/trace';
import { plural } from '../../../ui/whole';
import { cross } from './cross';
import { boundsOf, SPOTS, type Spot } from './cells';
import { layoutOf } from './layout';
import { marksOn } from './board';
import { maskPath } from './marks';
import { FADED } from './plate';
import { magnitude } from '../../../ui/paint/heatmap';
import { colourTable, positionOf, type Scale } from '../../../ui/palette';
import { crossTrace, type CrossTraceOptions } from '../../testing/cross-frame';
import { press, stage, type Stage } from '../../testing/softmax-stage';
import type { MountedView } from '../../view';

afterEach(() => document.body.replaceChildren());

const SMALL: CrossTraceOptions = { queries: 24, keys: 24, dim: 8, br: 16, bc: 8 };

interface Shown extends Stage {
  view: MountedView;
  frame: Frame;
}

function show(
  trace: Trace,
  cursor: Partial<Cursor>,
  selection: Partial<Selection> = {},
  width = 640,
  language: 'en' | 'zh' = 'en',
): Shown {
  const s = stage(trace, cross.css, width, language);
  const view = cross.mount(s.host, s.env);
  const frame = frameOf(trace, { pass: 0, workgroup: 0, phase: 0, ...cursor }, { row: 0, thread: 0, ...selection });
  view.draw(frame);
  view.rest?.();
  return { ...s, view, frame };
}

const canvasOf = (s: Stage, spot: Spot): HTMLCanvasElement =>
  s.host.querySelector<HTMLCanvasElement>(`canvas[data-spot="${spot}"]`)!;
const pixelsOf = (canvas: HTMLCanvasElement): Uint8ClampedArray =>
  canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data;

/** What a cell should look like: a value on a scale, or nothing. */
type Want = { x: number; scale: Scale; max: number; faded?: boolean } | undefined;

function compare(s: Stage, spot: Spot, shape: Shape, want: (row: number, col: number) => Want): void {
  const canvas = canvasOf(s, spot);
  const data = pixelsOf(canvas);
  const { r1, c1 } = boundsOf(spot, shape);
  const turned = spot === 'K' || spot === 'V';
  for (let row = 0; row <= r1; row++) {
    for (let col = 0; col <= c1; col++) {
      const at = 4 * (turned ? col * canvas.width + row : row * canvas.width + col);
      const name = `${spot} ${row},${col}`;
      const w = want(row, col);
      if (!w) {
        expect(data[at + 3], `${name} shows nothing`).toBe(0);
        continue;
      }
      expect(Math.abs(data[at + 3]! - Math.round(255 * (w.faded ? FADED : 1))), name).toBeLessThanOrEqual(1);
      const c = colourTable('dark', w.scale)[
        Math.round(255 * Math.max(0, Math.min(1, positionOf(w.x, w.scale, w.max))))
      ]!;
      // A faded pixel is stored with its colour multiplied by alpha: reading it back loses up to 1/alpha.
      const slack = w.faded ? 4 : 0;
      for (const [k, channel] of [c & 255, (c >> 8) & 255, (c >> 16) & 255].entries())
        expect(Math.abs(data[at + k]! - channel), name).toBeLessThanOrEqual(slack);
    }
  }
}

/** The newest value of sS for a cell at a phase, read straight from the records: one S and one P record a tile. */
function fromRecords(
  trace: Trace,
  workgroup: number,
  phase: number,
  row: number,
  col: number,
): { x: number; isP: boolean; tile: number } | undefined {
  const { br, bc } = trace.header.run.tile;
  const r = row - workgroup * br;
  if (r < 0 || r >= br) return undefined;
  const tile = Math.floor(col / bc);
  const records = trace.passes[0]!.captured[workgroup]!.arrays[0]!;
  for (const isP of [true, false]) {
    const record = records[2 * tile + (isP ? 1 : 0)];
    if (record && record.from <= phase)
      return { x: new Float32Array(record.bits.buffer)[r * bc + (col % bc)]!, isP, tile };
  }
  return undefined;
}

describe.each(['full', 'causal'] as const)('flash2, %s mask', (mask) => {
  const trace = crossTrace({ ...SMALL, mask });
  const { shape } = trace.header.run;
  const tensor = (id: string) => trace.tensors.find((t) => t.id === id)!.data;
  const steps = trace.passes[0]!.captured.flatMap((w) =>
    Array.from(w.order, (id, phase) => ({ workgroup: w.workgroup, phase, id })),
  );

  test('every pixel is the captured value of its cell, at every step; nothing of the future is shown', () => {
    for (const { workgroup, phase } of steps) {
      const s = show(trace, { workgroup, phase });
      const { order, arrays } = trace.passes[0]!.captured[workgroup]!;
      const live = order.slice(0, phase + 1).filter((id) => id === 1).length - 1;
      const max = Math.max(...arrays[0]!.map((r) => magnitude(new Float32Array(r.bits.buffer))));
      for (const id of ['Q', 'K', 'V'] as const) {
        const values = tensor(id);
        compare(s, id, shape, (r, c) => ({
          x: values[r * shape.dim + c]!,
          scale: 'diverging',
          max: magnitude(values),
        }));
      }
      compare(s, 'S', shape, (r, c) => {
        const known = sees(shape, r, c) ? fromRecords(trace, workgroup, phase, r, c) : undefined;
        return (
          known && {
            x: known.x,
            scale: known.isP ? 'sequential' : 'diverging',
            max: known.isP ? 1 : max,
            faded: known.tile !== live,
          }
        );
      });
      s.view.dispose();
      expect(s.host.children).toHaveLength(0);
      document.body.replaceChildren();
    }
  });

  test('rows of O show only once they are written, or as the registers hold them', () => {
    for (const { workgroup, phase, id } of steps) {
      const s = show(trace, { workgroup, phase });
      const o = tensor('O');
      const last = trace.passes[0]!.captured[workgroup]!.arrays[1]!.findLast((r) => r.from <= phase);
      const data = pixelsOf(canvasOf(s, 'O'));
      for (let r = 0; r < shape.queries; r++) {
        const block = Math.floor(r / 16);
        const written = block < workgroup || (block === workgroup && id === 5);
        const held = block === workgroup && last !== undefined;
        expect(data[4 * r * shape.dim + 3], `row ${r} at ${workgroup}:${phase}`).toBe(written || held ? 255 : 0);
        if (!written) continue;
        const c = colourTable('dark', 'diverging')[
          Math.round(255 * positionOf(o[r * shape.dim]!, 'diverging', magnitude(o)))
        ]!;
        expect(data[4 * r * shape.dim], `row ${r} at ${workgroup}:${phase}`).toBe(c & 255);
      }
      document.body.replaceChildren();
    }
  });

  test('a step from anywhere paints what a first look at that step would', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(steps.length - 1), { minLength: 2, maxLength: 5 }), (path) => {
        const s = show(trace, {});
        for (const i of path) s.view.draw(frameOf(trace, { pass: 0, ...steps[i]! }, { row: 3, thread: 0 }));
        const fresh = show(trace, steps[path.at(-1)!]!, { row: 3 });
        for (const spot of SPOTS) {
          const want = pixelsOf(canvasOf(fresh, spot));
          expect(
            pixelsOf(canvasOf(s, spot)).findIndex((x, i) => x !== want[i]),
            `${spot} after ${path.join()}`,
          ).toBe(-1);
        }
        document.body.replaceChildren();
      }),
      { numRuns: 25 },
    );
  });
});

test('naive: S and P are in HBM, and show exactly what was written so far', () => {
  const trace = crossTrace({ ...SMALL, kernel: 'naive', mask: 'causal' });
  const { shape } = trace.header.run;
  const [s, p] = ['S', 'P'].map((id) => trace.tensors.find((t) => t.id === id)!.data);
  const gridX = trace.passes[0]!.grid[0];
  for (const workgroup of [0, 2, 4, 8]) {
    const now = show(trace, { workgroup });
    const done = (r: number, c: number): boolean => Math.floor(r / 8) + gridX * Math.floor(c / 8) <= workgroup;
    compare(now, 'S', shape, (r, c) =>
      sees(shape, r, c) && done(r, c) ? { x: s![r * 24 + c]!, scale: 'diverging', max: magnitude(s!) } : undefined,
    );
    expect(now.host.querySelector('.view-cross')!.classList.contains('sram')).toBe(false);
    document.body.replaceChildren();
  }
  const after = show(trace, { pass: 1, phase: 2 });
  compare(after, 'S', shape, (r, c) =>
    sees(shape, r, c) ? { x: p![r * 24 + c]!, scale: 'sequential', max: magnitude(p!) } : undefined,
  );
  after.host.querySelectorAll<HTMLButtonElement>('.cross-switch button')[0]!.click();
  compare(after, 'S', shape, (r, c) =>
    sees(shape, r, c) ? { x: s![r * 24 + c]!, scale: 'diverging', max: magnitude(s!) } : undefined,
  );
});

test('the masked area is the mask, cell by cell', () => {
  const context = document.createElement('canvas').getContext('2d')!;
  const size = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(size, size, fc.constantFrom('full' as const, 'causal' as const), (queries, keys, mask) => {
      const shape: Shape = { batch: 1, heads: 1, kvHeads: 1, queries, keys, dim: 8, mask };
      const place = layoutOf(480, shape, 44, 40).places.S;
      const path = new Path2D(maskPath(shape, place));
      for (let i = 0; i < queries; i++) {
        for (let j = 0; j < keys; j++) {
          const [x, y] = [place.x + ((j + 0.5) * place.w) / keys, place.y + ((i + 0.5) * place.h) / queries];
          expect(context.isPointInPath(path, x, y), `${i},${j} of ${queries}x${keys}`).toBe(!sees(shape, i, j));
        }
      }
    }),
  );
});

const gridOf = (s: Stage, spot: number): HTMLElement =>
  s.host.querySelectorAll<HTMLElement>('.cross-stage .cross-grid')[spot]!;
const cellOf = (grid: HTMLElement): HTMLElement => grid.querySelector<HTMLElement>('[role=gridcell]')!;

describe('pointing', () => {
  const trace = crossTrace(SMALL);
  const middleOf = { 'S = QKᵀ': 2, softmax: 3 } as const;

  test.each(SPOTS.map((spot, i) => [spot, i] as const))(
    'the pointer over %s names its cell; a click pins it and chooses the row',
    (spot, i) => {
      const s = show(trace, { phase: middleOf.softmax });
      const grid = gridOf(s, i);
      const box = grid.getBoundingClientRect();
      const { r1, c1 } = boundsOf(spot, trace.header.run.shape);
      const turned = spot === 'K' || spot === 'V';
      const [row, col] = [5, 6];
      const along = [(row + 0.5) / (r1 + 1), (col + 0.5) / (c1 + 1)] as const;
      const [x, y] = turned ? along : [along[1], along[0]];
      const where = { clientX: box.left + x * box.width, clientY: box.top + y * box.height, bubbles: true };
      grid.dispatchEvent(new PointerEvent('pointermove', where));
      grid.dispatchEvent(new PointerEvent('pointermove', where));
      const cell = { role: spot === 'S' ? 'P' : spot, row, col };
      expect(s.events).toEqual([['hover', cell]]);
      grid.dispatchEvent(new MouseEvent('click', where));
      expect(s.events.slice(1)).toEqual(
        turned
          ? [['pin', cell]]
          : [
              ['pin', cell],
              ['row', row],
            ],
      );
      grid.dispatchEvent(new PointerEvent('pointerleave'));
      expect(s.events.at(-1)).toEqual(['hover', undefined]);
    },
  );

  test('arrow keys move the cell and choose rows, Shift moves by a tile, Enter pins, and keys do not reach the transport', () => {
    const s = show(trace, { phase: middleOf['S = QKᵀ'] }, { row: 3 });
    const cell = cellOf(gridOf(s, SPOTS.indexOf('S')));
    const heard: string[] = [];
    s.root.addEventListener('keydown', (event) => heard.push((event as KeyboardEvent).key));
    press(cell, 'ArrowRight');
    expect(s.events.splice(0)).toEqual([['hover', { role: 'S', row: 3, col: 1 }]]);
    press(cell, 'ArrowDown');
    expect(s.events.splice(0)).toEqual([
      ['hover', { role: 'S', row: 4, col: 1 }],
      ['row', 4],
    ]);
    press(cell, 'Enter');
    expect(s.events.splice(0)).toEqual([['pin', { role: 'S', row: 4, col: 1 }]]);
    cell.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', shiftKey: true, bubbles: true }));
    expect(s.events.splice(0)).toEqual([
      ['hover', { role: 'S', row: 20, col: 1 }],
      ['row', 20],
    ]);
    press(cell, 'Home');
    press(cell, 'ArrowLeft');
    expect(s.events.splice(0).at(-1)).toEqual(['hover', { role: 'S', row: 20, col: 0 }]);
    expect(heard).toEqual([]);
    press(cell, ' ');
    expect(heard).toEqual([' ']);
  });

  test('a focused cell says role, row, column, value and where the value is from', () => {
    const s = show(trace, { phase: middleOf.softmax }, { row: 2, cell: { role: 'P', row: 2, col: 3 } });
    const x = fromRecords(trace, 0, middleOf.softmax, 2, 3)!.x;
    const label = cellOf(gridOf(s, SPOTS.indexOf('S'))).getAttribute('aria-label')!;
    expect(label).toMatch(/^P, row 2, column 3: /);
    expect(Number(/: ([^,]+),/.exec(label)![1]!.replace('−', '-'))).toBeCloseTo(x, 3);
    expect(label).toContain('captured on this device');
  });

  test('inputs of the cell are outlined in every matrix that has them', () => {
    const s = show(trace, { phase: middleOf['S = QKᵀ'] }, { row: 2, cell: { role: 'S', row: 2, col: 3 } });
    const marks = marksOn(s.host.querySelector('.cross-stage .cross-board')!).map(
      ({ kind, spot, tag }) => `${kind} ${spot} ${tag}`,
    );
    expect(marks.filter((mark) => mark.startsWith('input')).toSorted()).toEqual(['input K ', 'input Q ']);
    expect(marks.filter((mark) => mark.startsWith('cell'))).toEqual(['cell S ']);
    expect(marks).toContain('write S W');
  });
});

describe('legible', () => {
  const words = Array.from({ length: 96 }, (_, i) => ['Ishmael', 'a', '月', 'interest', 'of', '白日'][i % 6]!);

  test.each([
    [340, 96],
    [480, 12],
    [640, 64],
    [900, 96],
  ])('at %d px with %d tokens no two labels meet, none is cut, and no text is under 13 px', (width, n) => {
    const trace = crossTrace({ ...SMALL, queries: n, keys: n, tokens: words.slice(0, n) });
    const s = show(trace, { phase: 3 }, { row: 7, cell: { role: 'P', row: 7, col: 5 } }, width);
    const rows = [...s.host.querySelectorAll('.cross-stage .row-label')].map((t) => t.getBoundingClientRect());
    const panel = s.host.getBoundingClientRect();
    for (const a of rows) expect(a.left).toBeGreaterThanOrEqual(panel.left - 0.5);
    for (let i = 1; i < rows.length; i++) expect(rows[i]!.top - rows[i - 1]!.top).toBeGreaterThanOrEqual(15);
    const keys = [...s.host.querySelectorAll<SVGTextElement>('.cross-stage .column-label')];
    const level = keys.every((t) => t.classList.contains('level'));
    for (let i = 1; i < keys.length; i++) {
      const [a, b] = [keys[i - 1]!.getBoundingClientRect(), keys[i]!.getBoundingClientRect()];
      if (level) expect(b.left).toBeGreaterThanOrEqual(a.right - 0.5);
      else expect(b.left - a.left).toBeGreaterThanOrEqual(20);
    }
    for (const node of s.host.querySelectorAll('*'))
      expect(parseFloat(getComputedStyle(node).fontSize), node.tagName).toBeGreaterThanOrEqual(13);
    expect(s.host.querySelectorAll('.tile-stage .row-label')).toHaveLength(Math.min(16, n));
    expect(s.host.querySelectorAll('.tile-stage .column-label')).toHaveLength(8);
    expect(s.host.querySelector('.cross-main')!.scrollWidth).toBeLessThanOrEqual(width);
  });

  test.each([1, 2, 1000, 4096])('works at N = %d', (n) => {
    const trace = crossTrace({ ...SMALL, queries: n === 4096 ? 32 : n, keys: n, dim: 8, mask: 'causal' });
    const s = show(trace, { phase: 3 }, { row: 0 });
    expect(s.host.querySelector('.tile-stage')).not.toBeNull();
    expect(pixelsOf(canvasOf(s, 'S')).some((x) => x > 0)).toBe(true);
    expect(cross.describe(s.frame, 'en')).toContain(`over ${plural(n, 'key')},`);
    expect(cross.describe(s.frame, 'zh')).toContain(`${n} 个 key`);
  });
});

test('the table has the numbers of the live tile, and follows the steps', () => {
  const trace = crossTrace(SMALL);
  const s = show(trace, { phase: 2 });
  s.host.querySelector<HTMLButtonElement>('.tile-head button')!.click();
  for (const phase of [2, 3, 6]) {
    s.view.draw(frameOf(trace, { pass: 0, workgroup: 0, phase }, { row: 0, thread: 0 }));
    const tile = phase === 6 ? 1 : 0;
    const cells = [...s.host.querySelectorAll('tbody tr')].map((tr) =>
      [...tr.querySelectorAll('td')].map((td) => Number(td.textContent.replace('−', '-'))),
    );
    expect(cells).toHaveLength(16);
    cells.forEach((line, r) =>
      line.forEach((x, c) => expect(x).toBeCloseTo(fromRecords(trace, 0, phase, r, tile * 8 + c)!.x, 2)),
    );
  }
});

test('while a workgroup is being captured its inputs are there, and the rest says so', () => {
  const whole = crossTrace(SMALL);
  const trace = { ...whole, passes: whole.passes.map((pass) => ({ ...pass, captured: [] })) };
  const s = show(trace, { workgroup: 1 });
  expect(pixelsOf(canvasOf(s, 'Q')).every((x, i) => i % 4 !== 3 || x === 255)).toBe(true);
  expect(pixelsOf(canvasOf(s, 'S')).every((x) => x === 0)).toBe(true);
  expect(s.host.querySelector('.tile-empty')!.textContent).toContain('being captured');
});

test('a part of a wide live region follows the cell that is pointed at', () => {
  const trace = crossTrace({ ...SMALL, kernel: 'naive', queries: 80, keys: 80 });
  const s = show(trace, { pass: 1, phase: 2 }, { row: 3, cell: { role: 'P', row: 3, col: 70 } }, 480);
  const names = [...s.host.querySelectorAll('.tile-stage .column-label')].map((t) => Number(t.textContent));
  expect(names).toContain(70);
  expect(names.length).toBeLessThan(80);
  const box = s.host.querySelector('.tile-box')!;
  expect(box.scrollWidth).toBeLessThanOrEqual(box.clientWidth);
});
