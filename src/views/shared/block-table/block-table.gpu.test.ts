/**
 * The block table of the paged kernel, from a real capture: the lit block is the one whose keys the live tile has,
 * where the run's table has it.
 */
import { expect, test } from 'vitest';
import { generateInputs } from '../../../ops/attention/inputs';
import { pagesOf } from '../../../ops/attention/pages';
import type { Shape } from '../../../ops/attention/shape';
import { frameOf } from '../../../frame/frame';
import { touchedAt } from '../../../trace/trace';
import { Interpretation } from '../../../machine/interpreter/capture';
import { blockRead, makeBlockTable, tableOf } from './block-table';

const shape: Shape = { batch: 2, heads: 2, kvHeads: 1, queries: 1, keys: 70, dim: 8, mask: 'causal' };

test('at every step: the block that the kernel looked up in the table and read is the one that is lit', () => {
  for (const plane of [0, 3]) {
    const run = { kernel: 'paged', shape, tile: { br: 0, bc: 0 } } as const;
    const trace = new Interpretation(run, generateInputs(shape, 2), { input: 'test', plane }).capture();
    const [pass] = trace.passes;
    const table = makeBlockTable(trace, 'en', 'dark');
    document.body.append(table.element);
    const { width, size, blocks } = pagesOf(shape);
    const site = pass!.sites.find(({ buffer, mode }) => buffer === 'TABLE' && mode === 'load')!;
    const captured = pass!.captured.find(({ workgroup }) => workgroup === plane)!;
    let read = 0;
    for (let phase = 0; phase < captured.order.length; phase++) {
      const frame = frameOf(trace, { pass: 0, workgroup: plane, phase }, { row: 0, thread: 0 }, plane);
      table.draw(frame);
      const looked = touchedAt(captured.counts, pass!.sites.length, phase, site.id);
      if (!looked) continue;
      read++;
      // The entry that the threads looked at, all of them the same one.
      expect(looked.lo).toBe(looked.hi);
      expect(blockRead(frame)).toMatchObject({ logical: looked.lo % width, physical: pagesOf(shape).table[looked.lo] });
      expect(tableOf(frame)[looked.lo % width]).toBe(pagesOf(shape).table[looked.lo]);
      const mark = table.element.querySelector<HTMLElement>('.lit-block')!;
      expect(parseFloat(mark.style.left)).toBeCloseTo((100 * pagesOf(shape).table[looked.lo]!) / blocks, 2);
      expect(table.element.querySelector('.said')!.textContent).toContain(
        `→ block ${pagesOf(shape).table[looked.lo]} of the pool`,
      );
    }
    expect(read).toBe(Math.ceil(shape.keys / size));
    table.element.remove();
  }
});

test('K and V stand where the table puts them, and nothing stands where nobody owns a block', () => {
  const run = { kernel: 'paged', shape, tile: { br: 0, bc: 0 } } as const;
  const trace = new Interpretation(run, generateInputs(shape, 2), { input: 'test', plane: 0 }).capture();
  const frame = frameOf(trace, { pass: 0, workgroup: 0, phase: 1 }, { row: 0, thread: 0 }, 0);
  const table = makeBlockTable(trace, 'zh', 'light');
  table.draw(frame);
  const { size, blocks } = pagesOf(shape);
  for (const canvas of table.element.querySelectorAll('canvas')) {
    const { data, width } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    const filled = (block: number): number => {
      let slots = 0;
      for (let slot = 0; slot <= size; slot++) if ((data[(block * (size + 1) + slot) * 4 + 3] ?? 0) > 0) slots++;
      return slots;
    };
    expect(width).toBe(blocks * (size + 1));
    for (let block = 0; block < blocks; block++) {
      const logical = tableOf(frame).indexOf(block);
      expect(filled(block)).toBe(logical < 0 ? 0 : Math.min(size, shape.keys - logical * size));
    }
  }
});
