/**
 * Kernels that are unlike the others: other orders of loops, other owners, other ops.
 */
import { describe, expect, test } from 'vitest';
import { frameOf } from '../../frame/frame';
import { backward } from '../../kernels/backward';
import { backwardNaive } from '../../kernels/backward-naive';
import type { Kernel } from '../../kernels/card';
import { costsOf } from '../../kernels/costs';
import { flash1 } from '../../kernels/flash1';
import { layernorm } from '../../kernels/layernorm';
import { inputsOfPeers } from '../../ops/attention/inputs';
import type { Shape } from '../../ops/attention/shape';
import { both, sumOf } from '../../ops/costs';
import { readTrace } from '../../trace/file';
import { writeTrace } from '../../trace/file-write';
import type { Trace } from '../../trace/trace';
import { bytes, times } from '../../ui/format';
import { modelSentence } from '../../views/shared/traffic-sentence';
import { Interpretation } from './capture';

const SHAPE: Shape = { batch: 1, heads: 4, kvHeads: 2, queries: 21, keys: 27, dim: 12, mask: 'causal' };
const inputs = inputsOfPeers(SHAPE, 9);
const cards = [flash1, backward, backwardNaive, layernorm];

const smallest = ({ tiles }: Kernel) => tiles.toSorted((a, b) => a.br * a.bc - b.br * b.bc)[0] ?? { br: 0, bc: 0 };
const captured = (card: Kernel, plane: number): Trace =>
  new Interpretation({ kernel: card.id, shape: SHAPE, tile: smallest(card) }, inputs, { input: '', plane }).capture();

describe.each(cards)('$id', (card) => {
  test('is checked, requests what its closed form says, and opens from a file', async () => {
    const trace = captured(card, 3);
    const { header, passes } = trace;
    expect(header.op).toBe(card.op);
    expect(header.maxOracle).toBeLessThan(1e-4);
    const workgroup = passes[0]!.captured[0]!.workgroup;
    const { run } = frameOf(trace, { pass: 0, workgroup, phase: 0 }, { row: 0, thread: 0 }).bytes;
    expect(run.requested).toEqual(header.costs.requested);
    const beyond = run.extras.reduce((sum, extra) => sum + extra.bytes, 0);
    expect(run.ioModel.read + run.ioModel.written + beyond).toBe(run.requested.read + run.requested.written);
    const read = await readTrace(writeTrace(trace));
    expect(read.header).toEqual(header);
    expect(read.passes).toEqual(passes);
  });

  test('every tile in workgroup memory that holds rows of a given tensor lies where those rows are', () => {
    const plane = 3;
    const trace = captured(card, plane);
    let seen = 0;
    trace.passes.forEach((pass, p) => {
      for (const { workgroup, order } of pass.captured) {
        for (let phase = 0; phase < order.length; phase++) {
          const { arrays, tensors } = frameOf(trace, { pass: p, workgroup, phase }, { row: 0, thread: 0 });
          for (const { info, role, row0, rows, cols, values, writer, plane: of } of arrays) {
            const tensor = tensors[role];
            if (info.scope !== 'workgroup' || tensor?.written !== 'input' || cols !== tensor.cols) continue;
            const whole = trace.tensors.find(({ id }) => id === role)!;
            const data = whole.data.subarray(of! * whole.rows * whole.cols, (of! + 1) * whole.rows * whole.cols);
            for (let i = 0; i < rows * cols; i++) {
              const row = row0 + Math.floor(i / cols);
              if (!writer[i] || row >= tensor.rows) continue;
              seen++;
              if (Math.abs(values[i]! - data[row * cols + (i % cols)]!) > 1e-5)
                expect.fail(
                  `${card.id} ${pass.name} ${workgroup}.${phase}: ${info.name} is no ${role} from row ${row0}`,
                );
            }
          }
        }
      }
    });
    if (card !== layernorm && card !== backwardNaive) expect(seen).toBeGreaterThan(1000);
  });

  test('what is said of its bytes is its model beside what it replaces, in both languages', () => {
    const run = { kernel: card.id, shape: SHAPE, tile: smallest(card) };
    const costs = costsOf(run);
    const all = both(sumOf(costs.model));
    const beside = card.op === 'attention' ? costs.standard!.bytes : both(costs.compulsory);
    for (const language of ['en', 'zh'] as const) {
      const said = modelSentence({ op: card.op, run, costs }, language);
      expect(said).not.toMatch(/NaN|Infinity|undefined|null|\[object|-\d/);
      for (const number of [bytes(all), times(all / beside), bytes(beside)]) expect(said).toContain(number);
      // Only the op's own words: nothing of attention is said of LayerNorm.
      expect(/S and P|S 和 P/.test(said)).toBe(card.op === 'attention');
    }
  });
});
