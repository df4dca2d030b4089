/** Capture: runs a kernel plain and instrumented on this device and makes a trace of it; then more workgroups of it on demand. */
import type { Inputs, TensorId } from '../attention/shape';
import { extentOf } from '../attention/shape';
import { hashOf } from '../capture/hash';
import type { CapturedWorkgroup, Tensor, Trace, TraceHeader, TracePass } from '../capture/trace';
import { TRACE_VERSION } from '../capture/trace';
import type { Run } from '../kernels/card';
import { checkRun, kernelById } from '../kernels/index';
import { CaptureCache } from './capture-cache';
import { TapPass, tapPass, tapPipeline, throwIfAborted } from './capture-pass';
import type { RecordOptions } from './capture-pass';
import { PassCapture } from './capture-work';
import { maxDifference, maxOracleError } from './compare';
import { Decoder } from './decoder';
import type { Prepared } from './run';
import { prepare, preparePass } from './run';
import type { Session } from './session';
import { sliceRun, submitsFor, workgroupsOf } from './slices';

export interface CaptureMeta {
  /** Free words about the input. */
  input: string;
  tokens?: readonly string[];
  /** The plane (batch * heads + head) to capture workgroups of; 0 by default. */
  plane?: number;
  /** The query row whose workgroups are captured when not all fit; 0 by default. */
  row?: number;
  /** Local invocation index whose lines are logged; 0 by default. */
  thread?: number;
}

export interface CaptureOptions {
  signal?: AbortSignal;
  /** Told how much of the instrumented run is done, from 0 to 1. */
  onProgress?: (done: number) => void;
  /**
   * Whether the captured workgroups come with the lines of `thread`. 'later': without, so that the trace is there sooner; the first `workgroup()` of a
   * pass compiles the text that logs lines.
   */
  lines?: 'now' | 'later';
}

/** A trace, and the means to capture more of the same run. */
export interface CaptureSession {
  readonly trace: Trace;
  /** Milliseconds that the steps took (measured): making pipelines, the plain run, the instrumented run with reading back and decoding. */
  readonly timings: { pipelines: number; plain: number; tapped: number };
  /**
   * One workgroup with the lines of one thread: from the trace, from a cache, or captured now. A newer call replaces one that still waits. While the
   * text that logs lines is being compiled, the first call for a workgroup gets it without lines at once, the next waits for them.
   * @throws AttnError `cancelled`, `out-of-memory`, `device-lost`
   */
  workgroup(pass: number, workgroup: number, thread: number, signal?: AbortSignal): Promise<CapturedWorkgroup>;
  dispose(): void;
}

/** Bytes of counts, lines and state up to which all workgroups of the plane are captured, all passes together. */
const ALL_BYTES = 32 * 2 ** 20;
/** More workgroups than this are not all captured, however small they are. */
const ALL_WORKGROUPS = 4096;
/** Counting takes about so many times as long as the plain run; logging lines is slower still. */
const SLOWDOWN = 3;

/**
 * Captures a run: all workgroups of one plane when they fit 32 MiB, else those of one query row; counts of all workgroups of all planes.
 * @throws AttnError what `prepare` throws, and `cannot-tap`, `cancelled`
 */
