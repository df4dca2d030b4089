// Where a last tile sticks out over N: those lanes hold no value of the problem, whatever the kernel left in them.
import { expect, test } from 'vitest';
import { arraysOf, valueAt } from './matrix';
import { memoryFrame } from '../testing/memory-frame';

test('rows past the last query and columns past the last key are padding', () => {
  const whole = memoryFrame({ step: 'softmax' });
  const { trace } = whole;
  const shape = { ...trace.header.run.shape, queries: 20, keys: 27 };
  const header = { ...trace.header, run: { ...trace.header.run, shape } };
  const cut = { ...whole, trace: { ...trace, header } };
  const all = [...arraysOf(whole, 'sram'), ...arraysOf(whole, 'reg')];
  const some = [...arraysOf(cut, 'sram'), ...arraysOf(cut, 'reg')];
  let padding = 0;
  some.forEach((matrix, i) => {
    for (let r = 0; r < matrix.rows; r++)
      for (let c = 0; c < matrix.cols; c++) {
        const [row, col] = [matrix.row0 + r, matrix.col0 + c];
        const keys = matrix.role === 'K' || matrix.role === 'V';
        const outside = keys ? row >= 27 : row >= 20 || ((matrix.role === 'S' || matrix.role === 'P') && col >= 27);
        expect(valueAt(matrix, r, c)).toBe(outside && matrix.role !== 'other' ? undefined : valueAt(all[i]!, r, c));
        padding += Number(outside);
      }
  });
  expect(padding).toBeGreaterThan(0);
});
