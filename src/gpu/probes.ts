// What the machine itself can do, measured in the same rounds as the kernels: multiply-adds, bytes moved, and an empty submit.
import copyText from '../../shaders/probe-copy.wgsl?raw';
import fmaText from '../../shaders/probe-fma.wgsl?raw';
import { createPipeline } from './pipeline';
import type { Session } from './session';
import { createBuffer } from './tensors';
import { stopwatch, type Stopwatch } from './time';

/** A stopwatch with the work that one run of it does. */
export interface Probe extends Stopwatch {
  flops: number;
  bytes: number;
}

/** Bytes of one of the copy's buffers. */
const COPY_BYTES = 16 << 20;
/** Multiply-adds of two vec4 chains, unrolled four times, as the shader has them: 2 FLOPs each. */
const FLOPS_AN_ITERATION = 2 * 4 * 2 * 4;

/** A submit with nothing in it: the floor under every wall time. */
export const nullProbe = (session: Session): Probe => ({ ...stopwatch(session, 1, () => undefined), flops: 0, bytes: 0 });

/** Multiply-adds. A CPU wants few long threads, a GPU many short ones. */
export async function fmaProbe(session: Session): Promise<Probe> {
  const [size, groups, iterations] = session.info.software ? [64, 64, 1024] : [256, 1024, 128];
  const sink = await createBuffer(session, size * groups * 16, GPUBufferUsage.STORAGE, 'probe');
  const code = `const WG = ${size}u;\nconst ITERATIONS = ${iterations}u;\n${fmaText}`;
  const watch = await shaderWatch(session, code, [sink], groups, 'probe-fma');
  return { ...watch, flops: size * groups * iterations * FLOPS_AN_ITERATION, bytes: 0 };
}

/** A copy from one buffer to another; bytes counts both ways. */
export async function copyProbe(session: Session): Promise<Probe> {
  const source = await createBuffer(session, COPY_BYTES, GPUBufferUsage.STORAGE, 'probe');
  const sink = await createBuffer(session, COPY_BYTES, GPUBufferUsage.STORAGE, 'probe');
  const watch = await shaderWatch(session, copyText, [source, sink], COPY_BYTES / 16 / 1024, 'probe-copy');
  return { ...watch, flops: 0, bytes: 2 * COPY_BYTES };
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
