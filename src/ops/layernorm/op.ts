// LayerNorm: every row of X to mean 0 and variance 1, then gamma and beta a feature. X is what the problem has as Q.
import type { Op, Shape, TensorSpec } from '../op';
import { normInputs } from './inputs';
import { compulsoryBytes, flops } from './cost';

/** The seed of gamma and beta: the same for everybody, so that a link shows the same numbers. */
const SEED = 0;

const ofRow = (axis: 'dim' | 'one'): TensorSpec => ({
  planesOf: 'heads',
  axes: ['query', axis],
  extent: ({ batch, heads, queries, dim }) => ({ planes: batch * heads, rows: queries, cols: axis === 'dim' ? dim : 1 }),
});
const ofFeature: TensorSpec = { planesOf: 'one', axes: ['one', 'dim'], extent: ({ dim }) => ({ planes: 1, rows: 1, cols: dim }) };

/** Gamma and beta, and nothing else of the seeded inputs. */
const factors = ({ dim }: Shape) => normInputs({ batch: 1, heads: 1, kvHeads: 1, queries: 1, keys: 1, dim, mask: 'full' }, SEED);

export const layernorm: Op = {
  id: 'layernorm',
  tensors: { X: ofRow('dim'), Gamma: ofFeature, Beta: ofFeature, Y: ofRow('dim'), Mean: ofRow('one'), Rstd: ofRow('one') },
  inputs: () => ['X', 'Gamma', 'Beta'],
  outputs: ['Y', 'Mean', 'Rstd'],
  given(tensor, { shape, inputs }) {
    if (tensor === 'X') return inputs.q;
    return tensor === 'Gamma' || tensor === 'Beta' ? factors(shape)[tensor] : undefined;
  },
  flops,
  compulsory: compulsoryBytes,
};
