// Makes one attention problem of three tensors: checks the sizes, adds a batch or heads that the files leave out, and
// allows grouped KV heads.
import { AttnError } from '../errors';
import type { Inputs, Shape } from '../ops/attention/shape';
import { checkShape } from '../ops/attention/validate';
import { shapeText, type LoadedTensor } from './file';
import { guessLayout, headsFirst, misfit, sizesOf } from './layout';
import type { InputRole, Layout } from './sources';

/**
 * The problem of Q, K and V.
 * @param layout which of their sizes is heads and which tokens; without it the likeliest
 * @throws AttnError `tensor-mismatch` (a, aShape, b, bShape, size), `shape-invalid`
 */
export function problemOfTensors(
  tensors: Readonly<Record<InputRole, LoadedTensor>>,
  mask: Shape['mask'],
  layout?: Layout,
): { shape: Shape; inputs: Inputs } {
  const shapes = { q: tensors.q.shape, k: tensors.k.shape, v: tensors.v.shape };
  const read = layout ?? guessLayout(shapes).layout;
  const wrong = misfit(shapes, read);
  if (wrong) {
    const { a, b, size } = wrong;
    const [aShape, bShape] = [shapeText(shapes[a]), shapeText(shapes[b])];
    throw new AttnError('tensor-mismatch', { a: a.toUpperCase(), aShape, b: b.toUpperCase(), bShape, size });
  }
  const [q, k] = [sizesOf(shapes.q, read), sizesOf(shapes.k, read)];
  const shape: Shape = {
    batch: q.batch,
    heads: q.heads,
    kvHeads: k.heads,
    queries: q.rows,
    keys: k.rows,
    dim: q.dim,
    mask,
  };
  checkShape(shape);
  const turned = (role: InputRole): Float32Array => headsFirst(tensors[role].data, shapes[role], read);
  return { shape, inputs: { q: turned('q'), k: turned('k'), v: turned('v') } };
}
