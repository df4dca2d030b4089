// The tensors of a run as buffers on the device: made under an error scope, filled, read back, shared between kernels
// of one shape.
import { numbersOf } from '../../ops/numbers';
import { AttnError } from '../../errors';
import type { TensorId } from '../../ops/op';
import { opOf } from '../../kernels';
import type { Run } from '../../ops/run';
import type { Inputs } from '../../ops/attention/shape';
import { elementsOf } from '../../ops';
import { faultsOf } from './faults';
import type { Session } from './session';

/** Buffers by tensor, f32 (u32 for Table and Requests), row-major, exactly as long as the tensor. */
export type Tensors = Map<TensorId, GPUBuffer>;

/**
 * Makes a buffer.
 * @throws AttnError `out-of-memory` (bytes)
 */
export async function createBuffer(
  session: Session,
  size: number,
  usage: GPUBufferUsageFlags,
  label: string,
): Promise<GPUBuffer> {
  const { device } = session;
  device.pushErrorScope('out-of-memory');
  const buffer = device.createBuffer({ size, usage, label });
  const error = await session.during(device.popErrorScope());
  if (!error) return buffer;
  buffer.destroy();
  throw new AttnError('out-of-memory', { bytes: size });
}

/**
 * Makes those of `ids` that are not there yet and fills the inputs among them.
 * @throws AttnError `out-of-memory` (bytes); what was made before stays in `tensors`
 */
export async function addTensors(
  session: Session,
  tensors: Tensors,
  run: Run,
  inputs: Inputs,
  ids: Iterable<TensorId>,
): Promise<void> {
  const { given } = numbersOf(opOf(run).id);
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  for (const id of ids) {
    if (tensors.has(id)) continue;
    const buffer = await createBuffer(session, 4 * elementsOf(id, run.shape), usage, id);
    tensors.set(id, buffer);
    const values = given(id, { ...run, inputs });
    if (values)
      session.device.queue.writeBuffer(buffer, 0, values as Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>);
  }
}

/** Frees all of them. */
export function destroyTensors(tensors: Tensors): void {
  for (const buffer of tensors.values()) buffer.destroy();
  tensors.clear();
}

/**
 * Reads a buffer, or a part of it. A function is asked for the buffer when it is copied from, and may throw when it is
 * gone by then.
 * @param offset first byte, a multiple of 4
 * @param size bytes, a multiple of 4
 * @throws AttnError `out-of-memory`, `device-lost`, `unexpected` where the device refuses the copy
 */
export async function readBytes(session: Session, buffer: GPUBuffer): Promise<ArrayBuffer>;
export async function readBytes(
  session: Session,
  buffer: () => GPUBuffer,
  offset: number,
  size: number,
): Promise<ArrayBuffer>;
export async function readBytes(
  session: Session,
  buffer: GPUBuffer | (() => GPUBuffer),
  offset = 0,
  bytes?: number,
): Promise<ArrayBuffer> {
  const { device } = session;
  const size = bytes ?? (buffer as GPUBuffer).size;
  const staging = await createBuffer(session, size, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST, 'staging');
  try {
    const faults = faultsOf(session);
    faults.during(() => {
      const encoder = device.createCommandEncoder();
      encoder.copyBufferToBuffer(typeof buffer === 'function' ? buffer() : buffer, offset, staging, 0, size);
      device.queue.submit([encoder.finish()]);
    });
    await faults.throwFirst();
    await session.during(staging.mapAsync(GPUMapMode.READ));
    return staging.getMappedRange().slice(0);
  } finally {
    staging.destroy();
  }
}
