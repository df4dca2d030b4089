/**
 * One instrumented pass on the device: compiled once, its buffer reused, dispatched for one workgroup or for the whole
 * grid.
 */
import { AttnError } from '../../errors';
import { needsOf } from '../../tap/decode';
import type { TappedPass } from '../../tap/describe';
import type { Raw } from '../../tap/decode';
import { HEAD_WORDS, planBuffer, setupWords, STORE_HEAD_WORDS } from '../../tap/layout';
import type { Caps, Extract, Plan } from '../../tap/layout';
import { TAP_GROUP } from '../../tap/prelude';
import { instrument } from '../../tap/tap';
import type { Tapped } from '../../tap/tap';
import type { PassSpec } from '../../kernels/card';
import { link } from '../../wgsl/link';
import { throwIfAborted } from '../machine';
import { keepBySession } from './kept';
import { createPipeline } from './pipeline';
import { faultsOf, type Faults } from './faults';
import type { Pipeline } from './pipeline';
import { originEntry, storageEntries } from './run';
import type { Session } from './session';
import type { Tensors } from './tensors';
import { createBuffer, readBytes } from './tensors';

/** A box of workgroups: a dispatch. */
export interface Piece {
  origin: readonly number[];
  size: readonly number[];
}

/** What a dispatch records, and how long its caller still wants it. */
export interface RecordOptions {
  signal?: AbortSignal | undefined;
  /** Told after every piece. */
  onPiece?: (() => void) | undefined;
}

const WORD = 4;
/** Uniforms of the tap and of the kernel's origin lie in one buffer, at this distance. */
const ORIGIN_AT = 0;
const SETUP_AT = 256;

/** No invocation has this index: an extract with it logs no lines. */
export const NO_THREAD = 2 ** 32 - 1;

/** Where a workgroup stands in its grid. */
export function coordinates(workgroup: number, [gx, gy]: readonly [number, number, number]): [number, number, number] {
  return [workgroup % gx, Math.floor(workgroup / gx) % gy, Math.floor(workgroup / (gx * gy))];
}

const instrumented = keepBySession<Tapped>(32);

/**
 * Instruments a pass, once a session and text: the text that people read, its marked loops as they stand. The private
 * variables that the card names a role for are mirrored.
 * @throws AttnError `cannot-tap` (reason)
 */
export function tapPass(session: Session, spec: PassSpec): TappedPass {
  const text = link(spec).source;
  const options = {
    workgroupSize: spec.workgroupSize,
    locals: new Set(Object.keys(spec.layouts)),
    maxStorageBuffers: session.limits.maxStorageBuffersPerShaderStage,
  };
  return { spec, text, tapped: instrumented.get(session, `${spec.name}\n${text}`, () => instrument(text, options)) };
}

/**
 * Compiles an instrumented pass; `lines`: the text that logs one invocation's assignments.
 * @throws AttnError `compile-failed`, `device-lost`
 */
export function tapPipeline(session: Session, { spec, tapped }: TappedPass, lines: boolean): Promise<Pipeline> {
  const visibility = GPUShaderStage.COMPUTE;
  const groups: GPUBindGroupLayoutEntry[][] = [storageEntries(spec), [originEntry()], []];
  groups[TAP_GROUP] = [
    { binding: 0, visibility, buffer: { type: 'storage' } },
    { binding: 1, visibility, buffer: { type: 'uniform' } },
  ];
  return createPipeline(session, `${spec.name} (tapped)`, lines ? tapped.lined : tapped.code, groups);
}

/**
 * A pass on the device. Its two texts have layouts of the same entries, so they share every bind group and the buffer:
 * where lines are wanted, the text that logs them is dispatched behind the one that counts.
 */
export class TapPass {
  readonly spec: PassSpec;
  readonly tapped: Tapped;
  readonly #session: Session;
  readonly #source: TappedPass;
  readonly #pipeline: Pipeline;
  readonly #uniforms: GPUBuffer;
  readonly #faults: Faults;
  #lined: Promise<void> | undefined;
  #linedPipeline: Pipeline | undefined;
  #buffer: GPUBuffer | undefined;
  #groups: { tensors: GPUBindGroup; origin: GPUBindGroup; empty: GPUBindGroup } | undefined;
  #tapGroup: GPUBindGroup | undefined;
  #disposed = false;

