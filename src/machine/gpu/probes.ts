// What the machine itself can do, measured in the same rounds as the kernels: f32 multiply-adds (no tensor cores: WGSL
// has none), bytes moved, and an empty submit.
import copyText from '../../../shaders/probe-copy.wgsl?raw';
import fmaText from '../../../shaders/probe-fma.wgsl?raw';
import { asAttnError } from '../../errors';
import { createPipeline } from './pipeline';
import type { Session } from './session';
import { createBuffer } from './tensors';
import { stopwatch, type Stopwatch } from './time';

/** A stopwatch with the work that one run of it does. */
export interface Probe extends Stopwatch {
  flops: number;
  bytes: number;
}

/**
 * Bytes of one of the copy's two buffers. Both together are to be four times the largest last cache that a GPU has (256
 * MiB), or the copy runs in the cache; a device that takes long over less has none so large.
 */
export const COPY = { least: 16 << 20, most: 512 << 20, enoughMs: 2 };
/** Multiply-adds of two vec4 chains, unrolled four times, as the shader has them: 2 FLOPs each. */
const FLOPS_AN_ITERATION = 2 * 4 * 2 * 4;

/** A submit with nothing in it: the floor under every wall time. */
export const nullProbe = (session: Session): Probe => ({
  ...stopwatch(session, 1, () => undefined),
  flops: 0,
  bytes: 0,
});

/** Multiply-adds. A CPU wants few long threads, a GPU many short ones. */
export async function fmaProbe(session: Session): Promise<Probe> {
  const [size, groups, iterations] = session.info.software ? [64, 64, 1024] : [256, 1024, 128];
  const sink = await createBuffer(session, size * groups * 16, GPUBufferUsage.STORAGE, 'probe');
  const code = `const WG = ${size}u;\nconst ITERATIONS = ${iterations}u;\n${fmaText}`;
  const watch = await shaderWatch(session, code, [sink], groups, 'probe-fma');
  return { ...watch, flops: size * groups * iterations * FLOPS_AN_ITERATION, bytes: 0 };
}

/** A copy from one buffer to another of `size` bytes; bytes counts both ways. @throws AttnError `out-of-memory` */
export async function copyProbe(session: Session, size: number): Promise<Probe> {
  const source = await createBuffer(session, size, GPUBufferUsage.STORAGE, 'probe');
  const sink = await createBuffer(session, size, GPUBufferUsage.STORAGE, 'probe').catch((thrown: unknown) => {
    source.destroy();
    throw thrown;
  });
  const watch = await shaderWatch(session, copyText, [source, sink], size / COPIED, 'probe-copy');
  return { ...watch, flops: 0, bytes: 2 * size };
}

/** Bytes that a workgroup copies. */
const COPIED = 16 * 1024;

/** The largest buffer that a device lets the copy have. */
const mostOf = ({
  maxBufferSize,
  maxStorageBufferBindingSize,
  maxComputeWorkgroupsPerDimension,
}: Session['limits']): number =>
  Math.min(COPY.most, maxBufferSize, maxStorageBufferBindingSize, maxComputeWorkgroupsPerDimension * COPIED);

/** Sizes that were found, by device: a sweep asks at every point. */
const found = new WeakMap<GPUDevice, number>();

/**
 * The copy with buffers as large as they should be, see `fittingSize`.
 * @param msOf how long one run of it takes
 * @throws AttnError `out-of-memory` where not even the smallest fit
 */
export async function largestCopy(session: Session, msOf: (probe: Probe) => Promise<number>): Promise<Probe> {
  const { device, limits } = session;
  const make = (size: number): Promise<Probe | undefined> =>
    copyProbe(session, size).catch((thrown: unknown) => {
      if (asAttnError(thrown).code === 'out-of-memory') return undefined;
      throw thrown;
    });
  const { probe, size } = await fittingSize({ make, msOf, most: mostOf(limits), known: found.get(device) });
  found.set(device, size);
  return probe ?? (await copyProbe(session, COPY.least));
}

interface Fitting<P> {
  /** Undefined where memory is short. */
  make(size: number): Promise<P | undefined>;
  msOf(probe: P): Promise<number>;
  /** Bytes that limits allow. */
  most: number;
  /** What was found before; no larger one is tried. */
  known: number | undefined;
}

/**
 * Buffers that double until one copy takes long, a limit stands in the way, or memory is short. No two are held at
 * once.
 */
export async function fittingSize<P extends { dispose(): void }>({
  make,
  msOf,
  most,
  known,
}: Fitting<P>): Promise<{
  probe: P | undefined;
  size: number;
}> {
  let size = known ?? COPY.least;
  let probe = await make(size);
  const largest = known ?? most;
  while (probe && 2 * size <= largest && (await msOf(probe)) < COPY.enoughMs) {
    probe.dispose();
    size *= 2;
    probe = await make(size);
    if (!probe) break;
  }
  // Short of memory: kernels may have taken what was there before.
  while (!probe && size > COPY.least) {
    size /= 2;
    probe = await make(size);
  }
  return { probe, size };
}

async function shaderWatch(
  session: Session,
  code: string,
  buffers: readonly GPUBuffer[],
  groups: number,
  name: string,
): Promise<Stopwatch> {
  const entries = buffers.map((_, binding) => ({
    binding,
    visibility: GPUShaderStage.COMPUTE,
    buffer: { type: binding < buffers.length - 1 ? ('read-only-storage' as const) : ('storage' as const) },
  }));
  const { pipeline, layouts } = await createPipeline(session, name, code, [entries]);
  const group = session.device.createBindGroup({
    layout: layouts[0] as GPUBindGroupLayout,
    entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
  });
  const watch = stopwatch(session, 1, (pass) => {
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(groups);
  });
  return {
    run: watch.run,
    dispose: () => {
      watch.dispose();
      for (const buffer of buffers) buffer.destroy();
    },
  };
}
