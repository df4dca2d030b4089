/**
 * An op and a kernel from outside the lists: registered here, they run, are checked and captured, and stand right in
 * every frame.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { frameOf } from '../../frame/frame';
import { matvecNumbers, product, toyListed, WG } from '../../kernels/testing/toy';
import type { Inputs, Shape } from '../../ops/attention/shape';
import { inputsOfPeers } from '../../ops/attention/inputs';
import { readTrace } from '../../trace/file';
import { nameOf, symbols } from '../../views/explain/formula';
import { writeTrace } from '../../trace/file-write';
import { Interpretation } from './capture';

const SHAPE: Shape = { batch: 1, heads: 2, kvHeads: 1, queries: 11, keys: 1, dim: 6, mask: 'full' };

const run = { kernel: 'toy', shape: SHAPE, tile: { br: 0, bc: 0 } };
const inputs: Inputs = inputsOfPeers(SHAPE, 3);
const want = product({ shape: SHAPE, inputs }, (x) => x);

let unlist = (): void => undefined;
beforeAll(() => {
  unlist = toyListed();
});
afterAll(() => unlist());

test('it runs, its answer is that of f64, and a wrong one is refused', () => {
  const answer = new Interpretation(run, inputs, { input: '' }).answer();
  expect(Object.keys(answer)).toEqual(['Y1']);
  want.forEach((y, i) => expect(answer['Y1']![i]).toBeCloseTo(y, 5));
  const { reference, judge } = matvecNumbers;
  const problem = { shape: SHAPE, inputs };
  expect(judge(problem, reference(problem, 1), answer).wrong).toBeUndefined();
  expect(
    judge(problem, reference(problem, 1), { Y1: answer['Y1']!.map((y, i) => (i === 7 ? y + 0.01 : y)) }).wrong?.tensor,
  ).toBe('Y1');
});

test('its trace says what it is, counts the bytes of the closed form, and opens from a file without its card', async () => {
  const trace = new Interpretation(run, inputs, { input: '', plane: 1 }).capture();
  expect(trace.header.op).toBe('matvec');
  const { costs } = trace.header;
  expect(costs.requested).toEqual({ read: 4 * 6 * (22 + 6), written: 4 * 22 });
  const frame = frameOf(trace, { pass: 0, workgroup: 0, phase: 0 }, { row: 0, thread: 0 });
  expect(frame.bytes.run.requested).toEqual(costs.requested);
  expect(frame.bytes.run.extras).toEqual([]);
  const read = await readTrace(writeTrace(trace));
  expect(read.passes[0]!.layouts).toEqual(trace.passes[0]!.layouts);
  expect(read.tensors.map(({ id, axes }) => [id, ...axes])).toEqual([
    ['A', 'query', 'dim'],
    ['X1', 'one', 'dim'],
    ['Y1', 'query', 'one'],
  ]);
});

test('stepped both ways, every frame shows what is written by then, and no more', () => {
  const plane = 1;
  const trace = new Interpretation(run, inputs, { input: '', plane }).capture();
  const workgroups = trace.passes[0]!.captured.map(({ workgroup }) => workgroup);
  expect(workgroups).toEqual([3, 4, 5]);
  const cursors = workgroups.flatMap((workgroup) => [0, 1].map((phase) => ({ pass: 0, workgroup, phase })));
  for (const cursor of [...cursors, ...cursors.toReversed()]) {
    const frame = frameOf(trace, cursor, { row: 0, thread: 0 });
    const done = (cursor.workgroup - 3) * WG;
    const rows = Math.min(SHAPE.queries, done + (cursor.phase === 1 ? WG : 0));
    const { Y1, A, X1 } = frame.tensors;
    expect(A!.written).toBe('input');
    expect(Y1!.written).toEqual(rows === 0 ? [] : [{ r0: 0, r1: rows - 1, c0: 0, c1: 0 }]);
    for (let row = 0; row < rows; row++) expect(Y1!.values[row]).toBeCloseTo(want[plane * SHAPE.queries + row]!, 5);
    expect(frame.phase.name).toBe(cursor.phase === 0 ? 'load x' : 'y = Ax');
    expect(cursor.phase === 0 ? X1!.reads : A!.reads).toBeDefined();
    const sX = frame.arrays.find(({ info }) => info.name === 'sX')!;
    expect(sX.values).toEqual(inputs.k.slice(0, SHAPE.dim));
    expect(frame.softmax).toBeUndefined();
  }
});

test('a cell that is pointed at is told by the rule: its symbols, its sum, its inputs, its line, and why it has none', () => {
  const plane = 1;
  const trace = new Interpretation(run, inputs, { input: '', plane }).capture();
  const at = (workgroup: number, phase: number, role: string, row: number, col = 0) =>
    frameOf(trace, { pass: 0, workgroup, phase }, { row: 0, thread: 0, cell: { role, row, col } }, plane).explanation!;
  for (let row = 0; row < SHAPE.queries; row++) {
    const said = at(5, 1, 'Y1', row);
    expect([nameOf(said), symbols(said)]).toEqual([{ base: 'y', sub: `${row}` }, 'Σ a·x']);
    expect(said.computed).toBeCloseTo(want[plane * SHAPE.queries + row]!, 12);
    expect(said.value).toBeCloseTo(said.computed!, 5);
    expect([said.differs, said.terms.length]).toEqual([false, SHAPE.dim]);
    expect(said.inputs).toEqual([
      { tensor: 'A', rect: { r0: row, r1: row, c0: 0, c1: SHAPE.dim - 1 } },
      { tensor: 'X1', rect: { r0: 0, r1: 0, c0: 0, c1: SHAPE.dim - 1 } },
    ]);
    expect(trace.passes[0]!.text.split('\n')[said.line! - 1]).toContain('Y1[row] = sum');
  }
  expect(at(3, 0, 'Y1', 2)).toMatchObject({ value: undefined, absent: { why: 'now' } });
  expect(at(3, 0, 'Y1', 9)).toMatchObject({ value: undefined, absent: { why: 'later', workgroup: 5 } });
  expect(at(3, 0, 'A', 2, 1)).toMatchObject({ given: true, terms: [], value: inputs.q[(SHAPE.queries + 2) * 6 + 1] });
});
