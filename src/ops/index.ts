// The ordered list of ops, and their tensors by name.
import { AttnError } from '../errors';
import { attention } from './attention/op';
import type { Shape } from './attention/shape';
import { attentionBackward } from './attention-backward/op';
import { layernorm } from './layernorm/op';
import type { Extent, Op, TensorId, TensorInfo, TensorSpec } from './op';

export const OPS: readonly Op[] = [attention, attentionBackward, layernorm];

/** An op by its name. Throws `unexpected` for one that is not in the list. */
export function opById(id: string): Op {
  const op = OPS.find((one) => one.id === id);
  if (!op) throw new AttnError('unexpected', { message: `no op ${id}` });
  return op;
}

/** What is known of a tensor. Throws `unexpected` for a name that no op has. */
export function tensorSpec(tensor: TensorId): TensorSpec {
  for (const { tensors } of OPS) if (Object.hasOwn(tensors, tensor)) return tensors[tensor] as TensorSpec;
  throw new AttnError('unexpected', { message: `no tensor ${tensor}` });
}

/** The size of a tensor of this shape. */
export const extentOf = (tensor: TensorId, shape: Shape): Extent => tensorSpec(tensor).extent(shape);

/** Elements of a tensor of this shape. */
export function elementsOf(tensor: TensorId, shape: Shape): number {
  const { planes, rows, cols } = extentOf(tensor, shape);
  return planes * rows * cols;
}

/** All that is known of a tensor of this shape beside its numbers. */
export function infoOf(tensor: TensorId, shape: Shape): Extent & TensorInfo {
  const { planesOf, axes, extent } = tensorSpec(tensor);
  return { ...extent(shape), planesOf, axes };
}
