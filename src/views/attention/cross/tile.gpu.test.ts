/** The enlarged tile: whatever a step works on stands there with its own values. */
import { afterEach, expect, test } from 'vitest';
import { frameOf } from '../../../frame/frame';
import { cross } from './cross';
import { crossTrace } from '../../testing/cross-frame';
import { stage } from '../../testing/softmax-stage';

afterEach(() => document.body.replaceChildren());

test('before there is a tile of scores, and after the last, the block that is loaded or written is enlarged, with its own values', () => {
  const trace = crossTrace({ queries: 24, keys: 24, dim: 8, br: 16, bc: 8 });
  const last = trace.passes[0]!.captured[1]!.order.length - 1;
  const s = stage(trace, cross.css, 640);
  const view = cross.mount(s.host, s.env);
  view.draw(frameOf(trace, { pass: 0, workgroup: 0, phase: 0 }, { row: 0, thread: 0 }));
  s.host.querySelector<HTMLButtonElement>('.tile-head button')!.click();
  for (const [id, workgroup, phase, row0, rows] of [
    ['Q', 0, 0, 0, 16],
    ['K', 0, 1, 0, 8],
    ['K', 0, 5, 8, 8],
    ['Q', 1, 0, 16, 8],
    ['O', 1, last, 16, 8],
  ] as const) {
    view.draw(frameOf(trace, { pass: 0, workgroup, phase }, { row: row0, thread: 0 }));
    const name = `${id} at ${workgroup}:${phase}`;
    const { data } = trace.tensors.find((t) => t.id === id)!;
    expect(s.host.querySelector('.tile-head h3')!.textContent, name).toMatch(new RegExp(`^${id}, `));
    expect(s.host.querySelector('.tile-empty')!.textContent, name).toBe('');
    const lines = [...s.host.querySelectorAll('tbody tr')];
    expect(lines, name).toHaveLength(rows);
    lines.forEach((line, r) => {
      expect(line.querySelector('th')!.textContent).toBe(String(row0 + r));
      const cells = [...line.querySelectorAll('td')];
      expect(cells.length, name).toBeGreaterThanOrEqual(4);
      cells.forEach((td, c) =>
        expect(Number(td.textContent.replace('−', '-')), name).toBeCloseTo(data[(row0 + r) * 8 + c]!, 2),
      );
    });
  }
});

test.each([640, 680, 1200])('beside a cross that is smaller than its legend the tile is whole, at %d px', (width) => {
  const trace = crossTrace({ queries: 1, keys: 1, dim: 7, br: 16, bc: 8 });
  const s = stage(trace, cross.css, width);
  cross.mount(s.host, s.env).draw(frameOf(trace, { pass: 0, workgroup: 0, phase: 0 }, { row: 0, thread: 0 }));
  const box = s.host.querySelector('.tile-box')!;
  const right = s.host.getBoundingClientRect().right;
  expect(box.getBoundingClientRect().right).toBeLessThanOrEqual(right + 0.5);
  const names = [...s.host.querySelectorAll('.tile-stage .cross-over.shown .column-label')];
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) expect(name.getBoundingClientRect().right).toBeLessThanOrEqual(right + 0.5);
  for (const canvas of box.querySelectorAll('canvas'))
    expect(canvas.getBoundingClientRect().right).toBeLessThanOrEqual(right + 0.5);
});
