// What the backward pass is given, and what gradients are held against: those of f64 by the definition, and of plain
// f32 from what the kernels get. No GPU.
import { compulsoryBytes, flops } from './cost';
import { judgeRows, spreadRows, type Reference } from '../check';
import type { OpNumbers } from '../numbers';
import type { Problem } from '../op';
import { visiblePairs, type Sizes } from '../sizes';
import { gradientsF32 } from './f32';
import { gradients } from './oracle';
import { backwardInputs, type BackwardInputs } from './inputs';
import { attentionBackward } from './op';

/** The seed of dO: the same for everybody, so that a link shows the same numbers. */
const SEED = 0;

/** The last that was made of some inputs, and what for. */
const known = new WeakMap<Problem['inputs'], { what: string; made: BackwardInputs }>();

/**
 * All that the backward pass is given. O and LSE of the forward pass take as long as attention in f64 does: they are
 * made once for a problem, which the same inputs may be of several, as another mask makes another.
 */
function givenOf({ shape, inputs, scale }: Problem): BackwardInputs {
  const what = JSON.stringify([shape, scale]);
  const last = known.get(inputs);
  if (last?.what === what) return last.made;
  const forward = { Q: inputs.q, K: inputs.k, V: inputs.v } as Record<'Q' | 'K' | 'V', Float32Array<ArrayBuffer>>;
  const made = backwardInputs(shape, forward, SEED, scale);
  known.set(inputs, { what, made });
  return made;
}

/** Multiply-adds of the five products, for the query heads of one plane of K and V. */
const workOfPlane = (sizes: Sizes): number =>
  Math.max(1, 5 * sizes.dim * visiblePairs(sizes) * (sizes.heads / sizes.kvHeads));

/**
 * Planes of K and V that are checked: a plane's gradients come from all rows of its query heads, so it is checked
 * whole.
 */
const planesFor = ({ shape }: Problem, work: number): number[] =>
  spreadRows(shape.batch * shape.kvHeads, Math.max(1, Math.floor(work / workOfPlane(shape))));

/** Numbers of a row of the reference, which is a plane of K and V with the query heads that read it. */
const OUTPUTS = ['dQ', 'dK', 'dV'] as const;

function reference(problem: Problem, work: number): Reference {
  const { shape, scale } = problem;
  const rows = planesFor(problem, work);
  const given = givenOf(problem);
  const heads = shape.heads / shape.kvHeads;
  /** The query heads of one plane of K and V, with their slopes. */
  const partOf = (row: number): Sizes => {
    const first = (row % shape.kvHeads) * heads;
    const slopes = shape.alibi?.slice(first, first + heads);
    return { ...shape, batch: 1, heads, kvHeads: 1, ...(slopes && { alibi: slopes }) };
  };
  const part = partOf(0);
  const widths = { dQ: part.heads * part.queries * part.dim, dK: part.keys * part.dim, dV: part.keys * part.dim };
  const outputs = Object.fromEntries(
    OUTPUTS.map((id) => [
      id,
      {
        width: widths[id],
        want: new Float64Array(rows.length * widths[id]),
        f32: new Float32Array(rows.length * widths[id]),
      },
    ]),
  ) as Record<(typeof OUTPUTS)[number], Reference['outputs'][string]>;
  rows.forEach((row, n) => {
    const cut = (data: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> => {
      const width = data.length / (shape.batch * shape.kvHeads);
      return data.slice(row * width, (row + 1) * width);
    };
    const mine = {
      Q: cut(given.Q),
      K: cut(given.K),
      V: cut(given.V),
      O: cut(given.O),
      dO: cut(given.dO),
      LSE: cut(given.LSE),
    };
    const [want, plain] = [gradients(partOf(row), mine, scale), gradientsF32(partOf(row), mine, scale)];
    for (const id of OUTPUTS) {
      outputs[id].want.set(want[id], n * widths[id]);
      outputs[id].f32.set(plain[id], n * widths[id]);
    }
  });
  return { rows, outputs };
}

export const attentionBackwardNumbers: OpNumbers = {
  given: (tensor, problem) =>
    attentionBackward.inputs(problem.shape).includes(tensor) ? givenOf(problem)[tensor as 'Q'] : undefined,
  flops,
  compulsory: compulsoryBytes,
  workOf: (problem, work) => planesFor(problem, work).length * workOfPlane(problem.shape),
  reference,
  judge: (_problem, of, answer) => judgeRows(of, answer),
};
