// How much GPU memory a kernel takes, the smallest N that a limit of the device refuses, and a trial of that limit.
import type { TensorId } from '../ops/op';
import type { Shape } from '../ops/attention/shape';
import { elementsOf } from '../ops';
import { LARGEST } from '../ops/attention/validate';
import type { Run } from '../ops/run';
import type { Limits, Refusal } from '../ops/limits';
import type { Kernel } from '../kernels/card';
import { fittingTile } from '../kernels/kernels';
import { tensorsOf } from '../kernels/io-model';
import type { Session } from '../machine/gpu/session';

const BYTES = 4;

/**
 * Bytes of all buffers that a run needs at once: inputs, outputs, and S and P when the kernel writes them (computed).
 */
export function memoryOf(card: Kernel, run: Run): number {
  return BYTES * tensorsOf(card, run).reduce((sum, tensor) => sum + elementsOf(tensor, run.shape), 0);
}

/** The same problem over N keys, with as many queries, or with one (`decoding`). */
export const atLength = (shape: Shape, n: number, decoding: boolean): Shape => ({
  ...shape,
  queries: decoding ? 1 : n,
  keys: n,
});

/** A kernel's run for a shape, with the tile that the page would choose. */
export function runFor(card: Kernel, shape: Shape, limits: Limits | undefined): Run {
  const base = { kernel: card.id, shape };
  return { ...base, tile: fittingTile(card, base, limits) };
}

/**
 * The smallest N that a limit of the device refuses, with the refusal. Found by bisection: what fits at N fits below.
 * Undefined when there is none up to the longest N that a shape may have.
 */
export async function firstRefused(
  card: Kernel,
  shape: Shape,
  limits: Limits,
  decoding = false,
): Promise<{ n: number; refusal: Refusal } | undefined> {
  const refusalAt = (n: number): Refusal | undefined =>
    card.limit(runFor(card, atLength(shape, n, decoding), limits), limits);
  let fits = 0;
  let refused: number = LARGEST.keys;
  let refusal = refusalAt(refused);
  if (!refusal) return undefined;
  while (refused - fits > 1) {
    // Asking the card of a tuned kernel takes milliseconds: keys pressed meanwhile are handled first.
    await new Promise((resolve) => setTimeout(resolve));
    const middle = (fits + refused) >> 1;
    const found = refusalAt(middle);
    if (found) {
      refused = middle;
      refusal = found;
    } else fits = middle;
  }
  return { n: refused, refusal };
}

/** The limit that a kernel meets, and what the browser said when it was tried. */
export interface LimitTrial {
  kernel: string;
  /** The smallest N that does not fit. */
  n: number;
  limit: string;
  need: number;
  have: number;
  /** The tensor that was tried: the largest one. */
  tensor: string;
  /** The WebGPU call that was refused. */
  call: string;
  /** The browser's own words; absent when it refused nothing. */
  message?: string;
}

/**
 * Creates and binds a storage buffer of so many bytes. Returns the refusal in the browser's own words, or undefined.
 */
export async function tryBinding(
  session: Session,
  size: number,
): Promise<{ call: string; message: string } | undefined> {
  const { device } = session;
  const layout = device.createBindGroupLayout({
    entries: [{ binding: 0, visibility: GPUShaderStage.COMPUTE, buffer: { type: 'storage' } }],
  });
  device.pushErrorScope('out-of-memory');
  device.pushErrorScope('validation');
  const buffer = device.createBuffer({ size, usage: GPUBufferUsage.STORAGE, label: 'trial' });
  const [invalid, noMemory] = [device.popErrorScope(), device.popErrorScope()];
  const refusedBuffer = (await session.during(invalid)) ?? (await session.during(noMemory));
  try {
    if (refusedBuffer) return { call: 'createBuffer', message: refusedBuffer.message };
    device.pushErrorScope('validation');
    device.createBindGroup({ layout, entries: [{ binding: 0, resource: { buffer } }] });
    const refusedGroup = await session.during(device.popErrorScope());
    return refusedGroup ? { call: 'createBindGroup', message: refusedGroup.message } : undefined;
  } finally {
    buffer.destroy();
  }
}

/**
 * Tries the first N that the card says does not fit, when the reason is a buffer. Other limits (workgroup memory,
 * invocations) are known from the card alone.
 */
export async function tryFirstRefused(
  session: Session,
  card: Kernel,
  shape: Shape,
  decoding = false,
): Promise<LimitTrial | undefined> {
  const wall = await firstRefused(card, shape, session.limits, decoding);
  if (!wall) return undefined;
  const { n, refusal } = wall;
  const run = runFor(card, atLength(shape, n, decoding), session.limits);
  const sizeOf = (tensor: TensorId): number => elementsOf(tensor, run.shape);
  const tensor = tensorsOf(card, run).reduce((a, b) => (sizeOf(b) > sizeOf(a) ? b : a));
  const about = { kernel: card.id, n, limit: refusal.limit, need: refusal.need, have: refusal.have, tensor };
  if (refusal.limit !== 'maxStorageBufferBindingSize' && refusal.limit !== 'maxBufferSize')
    return { ...about, call: '' };
  const refused = await tryBinding(session, BYTES * sizeOf(tensor));
  return refused ? { ...about, ...refused } : { ...about, call: 'createBindGroup' };
}
