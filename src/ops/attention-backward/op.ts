// Attention, backward: dQ, dK and dV from dO, with P computed anew from Q, K and LSE.
import type { Op, TensorId, TensorSpec } from '../op';

const INPUTS: readonly TensorId[] = ['Q', 'K', 'V', 'O', 'LSE', 'dO'];

const queries = (axis: 'dim' | 'key' | 'one'): TensorSpec => ({
  planesOf: 'heads',
  axes: ['query', axis],
  extent: (shape) => ({
    planes: shape.batch * shape.heads,
    rows: shape.queries,
    cols: axis === 'dim' ? shape.dim : axis === 'key' ? shape.keys : 1,
  }),
});
const keys: TensorSpec = {
  planesOf: 'kvHeads',
  axes: ['key', 'dim'],
  extent: (shape) => ({ planes: shape.batch * shape.kvHeads, rows: shape.keys, cols: shape.dim }),
};
/** LSE and D of a row, side by side. */
const pair: TensorSpec = {
  planesOf: 'heads',
  axes: ['query', 'one'],
  extent: (shape) => ({ ...queries('one').extent(shape), cols: 2 }),
};

export const attentionBackward: Op = {
  id: 'attention-backward',
  name: { en: 'Attention, backward', zh: '注意力反向' },
  tensors: {
    Q: queries('dim'),
    K: keys,
    V: keys,
    O: queries('dim'),
    dO: queries('dim'),
    LSE: queries('one'),
    LD: pair,
    D: queries('one'),
    P: queries('key'),
    dP: queries('key'),
    dS: queries('key'),
    dQ: queries('dim'),
    dK: keys,
    dV: keys,
  },
  inputs: () => INPUTS,
  outputs: ['dQ', 'dK', 'dV'],
};
