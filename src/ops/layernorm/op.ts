// LayerNorm: every row of X to mean 0 and variance 1, then gamma and beta a feature. X is what the problem has as Q.
import type { Op, Problem, TensorId, TensorSpec } from '../op';
import type { NormInputs } from './oracle';
import { normInputs } from './inputs';
import { compulsoryBytes, flops } from './cost';

/** The seed of gamma and beta: the same for everybody, so that a link shows the same numbers. */
const SEED = 0;

const INPUTS: readonly TensorId[] = ['X', 'Gamma', 'Beta'];

const ofRow = (axis: 'dim' | 'one'): TensorSpec => ({
  planesOf: 'heads',
  axes: ['query', axis],
  extent: ({ batch, heads, queries, dim }) => ({ planes: batch * heads, rows: queries, cols: axis === 'dim' ? dim : 1 }),
});
const ofFeature: TensorSpec = { planesOf: 'one', axes: ['one', 'dim'], extent: ({ dim }) => ({ planes: 1, rows: 1, cols: dim }) };

const ONE_ROW = { batch: 1, heads: 1, kvHeads: 1, queries: 1, keys: 1, mask: 'full' } as const;

/** All that LayerNorm is given: X is Q of the problem, gamma and beta are seeded. */
export const givenOf = ({ shape, inputs }: Problem): NormInputs => ({
  ...normInputs({ ...ONE_ROW, dim: shape.dim }, SEED),
  X: inputs.q as Float32Array<ArrayBuffer>,
});

export const layernorm: Op = {
  id: 'layernorm',
  tensors: { X: ofRow('dim'), Gamma: ofFeature, Beta: ofFeature, Y: ofRow('dim'), Mean: ofRow('one'), Rstd: ofRow('one') },
  inputs: () => INPUTS,
  outputs: ['Y', 'Mean', 'Rstd'],
  given: (tensor, problem) => (INPUTS.includes(tensor) ? givenOf(problem)[tensor as 'X'] : undefined),
  flops,
  compulsory: compulsoryBytes,
};
