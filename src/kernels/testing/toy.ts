/**
 * For tests: an op and a kernel that stand in no list of the project. `toyListed` puts them there, as their folders and
 * lines would.
 */
import { OPS } from '../../ops';
import type { Shape } from '../../ops/attention/shape';
import { judgeRows, referenceOfAll } from '../../ops/check';
import { NUMBERS, type OpNumbers } from '../../ops/numbers';
import type { Op, Problem } from '../../ops/op';
import { added, all, cells, inputOf, termOf, type OpRules } from '../../ops/rule';
import { RULES } from '../../ops/rules';
import type { Kernel, PassSpec } from '../card';
import { listed } from './listed';

/** Threads of a workgroup, one a row. */
export const WG = 4;

/** A matrix times a vector: A [queries, dim] a head, which is Q of the problem, and x [dim], its first row of K. */
export const matvec: Op = {
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

export function product({ shape, inputs }: Problem, round: (x: number) => number): Float64Array {
  return Float64Array.from({ length: rowsOf(shape) }, (_, row) => {
    let sum = 0;
    for (let c = 0; c < shape.dim; c++) sum = round(sum + round(inputs.q[row * shape.dim + c]! * inputs.k[c]!));
    return sum;
  });
}

export const matvecNumbers: OpNumbers = {
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

/** y is the row of A times x; a thread's sum is the number that it stores. */
const matvecRules: OpRules = {
  rules: {
    Y1: (read, row) => {
      const { dim } = read.shape;
      const terms = all(0, dim - 1, (c) => termOf(`${c}`, read.value('A', row, c), read.value('X1', 0, c)));
      const inputs = [inputOf(read, 'A', cells(row, row, 0, dim - 1)), inputOf(read, 'X1', cells(0, 0, 0, dim - 1))];
      return { symbols: 'Σ a·x', inputs, ...added(terms) };
    },
  },
  roles: { Y1: { sign: 'y' } },
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

export const toy: Kernel = {
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

/** Lists op and kernel until the returned function is called. */
export function toyListed(): () => void {
  (OPS as Op[]).push(matvec);
  (NUMBERS as Record<string, OpNumbers>)['matvec'] = matvecNumbers;
  (RULES as Record<string, OpRules>)['matvec'] = matvecRules;
  const unlist = listed(toy);
  return () => {
    (OPS as Op[]).splice(OPS.indexOf(matvec), 1);
    delete (NUMBERS as Record<string, OpNumbers>)['matvec'];
    delete (RULES as Record<string, OpRules>)['matvec'];
    unlist();
  };
}
