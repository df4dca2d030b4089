// What LayerNorm's rows are held against: all of them in f64 and in plain f32, for that takes no longer than reading them. No GPU.
import { judgeRows, referenceOfAll } from '../check';
import type { OpCheck } from '../checks';
import { givenOf } from './op';
import { layerNorm, layerNormF32, rowsOf } from './oracle';

export const layernormCheck: OpCheck = {
  workOf: ({ shape }) => 7 * rowsOf(shape) * shape.dim,
  reference: (problem) => {
    const { shape } = problem;
    const given = givenOf(problem);
    return referenceOfAll(rowsOf(shape), layerNorm(shape, given), layerNormF32(shape, given));
  },
  judge: (_problem, reference, answer) => judgeRows(reference, answer),
};
