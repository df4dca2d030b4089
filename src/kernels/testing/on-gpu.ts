/** Runs the texts of a kernel that is not in the list, or of an op that the machine does not check on a device. */
import type { Sizes } from '../../ops/sizes';
import { createPipeline } from '../../machine/gpu/pipeline';
import { originEntry } from '../../machine/gpu/run';
import type { Session } from '../../machine/gpu/session';
import { createBuffer, readBytes } from '../../machine/gpu/tensors';
import { link } from '../../wgsl/link';
import type { PassSpec } from '../card';
import { tensorsFor, type Data } from './texts';

/** All tensors after all passes, each of its own submit. What is not given is full of NaN before. */
export async function computeOnGpu(
  session: Session,
  passes: readonly PassSpec[],
  sizes: Sizes,
  given: Data,
): Promise<Data> {
  const { device } = session;
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const buffers = new Map<string, GPUBuffer>();
  for (const [name, values] of Object.entries(tensorsFor(passes, sizes, given))) {
    const buffer = await createBuffer(session, values.byteLength, usage, name);
    device.queue.writeBuffer(buffer, 0, values);
    buffers.set(name, buffer);
  }
  const origin = await createBuffer(session, 16, GPUBufferUsage.UNIFORM, 'origin');
  try {
    for (const pass of passes) {
      const storage = pass.bindings.map(({ binding, access }): GPUBindGroupLayoutEntry => {
        return {
          binding,
          visibility: GPUShaderStage.COMPUTE,
          buffer: { type: access === 'read' ? 'read-only-storage' : 'storage' },
        };
      });
      const { pipeline, layouts } = await createPipeline(session, pass.name, link(pass).code, [
        storage,
        [originEntry()],
      ]);
      const tensors = pass.bindings.map(({ binding, tensor }) => ({
        binding,
        resource: { buffer: buffers.get(tensor)! },
      }));
      const commands = device.createCommandEncoder();
      const encoder = commands.beginComputePass();
      encoder.setPipeline(pipeline);
      encoder.setBindGroup(0, device.createBindGroup({ layout: layouts[0]!, entries: tensors }));
      const begin = device.createBindGroup({
        layout: layouts[1]!,
        entries: [{ binding: 0, resource: { buffer: origin, size: 16 } }],
      });
      encoder.setBindGroup(1, begin, [0]);
      encoder.dispatchWorkgroups(...pass.grid);
      encoder.end();
      device.queue.submit([commands.finish()]);
    }
    const read: Data = {};
    for (const [name, buffer] of buffers) read[name] = new Float32Array(await readBytes(session, buffer));
    return read;
  } finally {
    for (const buffer of [...buffers.values(), origin]) buffer.destroy();
  }
}