export async function openCapture(
  session: Session,
  run: Run,
  inputs: Inputs,
  meta: CaptureMeta,
  options: CaptureOptions = {},
): Promise<CaptureSession> {
  checkRun(run);
  const start = performance.now();
  // The plain texts compile while the others are made, and then all compile side by side.
  const preparing = prepare(session, run, inputs);
  const sources = kernelById(run.kernel)
    .passes(run)
    .map((spec) => attempt(() => tapPass(session, spec)));
  const opening = sources.map(async (source) => TapPass.open(session, await source, false));
  await allOrNothing([preparing, ...opening]);
  const plain = await preparing;
  const decoder = new Decoder();
  const taps = await Promise.all(
    opening.map(async (lean, i) => new PassCapture(session, decoder, await sources[i]!, await lean, plain.tensors)),
  );
  const capture = new Capture(session, plain, taps, decoder, meta);
  try {
    if (options.lines !== 'later') await Promise.all(taps.map((tap) => tap.prepareLines()));
    const compiled = performance.now();
    throwIfAborted(options.signal);
    const tensors = await capture.runPlain(inputs);
    const ran = performance.now();
    const passes = await capture.runTapped(options);
    const header = await capture.header(tensors, inputs);
    const trace: Trace = { header, tensors, passes };
    const timings = { pipelines: compiled - start, plain: ran - compiled, tapped: performance.now() - ran };
    const cache = new CaptureCache(
      async (pass, workgroup, thread, signal) => (await taps[pass]!.one(workgroup, thread, signal)).captured,
      trace,
    );
    return {
      trace,
      timings,
      workgroup: async (pass, workgroup, thread, signal) => {
        const tap = taps[pass]!;
        if (!tap.linesReady) {
          const compiling = tap.prepareLines();
          if (!cache.has(pass, workgroup, undefined)) {
            compiling.catch(() => undefined); // the next call says so
            return cache.get(pass, workgroup, undefined, signal);
          }
          await compiling;
        }
        return cache.get(pass, workgroup, thread, signal);
      },
      dispose: () => {
        cache.dispose();
        capture.dispose();
      },
    };
  } catch (thrown) {
    capture.dispose();
    throw thrown;
  }
}

/**
 * Starts to compile what `openCapture` will need for a run, while its inputs are still being made. What goes wrong here goes wrong there again, and
 * is told there.
 */
export async function warmCapture(session: Session, run: Run): Promise<void> {
  try {
    checkRun(run);
    const card = kernelById(run.kernel);
    if (card.limit(run, session.limits)) return;
    const specs = card.passes(run);
    const plain = specs.map((spec) => preparePass(session, run.kernel, spec));
    const tapped = specs.map((spec) => attempt(() => tapPipeline(session, tapPass(session, spec), false)));
    await Promise.allSettled([...plain, ...tapped]);
  } catch {
    // See above.
  }
}

/** What a function returns or throws, as a promise that nobody needs to watch yet. */
function attempt<T>(make: () => T | Promise<T>): Promise<T> {
  const made = new Promise<T>((resolve) => resolve(make()));
  made.catch(() => undefined);
  return made;
}

/** Waits for all; when one fails, frees what the others made before it throws. */
async function allOrNothing(work: readonly Promise<{ dispose(): void }>[]): Promise<void> {
  const results = await Promise.allSettled(work);
  const failed = results.find((result) => result.status === 'rejected');
  if (!failed) return;
  for (const result of results) if (result.status === 'fulfilled') result.value.dispose();
  throw failed.reason;
}

class Capture {
  readonly #session: Session;
  readonly #plain: Prepared;
  readonly #taps: readonly PassCapture[];
  readonly #decoder: Decoder;
  readonly #meta: Required<Omit<CaptureMeta, 'tokens'>> & Pick<CaptureMeta, 'tokens'>;

  constructor(session: Session, plain: Prepared, taps: readonly PassCapture[], decoder: Decoder, meta: CaptureMeta) {
    this.#session = session;
    this.#plain = plain;
    this.#taps = taps;
    this.#decoder = decoder;
    this.#meta = { plane: 0, row: 0, thread: 0, ...meta };
  }

