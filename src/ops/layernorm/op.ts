// LayerNorm: every row of X to mean 0 and variance 1, then gamma and beta a feature. X is what the problem has as Q.
import type { Op, TensorId, TensorSpec } from '../op';

const INPUTS: readonly TensorId[] = ['X', 'Gamma', 'Beta'];

const ofRow = (axis: 'dim' | 'one'): TensorSpec => ({
  planesOf: 'heads',
  axes: ['query', axis],
  extent: ({ batch, heads, queries, dim }) => ({
    planes: batch * heads,
    rows: queries,
    cols: axis === 'dim' ? dim : 1,
  }),
});
const ofFeature: TensorSpec = {
  planesOf: 'one',
  axes: ['one', 'dim'],
  extent: ({ dim }) => ({ planes: 1, rows: 1, cols: dim }),
};

export const layernorm: Op = {
  id: 'layernorm',
  name: { en: 'LayerNorm', zh: 'LayerNorm' },
  rowwise: true,
  tensors: {
    X: ofRow('dim'),
    Gamma: ofFeature,
    Beta: ofFeature,
    Y: ofRow('dim'),
    Mean: ofRow('one'),
    Rstd: ofRow('one'),
  },
  inputs: () => INPUTS,
  outputs: ['Y', 'Mean', 'Rstd'],
};
