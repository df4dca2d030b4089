/** The untouched text of a run, interpreted on tensors of its own. */
import { numbersOf } from '../../ops/numbers';
import { opOf } from '../../kernels';
import type { TensorId } from '../../ops/op';
import type { Inputs } from '../../ops/attention/shape';
import { elementsOf } from '../../ops';
import type { Run } from '../../ops/run';
import type { PassSpec } from '../../kernels/card';
import { link } from '../../wgsl/link';
import { bindingKey, Lockstep } from './lockstep';
import type { Buffers } from './lockstep';

export type Memory = ReadonlyMap<TensorId, Float32Array<ArrayBuffer>>;

/** Q, K and V and every tensor of the passes: the inputs in them, and zeros. */
export function memoryOf(run: Run, inputs: Inputs, specs: readonly PassSpec[]): Memory {
  const used = specs.flatMap(({ bindings }) => bindings.map(({ tensor }) => tensor));
  const op = opOf(run);
  const { given } = numbersOf(op.id);
  return new Map(
    [...new Set([...op.inputs(run.shape), ...used])].map((id) => {
      const values = given(id, { ...run, inputs })?.slice() ?? new Float32Array(elementsOf(id, run.shape));
      return [id, new Float32Array(values.buffer)];
    }),
  );
}

/** The op's outputs in the memory of a run. */
export const outputsIn = (run: Run, memory: Memory): Record<TensorId, Float32Array<ArrayBuffer>> =>
  Object.fromEntries(opOf(run).outputs.map((id) => [id, memory.get(id)!]));

/** The buffers of a pass, by `bindingKey`. */
export const buffersOf = ({ bindings }: PassSpec, memory: Memory): Buffers =>
  new Map(bindings.map(({ binding, tensor }) => [bindingKey(0, binding), memory.get(tensor)!.buffer]));

export const workgroupsOf = ({ grid: [x, y, z] }: PassSpec): number => x * y * z;

/** Runs one workgroup of a pass; stops at every barrier. */
export function plainWorkgroup(spec: PassSpec, memory: Memory): (workgroup: number) => Generator<void, void, void> {
  const lockstep = new Lockstep(
    link(spec).code,
    new Map([...buffersOf(spec, memory), [bindingKey(1, 0), new ArrayBuffer(16)]]),
  );
  const [x, y] = spec.grid;
  return (workgroup) =>
    lockstep.workgroup([workgroup % x, Math.floor(workgroup / x) % y, Math.floor(workgroup / (x * y))]);
}

/** Runs all passes, one workgroup after the other; what they made is in the memory then. */
export function runPlain(specs: readonly PassSpec[], memory: Memory, onWorkgroup?: () => void): void {
  for (const spec of specs) {
    const start = plainWorkgroup(spec, memory);
    for (let workgroup = 0; workgroup < workgroupsOf(spec); workgroup++) {
      for (const _barrier of start(workgroup));
      onWorkgroup?.();
    }
  }
}