  /** Tensors that the kernel writes. */
  #written(): TensorId[] {
    const bindings = this.#taps.flatMap(({ source }) => source.spec.bindings);
    return [...new Set(bindings.filter(({ access }) => access === 'read_write').map(({ tensor }) => tensor))];
  }

  async runPlain(inputs: Inputs): Promise<Tensor[]> {
    const { run } = this.#plain;
    this.#plain.submit();
    const given: [TensorId, Float32Array][] = [
      ['Q', inputs.q],
      ['K', inputs.k],
      ['V', inputs.v],
    ];
    const written = await Promise.all(
      this.#written().map(async (id): Promise<[TensorId, Float32Array]> => [id, await this.#plain.read(id)]),
    );
    return [...given, ...written].map(([id, data]) => ({ id, ...extentOf(id, run.shape), data }));
  }

  /** Runs the instrumented passes in order on cleared outputs, so that what they write can be held against the plain run. */
  async runTapped({ signal, onProgress, lines }: CaptureOptions): Promise<TracePass[]> {
    const { device } = this.#session;
    const { run } = this.#plain;
    const clear = device.createCommandEncoder();
    for (const id of this.#written()) clear.clearBuffer(this.#plain.tensors.get(id)!);
    device.queue.submit([clear.finish()]);
    const slices = sliceRun(run.shape, SLOWDOWN * submitsFor(run.shape, this.#session.info.software));
    let done = 0;
    const onPiece = () => onProgress?.(++done / (slices.length * this.#taps.length));
    const passes: TracePass[] = [];
    let room = ALL_BYTES;
    for (const tap of this.#taps) {
      const pieces = slices.map((slice) => workgroupsOf(tap.source.spec, slice));
      const totals = await tap.totals(pieces, { signal, onPiece });
      const { captured, bytes } = await this.#captured(tap, lines === 'later' ? undefined : this.#meta.thread, room, { signal });
      room -= bytes;
      passes.push(describe(tap, totals, captured));
    }
    return passes;
  }

  /** All workgroups of the plane if there is room for them, else the one that the row begins in. */
  async #captured(tap: PassCapture, thread: number | undefined, room: number, options: RecordOptions) {
    const { spec } = tap.source;
    const { plane, row } = this.#meta;
    const { shape } = this.#plain.run;
    const count = spec.grid[0] * spec.grid[1];
    const first = plane * count;
    const chosen = first + Math.floor(row / spec.rows);
    if (count <= ALL_WORKGROUPS) {
      // The last workgroup has the most phases under a causal mask; what it needs tells whether all fit.
      const last = await tap.one(first + count - 1, thread, options.signal);
      const pieces = sliceRun({ ...shape, batch: 1, heads: 1 }, 4 * SLOWDOWN).map((slice) => workgroupsOf(spec, { ...slice, plane }));
      const all = await tap.all(first, count, pieces, thread, last.needs, room, options);
      if (all) return all;
      if (chosen === last.captured.workgroup) return { captured: [last.captured], bytes: 0 };
    }
    return { captured: [(await tap.one(chosen, thread, options.signal)).captured], bytes: 0 };
  }

  async header(tensors: readonly Tensor[], inputs: Inputs): Promise<TraceHeader> {
    const { run } = this.#plain;
    const { plane, input, tokens } = this.#meta;
    const outputs = tensors.filter(({ id }) => id === 'O' || id === 'LSE');
    const differences = await Promise.all(outputs.map(async ({ id, data }) => maxDifference(data, await this.#plain.read(id))));
    const o = outputs.find(({ id }) => id === 'O')!;
    const { limits, info } = this.#session;
    return {
      version: TRACE_VERSION,
      run,
      provenance: 'this-device',
      adapter: { vendor: info.vendor, architecture: info.architecture, description: info.description, software: info.software },
      limits: {
        maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
        maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
        maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
        maxBufferSize: limits.maxBufferSize,
      },
      maxPlainTapped: Math.max(...differences),
      maxOracle: maxOracleError(run, inputs, o.data),
      plane,
      ...(tokens && { tokens }),
      input,
    };
  }

  dispose(): void {
    this.#decoder.dispose();
    for (const tap of this.#taps) tap.dispose();
    this.#plain.dispose();
  }
}

/** A pass of the trace: the plain text, what was found in it, and what was recorded. */
function describe({ source: { spec, text, tapped } }: PassCapture, totals: Uint32Array, captured: CapturedWorkgroup[]): TracePass {
  const { name, grid, workgroupSize } = spec;
  const { sites, writers, arrays, variables, phases } = tapped;
  const bindings = spec.bindings.map((binding) => ({ name: binding.name, tensor: binding.tensor, access: binding.access }));
  return { name, text, hash: hashOf(text), grid, workgroupSize, bindings, sites, writers, arrays, variables, phases, totals, captured };
}
