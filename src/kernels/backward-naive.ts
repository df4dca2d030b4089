// Standard backward in seven passes, with S, P, dP and dS written to HBM in full.
import { type Bytes } from '../ops/costs';
import { visiblePairs } from '../ops/attention/cost';
import { BYTES, lib, shapeHeader } from './parts';
import { bindingsOf, type TextPass, type TextRun } from './text-pass';

/** Threads of a workgroup: SIDE x SIDE elements of a matrix, or WG rows. */
const SIDE = 8;
const WG = 64;

/** Seven dispatches; the thread blocks are fixed, so there is no tile to choose and no workgroup memory. */
export function passes(run: TextRun): readonly TextPass[] {
  const { shape } = run;
  const { queries, keys, dim } = shape;
  const [planes, kvPlanes] = [shape.batch * shape.heads, shape.batch * shape.kvHeads];
  const base = shapeHeader(run);
  const elements = (
    name: string,
    of: readonly [rows: number, cols: number, planes: number],
    files: readonly string[],
    ...bound: Parameters<typeof bindingsOf>
  ): TextPass => ({
    name,
    files: [lib.origin, lib.mask, ...files],
    header: { ...base, BR: SIDE, BC: SIDE },
    grid: [Math.ceil(of[0] / SIDE), Math.ceil(of[1] / SIDE), of[2]],
    workgroupSize: WG,
    bindings: bindingsOf(...bound),
  });
  const scores = [queries, keys, planes] as const;
  const ofKeys = [keys, dim, kvPlanes] as const;
  const text = (name: string): string => `attention-backward/naive-${name}.wgsl`;
  return [
    elements('scores', scores, [lib.heads, 'naive-scores.wgsl'], ['Q', 'K'], ['S']),
    elements('weights', scores, [text('weights')], ['S', 'LSE'], ['P']),
    elements('dv', ofKeys, [lib.seeing, text('dv')], ['P', 'dO'], ['dV']),
    elements('dp', scores, [lib.heads, text('dp')], ['dO', 'V'], ['dP']),
    {
      name: 'ds',
      files: [lib.origin, lib.mask, text('ds')],
      header: { ...base, WG },
      grid: [Math.ceil(queries / WG), 1, planes],
      workgroupSize: WG,
      bindings: bindingsOf(['O', 'dO', 'P', 'dP'], ['dS']),
    },
    elements('dq', [queries, dim, planes], [lib.heads, text('dq')], ['dS', 'K'], ['dQ']),
    elements('dk', ofKeys, [lib.seeing, text('dk')], ['dS', 'Q'], ['dK']),
  ];
}

/**
 * Per visible pair: 2 d for each of S, dV, dP, dQ and dK, 2 for P, 2 for dS; per row 2 d for D. S, P, dP and dS are stored in full, masked or not.
 */
export function requested({ shape }: TextRun): { loads: number; stores: number } {
  const { batch, heads, kvHeads, queries, keys, dim } = shape;
  return {
    loads: BYTES * batch * heads * (visiblePairs(shape) * (10 * dim + 4) + 2 * queries * dim),
    stores: BYTES * batch * (heads * queries * (4 * keys + dim) + kvHeads * 2 * keys * dim),
  };
}

/**
 * The same passes as the papers count standard attention: each reads its operands once and writes its result once, K and V once a query head; under a mask
 * S, P, dP and dS are written in full and read where a query sees.
 */
export function ioModel({
  shape,
}: Pick<TextRun, 'shape'>): Record<'Q' | 'K' | 'V' | 'O' | 'dO' | 'LSE' | 'S' | 'P' | 'dP' | 'dS' | 'dQ' | 'dK' | 'dV', Bytes> {
  const { batch, heads, kvHeads, queries, keys, dim, mask } = shape;
  const each = BYTES * batch * heads;
  const seeing = mask === 'full' ? queries : Math.min(queries, keys);
  const read = (elements: number): Bytes => ({ read: each * elements, written: 0 });
  const scores = (times: number): Bytes => ({ read: each * times * visiblePairs(shape), written: each * queries * keys });
  const gradient: Bytes = { read: 0, written: BYTES * batch * kvHeads * keys * dim };
  return {
    Q: read(2 * seeing * dim),
    K: read(2 * keys * dim),
    V: read(keys * dim),
    O: read(queries * dim),
    dO: read((2 * seeing + queries) * dim),
    LSE: read(seeing),
    S: scores(1),
    P: scores(2),
    dP: scores(1),
    dS: scores(2),
    dQ: { read: 0, written: each * queries * dim },
    dK: gradient,
    dV: gradient,
  };
}
