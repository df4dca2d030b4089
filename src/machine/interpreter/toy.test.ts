/**
 * An op and a kernel from outside the lists: registered here, they run, are checked and captured, and stand right in
 * every frame.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { frameOf } from '../../frame/frame';
import { listed } from '../../kernels/testing/listed';
import type { Kernel, PassSpec } from '../../kernels/card';
import { OPS } from '../../ops';
import type { Inputs, Shape } from '../../ops/attention/shape';
import { inputsOfPeers } from '../../ops/attention/inputs';
import { judgeRows, referenceOfAll } from '../../ops/check';
import { NUMBERS, type OpNumbers } from '../../ops/numbers';
import type { Op, Problem } from '../../ops/op';
import { readTrace } from '../../trace/file';
import { writeTrace } from '../../trace/file-write';
import { Interpretation } from './capture';

const SHAPE: Shape = { batch: 1, heads: 2, kvHeads: 1, queries: 11, keys: 1, dim: 6, mask: 'full' };
const WG = 4;

/** A matrix times a vector: A [queries, dim] a head, which is Q of the problem, and x [dim], its first row of K. */
const matvec: Op = {
  id: 'matvec',
  name: { en: 'Matrix times vector', zh: '矩阵乘向量' },
  tensors: {
    A: {
      planesOf: 'heads',
      axes: ['query', 'dim'],
      extent: ({ batch, heads, queries, dim }) => ({ planes: batch * heads, rows: queries, cols: dim }),
    },
    X1: { planesOf: 'one', axes: ['one', 'dim'], extent: ({ dim }) => ({ planes: 1, rows: 1, cols: dim }) },
    Y1: {
      planesOf: 'heads',
      axes: ['query', 'one'],
      extent: ({ batch, heads, queries }) => ({ planes: batch * heads, rows: queries, cols: 1 }),
    },
  },
  inputs: () => ['A', 'X1'],
  outputs: ['Y1'],
};

const rowsOf = ({ batch, heads, queries }: Shape): number => batch * heads * queries;

function product({ shape, inputs }: Problem, round: (x: number) => number): Float64Array {
  return Float64Array.from({ length: rowsOf(shape) }, (_, row) => {
    let sum = 0;
    for (let c = 0; c < shape.dim; c++) sum = round(sum + round(inputs.q[row * shape.dim + c]! * inputs.k[c]!));
    return sum;
  });
}

const matvecNumbers: OpNumbers = {
  flops: ({ batch, heads, queries, dim }) => 2 * batch * heads * queries * dim,
  compulsory: ({ batch, heads, queries, dim }) => ({
    read: 4 * (batch * heads * queries + 1) * dim,
    written: 4 * batch * heads * queries,
  }),
  given: (tensor, { shape, inputs }) =>
    tensor === 'A' ? inputs.q : tensor === 'X1' ? inputs.k.slice(0, shape.dim) : undefined,
  workOf: ({ shape }) => rowsOf(shape) * shape.dim,
  reference: (problem) =>
    referenceOfAll(
      rowsOf(problem.shape),
      { Y1: product(problem, (x) => x) },
      { Y1: Float32Array.from(product(problem, Math.fround)) },
    ),
  judge: (_problem, reference, answer) => judgeRows(reference, answer),
};

const TEXT = `
@group(0) @binding(0) var<storage, read> A: array<f32, PLANES * NQ * D>;
@group(0) @binding(1) var<storage, read> X1: array<f32, D>;
@group(0) @binding(2) var<storage, read_write> Y1: array<f32, PLANES * NQ>;
var<workgroup> sX: array<f32, D>;
@compute @workgroup_size(${WG})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  // phase: load x
  let block = group + origin;
  for (var c = thread; c < D; c += ${WG}u) {
    sX[c] = X1[c];
  }
  workgroupBarrier();
  // phase: y = Ax
  let i = block.x * ${WG}u + thread;
  if (i < NQ) {
    let row = block.z * NQ + i;
    var sum = 0.0;
    for (var c = 0u; c < D; c++) {
      sum += A[row * D + c] * sX[c];
    }
    Y1[row] = sum;
  }
}`;

const passes = ({ shape }: { shape: Shape }): readonly PassSpec[] => [
  {
    name: 'matvec',
    files: ['lib/origin.wgsl', { name: 'matvec', text: TEXT }],
    header: { NQ: shape.queries, D: shape.dim, PLANES: shape.batch * shape.heads },
    grid: [Math.ceil(shape.queries / WG), 1, shape.batch * shape.heads],
    rows: WG,
    workgroupSize: WG,
    bindings: [
      { binding: 0, name: 'A', tensor: 'A', access: 'read' },
      { binding: 1, name: 'X1', tensor: 'X1', access: 'read' },
      { binding: 2, name: 'Y1', tensor: 'Y1', access: 'read_write' },
    ],
    layouts: {
      sX: { role: 'X1', rows: 1, cols: shape.dim, axes: ['one', 'dim'] },
      sum: { role: 'Y1', rows: WG, cols: 1, axes: ['query', 'one'], terms: [{ of: 'lane', row: 1 }] },
    },
  },
];

const toy: Kernel = {
  id: 'toy',
  op: 'matvec',
  name: { en: 'toy', zh: 'toy' },
  interpreted: true,
  tiles: [],
  passes,
  sramBytes: ({ shape }) => 4 * shape.dim,
  limit: () => undefined,
  requested({ shape }) {
    const blocks = Math.ceil(shape.queries / WG) * shape.batch * shape.heads;
    return { loads: 4 * shape.dim * (rowsOf(shape) + blocks), stores: 4 * rowsOf(shape) };
  },
  ioModel({ shape }) {
    const blocks = Math.ceil(shape.queries / WG) * shape.batch * shape.heads;
    return {
      A: { read: 4 * rowsOf(shape) * shape.dim, written: 0 },
      X1: { read: 4 * blocks * shape.dim, written: 0 },
      Y1: { read: 0, written: 4 * rowsOf(shape) },
    };
  },
};

const run = { kernel: 'toy', shape: SHAPE, tile: { br: 0, bc: 0 } };
const inputs: Inputs = inputsOfPeers(SHAPE, 3);
const want = product({ shape: SHAPE, inputs }, (x) => x);

let unlist = (): void => undefined;

beforeAll(() => {
  (OPS as Op[]).push(matvec);
  unlist = listed(toy);
  (NUMBERS as Record<string, OpNumbers>)['matvec'] = matvecNumbers;
});

afterAll(() => {
  (OPS as Op[]).pop();
  unlist();
  delete (NUMBERS as Record<string, OpNumbers>)['matvec'];
});

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
