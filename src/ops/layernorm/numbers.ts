// What LayerNorm is given, and what its rows are held against: all of them in f64 and in plain f32, for that takes no
// longer than reading them. No GPU.
import { compulsoryBytes, flops } from './cost';
import { judgeRows, referenceOfAll } from '../check';
import type { OpNumbers } from '../numbers';
import type { Problem } from '../op';
import { rowsOf } from '../sizes';
import { normInputs } from './inputs';
import { layernorm } from './op';
import { layerNorm, layerNormF32, type NormInputs } from './oracle';

/** The seed of gamma and beta: the same for everybody, so that a link shows the same numbers. */
const SEED = 0;

const ONE_ROW = { batch: 1, heads: 1, kvHeads: 1, queries: 1, keys: 1, mask: 'full' } as const;

/** All that LayerNorm is given: X is Q of the problem, gamma and beta are seeded. */
const givenOf = ({ shape, inputs }: Problem): NormInputs => ({
  ...normInputs({ ...ONE_ROW, dim: shape.dim }, SEED),
  X: inputs.q as Float32Array<ArrayBuffer>,
});

export const layernormNumbers: OpNumbers = {
  given: (tensor, problem) =>
    layernorm.inputs(problem.shape).includes(tensor) ? givenOf(problem)[tensor as 'X'] : undefined,
  flops,
  compulsory: compulsoryBytes,
  workOf: ({ shape }) => 7 * rowsOf(shape) * shape.dim,
  reference: (problem) => {
    const { shape } = problem;
    const given = givenOf(problem);
    return referenceOfAll(rowsOf(shape), layerNorm(shape, given), layerNormF32(shape, given));
  },
  judge: (_problem, reference, answer) => judgeRows(reference, answer),
};
