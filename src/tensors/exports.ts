// Tensors of a run as .npy files, in the usual sizes: [B, H, N, d] for Q and O, [B, H, N] for one number a row,
// [B, H, N, N] for S and P, [d] for one number a feature.
import { infoOf } from '../ops';
import type { TensorId } from '../ops/op';
import { type Shape } from '../ops/attention/shape';
import { writeNpy } from './npy';

/** The sizes of a tensor for this shape, with batch and heads apart. */
export function sizesOf(tensor: TensorId, shape: Shape): number[] {
  const { planes, rows, cols, planesOf, axes } = infoOf(tensor, shape);
  const sizes = planesOf === 'one' ? [] : [shape.batch, planes / shape.batch];
  return [...sizes, ...(axes[0] === 'one' ? [] : [rows]), ...(axes[1] === 'one' && cols === 1 ? [] : [cols])];
}

/**
 * A .npy file of a tensor, bit for bit as it was captured. Masked scores are the finite number that the kernel wrote.
 */
export const npyOf = (tensor: TensorId, data: Float32Array, shape: Shape): Uint8Array<ArrayBuffer> =>
  writeNpy(data, sizesOf(tensor, shape));
