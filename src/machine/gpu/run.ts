// Runs a kernel: its buffers and pipelines, made once; dispatched as often as wanted; read back.
import type { TensorId } from '../../ops/op';
import type { Inputs } from '../../ops/attention/shape';
import { AttnError, isError } from '../../errors';
import type { Run } from '../../ops/run';
import type { Kernel, PassSpec } from '../../kernels/card';
import type { Linked } from '../../wgsl/link';
import { link } from '../../wgsl/link';
import { checkFits } from '../run-of';
import type { Pipeline } from './pipeline';
import { createPipeline } from './pipeline';
import { faultsOf } from './faults';
import type { Session } from './session';
import type { Slice } from './slices';
import { sliceRun, submitsFor, workgroupsOf } from './slices';
import type { Tensors } from './tensors';
import { addTensors, destroyTensors, readBytes } from './tensors';

/** Uniform offsets are multiples of this on every device. */
const ORIGIN_STRIDE = 256;

/** The layout of @group(1): where a dispatch begins in the grid, see shaders/lib/origin.wgsl. */
export const originEntry = (): GPUBindGroupLayoutEntry => ({
  binding: 0,
  visibility: GPUShaderStage.COMPUTE,
  buffer: { type: 'uniform', hasDynamicOffset: true, minBindingSize: 12 },
});

/** The layout of @group(0) of a pass. */
export const storageEntries = ({ bindings }: PassSpec): GPUBindGroupLayoutEntry[] =>
  bindings.map(({ binding, access }) => ({
    binding,
    visibility: GPUShaderStage.COMPUTE,
    buffer: { type: access === 'read' ? 'read-only-storage' : 'storage' },
  }));

export interface PreparedPass extends Pipeline {
  spec: PassSpec;
  linked: Linked;
}

/** A kernel ready to run on its tensors. */
export interface Prepared {
  readonly run: Run;
  readonly passes: readonly PreparedPass[];
  readonly tensors: Tensors;
  /** The pieces that a whole run is submitted in, the same for every kernel of a shape. */
  readonly slices: readonly Slice[];
  /** Puts the dispatches of one slice, or of all, into a compute pass of the caller. */
  encode(encoder: GPUComputePassEncoder, slice?: number): void;
  /** Submits one slice, or all of them one submit each. Does not wait. */
  submit(slice?: number): void;
  /**
   * Resolves when everything submitted so far is done. Throws `device-lost`, and `unexpected` where the device refused
   * a command of this run.
   */
  done(): Promise<void>;
  /**
   * A tensor's values as they are now. Throws `device-lost`, `out-of-memory`, and `unexpected` where the device refused
   * a command of this run.
   */
  read(tensor: TensorId): Promise<Float32Array>;
  /** Frees the buffers that `prepare` made. */
  dispose(): void;
}

export interface PrepareOptions {
  /** Buffers to share with other kernels of the same shape; missing ones are added to it, and the caller frees them. */
  tensors?: Tensors;
  /** How many pieces to submit the run in; by default so many that none takes long. */
  submits?: number;
}

function writeOrigins(session: Session, passes: readonly PreparedPass[], slices: readonly Slice[]): GPUBuffer {
  const words = new Uint32Array((slices.length * passes.length * ORIGIN_STRIDE) / 4);
  slices.forEach((slice, s) =>
    passes.forEach(({ spec }, p) =>
      words.set(workgroupsOf(spec, slice).origin, ((s * passes.length + p) * ORIGIN_STRIDE) / 4),
    ),
  );
  const buffer = session.device.createBuffer({
    size: words.byteLength,
    usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    label: 'origins',
  });
  session.device.queue.writeBuffer(buffer, 0, words);
  return buffer;
}

/** The tensors that passes work on. */
export const tensorsOf = (specs: readonly PassSpec[]): Set<TensorId> =>
  new Set(specs.flatMap(({ bindings }) => bindings.map(({ tensor }) => tensor)));

/** Compiles a pass. @throws AttnError `compile-failed` with the line of the text that people read, `device-lost` */
export async function preparePass(session: Session, kernel: string, spec: PassSpec): Promise<PreparedPass> {
  const linked = link(spec);
  try {
    return {
      ...(await createPipeline(session, kernel, linked.code, [storageEntries(spec), [originEntry()]])),
      spec,
      linked,
    };
  } catch (thrown) {
    if (!isError(thrown, 'compile-failed')) throw thrown;
    throw new AttnError('compile-failed', { ...thrown.details, line: linked.lines[thrown.details.line - 1] ?? 0 });
  }
}

