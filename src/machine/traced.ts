/** Which tensors a trace keeps, and how they stand in it: the same on every machine. */
import { opOf } from '../kernels';
import type { PassSpec } from '../kernels/card';
import { infoOf } from '../ops';
import type { TensorId } from '../ops/op';
import type { Run } from '../ops/run';
import type { Tensor } from '../trace/trace';

/** Tensors that some pass writes. */
export const writtenBy = (specs: readonly PassSpec[]): TensorId[] => {
  const bindings = specs.flatMap((spec) => spec.bindings);
  return [...new Set(bindings.filter(({ access }) => access === 'read_write').map(({ tensor }) => tensor))];
};

/** What the op is given, as it is given, and what its kernel writes. */
export const tracedOf = (run: Run, specs: readonly PassSpec[]): TensorId[] => [
  ...new Set([...opOf(run).inputs(run.shape), ...writtenBy(specs)]),
];

/** A tensor of a trace. */
export const tracedTensor = (id: TensorId, { shape }: Run, data: Float32Array): Tensor => ({
  id,
  ...infoOf(id, shape),
  data,
});
