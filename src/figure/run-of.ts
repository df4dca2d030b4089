// The run that a choice leads to. Apart from the choice, which the page's entry has: tiles are judged by the kernels.
import type { Limits } from '../ops/limits';
import type { Run } from '../ops/run';
import type { Shape } from '../ops/attention/shape';
import { fittingTile, kernelById } from '../kernels/kernels';
import type { Choice } from './choice';

/** Bytes of workgroup memory that every WebGPU device has. */
const EVERYWHERE = 16_384;

/**
 * The run of a choice for inputs of the given shape; a tile that was not chosen is the one that suits shape and device,
 * within what every device has: to look at, a tile need not be the fastest, and a software device compiles the longer
 * the more workgroup memory there is to clear.
 */
export function runOf({ kernel, tile }: Choice, shape: Shape, limits: Limits | undefined): Run {
  return { kernel, shape, tile: tile ?? fittingTile(kernelById(kernel), { kernel, shape }, limits, EVERYWHERE) };
}
