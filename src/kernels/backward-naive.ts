// Standard backward in seven passes, with S, P, dP and dS written to HBM in full.
import { type Bytes } from '../ops/costs';
import { visiblePairs } from '../ops/attention/cost';
import { defaultScale } from '../ops/sizes';
import { cardById } from '.';
import type { Kernel, PassSpec } from './card';
import { bindingsOf, BYTES, firstRefusal, lib, ofElement, ofThread, seeing, shapeHeader, type Work } from './parts';

/** Threads of a workgroup: SIDE x SIDE elements of a matrix, or WG rows. */
const SIDE = 8;
const WG = 64;

/** Seven dispatches; the thread blocks are fixed, so there is no tile to choose and no workgroup memory. */
function passes(run: Work): readonly PassSpec[] {
  const { shape, scale } = run;
  const { queries, keys, dim } = shape;
  const [planes, kvPlanes] = [shape.batch * shape.heads, shape.batch * shape.kvHeads];
  const base = shapeHeader(run);
  const sizes = { query: queries, key: keys, dim };
  /**
   * A pass with one thread an element of what it writes. That is added up in a variable of the same name in small
   * letters, before it is scaled.
   */
  const elements = (
    name: string,
    files: readonly string[],
    reads: readonly string[],
    written: string,
    axes: readonly ['query' | 'key', 'key' | 'dim'],
  ): PassSpec => {
    const ofKeys = axes[0] === 'key';
    const layout = ofElement(written, SIDE, axes);
    const scaled = written === 'dQ' || written === 'dK';
    return {
      name,
      files: [lib.origin, ...lib.mask(shape), ...files],
      header: { ...base, BR: SIDE, BC: SIDE },
      grid: [Math.ceil(sizes[axes[0]] / SIDE), Math.ceil(sizes[axes[1]] / SIDE), ofKeys ? kvPlanes : planes],
      ...(ofKeys ? { rows: 0, sharers: shape.heads / shape.kvHeads } : { rows: SIDE }),
      workgroupSize: WG,
      bindings: bindingsOf(reads, [written]),
      layouts: {
        [written.toLowerCase()]: scaled ? { ...layout, factors: { [written]: scale ?? defaultScale(shape) } } : layout,
      },
    };
  };
  // dS needs the capped score again, which is the stored one without its bias.
  const capped = shape.softcap !== undefined;
  const { SLOPES: _slopes, ...unbiased } = base;
  const text = (name: string): string => `attention-backward/naive-${name}.wgsl`;
  return [
    elements('scores', [lib.heads, ...lib.scores(shape, 1), 'naive-scores.wgsl'], ['Q', 'K'], 'S', ['query', 'key']),
    elements('weights', [text('weights')], ['S', 'LSE'], 'P', ['query', 'key']),
    elements('dv', [...lib.seeing(shape), text('dv')], ['P', 'dO'], 'dV', ['key', 'dim']),
    elements('dp', [lib.heads, text('dp')], ['dO', 'V'], 'dP', ['query', 'key']),
    {
      name: 'ds',
      files: [lib.origin, ...lib.mask(shape), ...(capped ? lib.scores(shape, 1) : []), text('ds')],
      header: { ...(capped ? base : unbiased), WG },
      grid: [Math.ceil(queries / WG), 1, planes],
      rows: WG,
      workgroupSize: WG,
      bindings: bindingsOf(['O', 'dO', 'P', 'dP', ...(capped ? ['S'] : [])], ['dS']),
      layouts: { d: ofThread('D', WG) },
    },
    elements('dq', [lib.heads, text('dq')], ['dS', 'K'], 'dQ', ['query', 'dim']),
    elements('dk', [...lib.seeing(shape), text('dk')], ['dS', 'Q'], 'dK', ['key', 'dim']),
  ];
}

/** How often more S is read with a softcap: dS needs it again. */
const capRead = ({ softcap }: Pick<Work['shape'], 'softcap'>): 0 | 1 => (softcap === undefined ? 0 : 1);

/**
 * Per visible pair: 2 d for each of S, dV, dP, dQ and dK, 2 for P, 2 for dS, one more with a softcap; per row 2 d for D. S, P, dP and dS are
 * stored in full, masked or not.
 */
function requested({ shape }: Work): { loads: number; stores: number } {
  const { batch, heads, kvHeads, queries, keys, dim } = shape;
  return {
    loads: BYTES * batch * heads * (visiblePairs(shape) * (10 * dim + 4 + capRead(shape)) + 2 * queries * dim),
    stores: BYTES * batch * (heads * queries * (4 * keys + dim) + kvHeads * 2 * keys * dim),
  };
}

/**
 * The same passes as the papers count standard attention: each reads its operands once and writes its result once, K
 * and V once a query head; under a mask S, P, dP and dS are written in full and read where a query sees.
 */
export function ioModel({
  shape,
}: Pick<Work, 'shape'>): Record<
  'Q' | 'K' | 'V' | 'O' | 'dO' | 'LSE' | 'S' | 'P' | 'dP' | 'dS' | 'dQ' | 'dK' | 'dV',
  Bytes
> {
  const { batch, heads, kvHeads, queries, keys, dim } = shape;
  const each = BYTES * batch * heads;
  const { rows, seen } = seeing(shape);
  const read = (elements: number): Bytes => ({ read: each * elements, written: 0 });
  const scores = (times: number): Bytes => ({
    read: each * times * visiblePairs(shape),
    written: each * queries * keys,
  });
  const gradient: Bytes = { read: 0, written: BYTES * batch * kvHeads * keys * dim };
  return {
    Q: read(2 * rows * dim),
    K: read(2 * seen * dim),
    V: read(seen * dim),
    O: read(queries * dim),
    dO: read((2 * rows + queries) * dim),
    LSE: read(rows),
    S: scores(1 + capRead(shape)),
    P: scores(2),
    dP: scores(1),
    dS: scores(2),
    dQ: { read: 0, written: each * queries * dim },
    dK: gradient,
    dV: gradient,
  };
}

/** Seven dispatches, the forward pass's scores the first. */
export const backwardNaive: Kernel = {
  ...cardById('backward-naive'),
  passes,
  sramBytes: () => 0,
  limit: (run, limits) => firstRefusal(passes(run), run.shape, 0, limits),
  causes: { LSE: 'threads' },
  ioModel,
  requested,
};
