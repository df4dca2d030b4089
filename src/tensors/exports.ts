// Tensors of a run as .npy files, in the usual sizes: [B, H, N, d] for Q and O, [B, H, N] for LSE, [B, H, N, N] for S
// and P.
import { extentOf, tensorSpec } from '../ops';
import type { TensorId } from '../ops/op';
import { type Shape } from '../ops/attention/shape';
import { writeNpy } from './npy';

/** The sizes of a tensor for this shape, with batch and heads apart. */
export function sizesOf(tensor: TensorId, shape: Shape): number[] {
  const { planes, rows, cols } = extentOf(tensor, shape);
  const sizes = [shape.batch, planes / shape.batch, rows];
  return cols === 1 && tensorSpec(tensor).axes[1] === 'one' ? sizes : [...sizes, cols];
}

/**
 * A .npy file of a tensor, bit for bit as it was captured. Masked scores are the finite number that the kernel wrote.
 */
export const npyOf = (tensor: TensorId, data: Float32Array, shape: Shape): Uint8Array<ArrayBuffer> =>
  writeNpy(data, sizesOf(tensor, shape));