  private constructor(session: Session, source: TappedPass, pipeline: Pipeline) {
    const { spec, tapped } = source;
    this.spec = spec;
    this.tapped = tapped;
    this.#session = session;
    this.#source = source;
    this.#pipeline = pipeline;
    this.#faults = faultsOf(session);
    const size = SETUP_AT + 96 + 16 * tapped.phases.length + 16 * Math.max(1, Math.ceil(tapped.sites.length / 4));
    this.#uniforms = session.device.createBuffer({
      size,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
      label: 'tap uniforms',
    });
  }

  /** A pass with its pipeline, see `tapPipeline`. */
  static async open(session: Session, source: TappedPass): Promise<TapPass> {
    return new TapPass(session, source, await tapPipeline(session, source, false));
  }

  /** Compiles the text that logs lines, once; it is not needed for anything else. */
  prepareLines(): Promise<void> {
    this.#lined ??= this.#openLined();
    return this.#lined;
  }

  async #openLined(): Promise<void> {
    try {
      this.#linedPipeline = await tapPipeline(this.#session, this.#source, true);
    } catch (thrown) {
      this.#lined = undefined;
      throw thrown;
    }
  }

  /**
   * A newer run may have taken this one's place while it waited: its buffers are gone, and nobody wants it any more.
   */
  #stillWanted(signal?: AbortSignal): void {
    if (this.#disposed) throw new AttnError('cancelled');
    throwIfAborted(signal);
  }

  /** Binds the tensors that the pass works on. */
  bind(tensors: Tensors): void {
    const { device } = this.#session;
    const [storage, origin, empty] = this.#pipeline.layouts;
    const entries = this.spec.bindings.map(({ binding, tensor }) => {
      const buffer = tensors.get(tensor);
      // Freed meanwhile: a newer run took this one's place.
      if (!buffer) throw new AttnError('cancelled');
      return { binding, resource: { buffer } };
    });
    this.#groups = {
      tensors: device.createBindGroup({ layout: storage!, entries }),
      origin: device.createBindGroup({
        layout: origin!,
        entries: [{ binding: 0, resource: { buffer: this.#uniforms, offset: ORIGIN_AT, size: 16 } }],
      }),
      empty: device.createBindGroup({ layout: empty!, entries: [] }),
    };
  }

  /** Words that the tap's buffer can have on this device. */
  get maxWords(): number {
    const { maxStorageBufferBindingSize, maxBufferSize } = this.#session.limits;
    return Math.floor(Math.min(maxStorageBufferBindingSize, maxBufferSize, 2 ** 31) / WORD);
  }

  /**
   * Dispatches the pieces, one submit each, into a cleared buffer. Waits between pieces, so that it can be cancelled.
   * Lines of `extract.thread` need `prepareLines` first.
   * @throws AttnError `cancelled`, also when disposed meanwhile; `out-of-memory`, `device-lost`
   */
  async record(extract: Extract, pieces: readonly Piece[], options: RecordOptions = {}): Promise<Plan> {
    const { device } = this.#session;
    const plan = planBuffer(this.tapped, extract);
    this.#stillWanted(options.signal);
    const buffer = await this.#room(plan.size * WORD);
    this.#stillWanted(options.signal);
    const clear = device.createCommandEncoder();
    clear.clearBuffer(buffer, 0, plan.size * WORD);
    device.queue.submit([clear.finish()]);
    const lined = extract.thread === NO_THREAD ? [] : [this.#linedPipeline!];
    for (const piece of pieces) {
      for (const { pipeline } of [this.#pipeline, ...lined])
        this.#faults.during(() => this.#dispatch(pipeline, extract, plan, piece));
      if (pieces.length > 1) await this.#session.during(device.queue.onSubmittedWorkDone());
      this.#stillWanted(options.signal);
      options.onPiece?.();
    }
    return plan;
  }

  #dispatch(pipeline: GPUComputePipeline, extract: Extract, plan: Plan, { origin, size }: Piece): void {
    const { device } = this.#session;
    const groups = this.#groups!;
    device.queue.writeBuffer(this.#uniforms, ORIGIN_AT, Uint32Array.from(origin));
    device.queue.writeBuffer(this.#uniforms, SETUP_AT, setupWords(this.tapped, extract, plan, origin));
    const commands = device.createCommandEncoder();
    const pass = commands.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, groups.tensors);
    pass.setBindGroup(1, groups.origin, [0]);
    pass.setBindGroup(2, groups.empty);
    pass.setBindGroup(TAP_GROUP, this.#tapGroup);
    pass.dispatchWorkgroups(size[0] ?? 1, size[1], size[2]);
    pass.end();
    device.queue.submit([commands.finish()]);
  }

  /** The buffer, grown when it is too small. */
  async #room(bytes: number): Promise<GPUBuffer> {
    if (this.#buffer && this.#buffer.size >= bytes) return this.#buffer;
    this.#buffer?.destroy();
    this.#buffer = undefined;
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const buffer = await createBuffer(this.#session, bytes, usage, 'tap');
    if (this.#disposed) {
      buffer.destroy();
      throw new AttnError('cancelled');
    }
    this.#tapGroup = this.#session.device.createBindGroup({
      layout: this.#pipeline.layouts[TAP_GROUP]!,
      entries: [
        { binding: 0, resource: { buffer } },
        { binding: 1, resource: { buffer: this.#uniforms, offset: SETUP_AT } },
      ],
    });
    this.#buffer = buffer;
    return buffer;
  }

  /**
   * Words of the buffer. Throws `cancelled` when disposed meanwhile, `unexpected` where the device refused a command of
   * the recording.
   */
  async #read(first: number, words: number): Promise<Uint32Array> {
    const wanted = (): GPUBuffer => {
      this.#stillWanted();
      return this.#buffer!;
    };
    const bytes = await readBytes(this.#session, wanted, first * WORD, words * WORD);
    // A run that is not wanted any more has no buffers, and what the device said of that is nobody's.
    this.#stillWanted();
    await this.#faults.throwFirst();
    return new Uint32Array(bytes);
  }

  /** All of what was recorded. */
  readAll(plan: Plan): Promise<Uint32Array> {
    return this.#read(0, plan.size);
  }

  /** What the one captured workgroup of `plan` needed: phases, state and lines, even where there was no room. */
  async readNeeds(plan: Plan): Promise<Caps> {
    const logs = plan.storeHeads !== undefined;
    const words = await this.#read(plan.heads, HEAD_WORDS + (logs ? STORE_HEAD_WORDS : 0));
    return needsOf({ words, plan: { ...plan, heads: 0, storeHeads: logs ? HEAD_WORDS : undefined } }, 0);
  }

  /** The one captured workgroup of a recording, without the room that it did not use. */
  async readOne(plan: Plan, extract: Extract, needs: Caps): Promise<Raw> {
    const { device } = this.#session;
    const { first, thread } = extract;
    const caps: Caps = {
      phases: Math.min(needs.phases, extract.caps.phases),
      state: Math.min(needs.state, extract.caps.state),
      lines: Math.min(needs.lines, extract.caps.lines),
      stores: Math.min(needs.stores, extract.caps.stores),
    };
    const tight = planBuffer(this.tapped, { ...extract, caps, totals: false });
    const staging = await createBuffer(
      this.#session,
      tight.size * WORD,
      GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
      'staging',
    );
    try {
      this.#stillWanted();
      const encoder = device.createCommandEncoder();
      const regions = ['heads', 'order', 'starts', 'counts', 'log', 'state', 'stores'] as const;
      regions.forEach((region, i) => {
        const next = regions[i + 1];
        const words = (next ? tight[next] : tight.totals) - tight[region];
        if (words > 0)
          encoder.copyBufferToBuffer(this.#buffer!, plan[region] * WORD, staging, tight[region] * WORD, words * WORD);
      });
      device.queue.submit([encoder.finish()]);
      await this.#session.during(staging.mapAsync(GPUMapMode.READ));
      return {
        words: new Uint32Array(staging.getMappedRange().slice(0)),
        plan: tight,
        caps,
        first,
        captured: 1,
        thread,
      };
    } finally {
      staging.destroy();
    }
  }

  dispose(): void {
    this.#disposed = true;
    this.#buffer?.destroy();
    this.#uniforms.destroy();
  }
}
