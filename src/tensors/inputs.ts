// Three tensors as one attention problem: sizes that must agree, a batch and heads where the files leave them out, grouped KV heads allowed.
import { AttnError } from '../attention/errors';
import type { Inputs, Shape } from '../attention/shape';
import { checkShape } from '../attention/validate';
import { shapeText, type LoadedTensor } from './file';
import type { InputRole } from './sources';

/** The four sizes of a tensor: [N, d] and [H, N, d] have one batch, [N, d] has one head. */
interface Sizes {
  batch: number;
  heads: number;
  rows: number;
  dim: number;
}

function sizesOf({ shape }: LoadedTensor): Sizes {
  const [batch, heads, rows, dim] = [...Array.from({ length: 4 - shape.length }, () => 1), ...shape] as [number, number, number, number];
  return { batch, heads, rows, dim };
}

/**
 * The problem that Q, K and V make.
 * @throws AttnError `tensor-mismatch` (a, aShape, b, bShape, size), `shape-invalid`
 */
export function problemOfTensors(
  tensors: Readonly<Record<InputRole, LoadedTensor>>,
  mask: Shape['mask'],
): { shape: Shape; inputs: Inputs } {
  const { q, k, v } = { q: sizesOf(tensors.q), k: sizesOf(tensors.k), v: sizesOf(tensors.v) };
  const agree = (fits: boolean, a: InputRole, b: InputRole, size: string): void => {
    if (fits) return;
    const [aShape, bShape] = [shapeText(tensors[a].shape), shapeText(tensors[b].shape)];
    throw new AttnError('tensor-mismatch', { a: a.toUpperCase(), aShape, b: b.toUpperCase(), bShape, size });
  };
  agree(q.dim === k.dim, 'q', 'k', 'd');
  agree(k.dim === v.dim, 'k', 'v', 'd');
  agree(k.rows === v.rows, 'k', 'v', 'N');
  agree(q.batch === k.batch, 'q', 'k', 'B');
  agree(k.batch === v.batch, 'k', 'v', 'B');
  agree(k.heads === v.heads, 'k', 'v', 'H');
  agree(q.heads % k.heads === 0, 'q', 'k', 'H');
  const shape: Shape = { batch: q.batch, heads: q.heads, kvHeads: k.heads, queries: q.rows, keys: k.rows, dim: q.dim, mask };
  checkShape(shape);
  return { shape, inputs: { q: tensors.q.data, k: tensors.k.data, v: tensors.v.data } };
}