/** Lanes of a quad: kernels that use subgroups pass chunks round in fours. */
const QUAD = 4;

/** Whether this device has the feature that a kernel needs. */
export const hasFeature = (session: Session, { feature }: Pick<Kernel, 'feature'>): boolean =>
  feature === 'subgroups' ? session.subgroupMin >= QUAD : !feature || session.device.features.has(feature);

/** @throws AttnError `feature-missing` (kernel, feature, have) for a kernel that this device has no feature for */
export function checkFeature(session: Session, card: Pick<Kernel, 'id' | 'feature'>): void {
  const { id, feature } = card;
  if (!hasFeature(session, card))
    throw new AttnError('feature-missing', { kernel: id, feature: feature ?? '', have: session.subgroupMin });
}

/**
 * The card of a run that this device can do.
 * @throws AttnError `shape-invalid`, `inputs-mismatch`, `inputs-not-finite`, `feature-missing`, `over-limit`
 */
export const checkFitsDevice = (session: Session, run: Run, inputs: Inputs): Kernel =>
  checkFits(session, run, inputs, (card) => checkFeature(session, card));

/**
 * Makes buffers and pipelines of a run.
 * @throws AttnError `shape-invalid`, `inputs-mismatch`, `inputs-not-finite`, `feature-missing`, `over-limit`,
 * `out-of-memory`, `compile-failed`, `device-lost`
 */
export async function prepare(
  session: Session,
  run: Run,
  inputs: Inputs,
  options: PrepareOptions = {},
): Promise<Prepared> {
  const card = checkFitsDevice(session, run, inputs);
  const { device } = session;
  const specs = card.passes(run);
  const passes = await Promise.all(specs.map((spec) => preparePass(session, run.kernel, spec)));
  const tensors: Tensors = options.tensors ?? new Map<TensorId, GPUBuffer>();
  try {
    await addTensors(session, tensors, run, inputs, tensorsOf(specs));
  } catch (thrown) {
    if (!options.tensors) destroyTensors(tensors);
    throw thrown;
  }
  const faults = faultsOf(session);
  const slices = sliceRun(run.shape, options.submits ?? submitsFor(run.shape, session.info.software), specs);
  const origins = writeOrigins(session, passes, slices);
  const bind = (): GPUBindGroup[][] =>
    passes.map(({ spec, layouts }) => [
      device.createBindGroup({
        layout: layouts[0]!,
        entries: spec.bindings.map(({ binding, tensor }) => ({ binding, resource: { buffer: tensors.get(tensor)! } })),
      }),
      device.createBindGroup({
        layout: layouts[1]!,
        entries: [{ binding: 0, resource: { buffer: origins, size: 16 } }],
      }),
    ]);
  const groups = faults.during(bind);

  const encodeSlice = (encoder: GPUComputePassEncoder, s: number) => {
    passes.forEach(({ spec, pipeline }, p) => {
      const [x, y, z] = workgroupsOf(spec, slices[s]!).size;
      encoder.setPipeline(pipeline);
      encoder.setBindGroup(0, groups[p]![0]);
      encoder.setBindGroup(1, groups[p]![1], [(s * passes.length + p) * ORIGIN_STRIDE]);
      encoder.dispatchWorkgroups(x!, y, z);
    });
  };
  const each = (slice: number | undefined, act: (s: number) => void) => {
    if (slice === undefined) slices.forEach((_, s) => act(s));
    else act(slice);
  };
  return {
    run,
    passes,
    tensors,
    slices,
    encode: (encoder, slice) => each(slice, (s) => encodeSlice(encoder, s)),
    submit: (slice) =>
      each(slice, (s) => {
        faults.during(() => {
          const commands = device.createCommandEncoder();
          const encoder = commands.beginComputePass();
          encodeSlice(encoder, s);
          encoder.end();
          device.queue.submit([commands.finish()]);
        });
      }),
    done: async () => {
      await session.during(device.queue.onSubmittedWorkDone());
      await faults.throwFirst();
    },
    read: async (tensor) => {
      const bytes = await readBytes(session, tensors.get(tensor)!);
      await faults.throwFirst();
      return new Float32Array(bytes);
    },
    dispose: () => {
      origins.destroy();
      if (!options.tensors) destroyTensors(tensors);
    },
  };
}
