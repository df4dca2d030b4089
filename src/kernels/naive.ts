// Standard attention in three passes, with S and P written to HBM in full: what FlashAttention does away with.
import { visiblePairs } from '../ops/attention/cost';
import type { ArrayLayout } from '../ops/layout';
import type { Run } from '../ops/run';
import { cardById } from '.';
import type { Kernel, PassSpec } from './card';
import { BYTES, firstRefusal, lib, shapeHeader } from './parts';

/** Threads of a workgroup: SIDE x SIDE elements of S or O, or WG rows of the softmax. */
const SIDE = 8;
const WG = 64;

/** A private scalar of the softmax pass: one thread is one row. */
const ofRow = (role: 'm' | 'l'): ArrayLayout => ({
  role,
  rows: WG,
  cols: 1,
  axes: ['query', 'one'],
  terms: [{ of: 'lane', row: 1 }],
});

/** A private scalar of an element pass: thread (x, y) is column x of row y. */
const ofElement = (role: 'S' | 'O'): ArrayLayout => ({
  role,
  rows: SIDE,
  cols: SIDE,
  axes: ['query', role === 'S' ? 'key' : 'dim'],
  terms: [
    { of: 'lane', div: SIDE, row: 1 },
    { of: 'lane', mod: SIDE, col: 1 },
  ],
});

function passes(run: Run): readonly PassSpec[] {
  const { shape } = run;
  const planes = shape.batch * shape.heads;
  const base = shapeHeader(run);
  const blocks = Math.ceil(shape.queries / SIDE);
  const elements = { ...base, BR: SIDE, BC: SIDE };
  return [
    {
      name: 'scores',
      files: [lib.origin, ...lib.mask(shape), lib.heads, ...lib.scores(shape, 1), 'naive-scores.wgsl'],
      header: elements,
      grid: [blocks, Math.ceil(shape.keys / SIDE), planes],
      rows: SIDE,
      workgroupSize: WG,
      bindings: [
        { binding: 0, name: 'Q', tensor: 'Q', access: 'read' },
        { binding: 1, name: 'K', tensor: 'K', access: 'read' },
        { binding: 2, name: 'S', tensor: 'S', access: 'read_write' },
      ],
      layouts: { s: ofElement('S') },
    },
    {
      name: 'softmax',
      files: [lib.origin, ...lib.mask(shape), 'naive-softmax.wgsl'],
      header: { ...base, WG },
      grid: [Math.ceil(shape.queries / WG), 1, planes],
      rows: WG,
      workgroupSize: WG,
      bindings: [
        { binding: 0, name: 'S', tensor: 'S', access: 'read' },
        { binding: 1, name: 'P', tensor: 'P', access: 'read_write' },
        { binding: 2, name: 'LSE', tensor: 'LSE', access: 'read_write' },
      ],
      layouts: { m: ofRow('m'), l: ofRow('l') },
    },
    {
      name: 'output',
      files: [lib.origin, ...lib.mask(shape), lib.heads, 'naive-output.wgsl'],
      header: elements,
      grid: [blocks, Math.ceil(shape.dim / SIDE), planes],
      rows: SIDE,
      workgroupSize: WG,
      bindings: [
        { binding: 0, name: 'P', tensor: 'P', access: 'read' },
        { binding: 1, name: 'V', tensor: 'V', access: 'read' },
        { binding: 2, name: 'O', tensor: 'O', access: 'read_write' },
      ],
      layouts: { o: ofElement('O') },
    },
  ];
}

/**
 * Per visible pair: 2 d for the score, 3 in the softmax (max, sum, P), 2 d for the output. S and P are stored in full,
 * masked or not.
 */
function requested({ shape }: Run): { loads: number; stores: number } {
  const { batch, heads, queries, keys, dim } = shape;
  const planes = batch * heads;
  return {
    loads: BYTES * planes * visiblePairs(shape) * (4 * dim + 3),
    stores: BYTES * planes * (2 * queries * keys + queries + queries * dim),
  };
}

/** Three dispatches; the thread blocks are fixed, so there is no tile to choose and no workgroup memory. */
export const naive: Kernel = {
  ...cardById('naive'),
  passes,
  sramBytes: () => 0,
  limit: (run, limits) => firstRefusal(passes(run), run.shape, 0, limits),
  requested,
};
