/** Capture: runs a kernel plain and instrumented on this device and makes a trace of it; then more workgroups of it on demand. */
import type { Inputs, TensorId } from '../attention/shape';
import { extentOf } from '../attention/shape';
import { addToTotals, decodeCounts, needsOf, readingOf } from '../capture/decode';
import type { Raw } from '../capture/decode';
import { hashOf } from '../capture/hash';
import type { Caps, Extract } from '../capture/tap/layout';
import { planBuffer } from '../capture/tap/layout';
import type { CapturedWorkgroup, Tensor, Trace, TraceHeader, TracePass } from '../capture/trace';
import { TRACE_VERSION } from '../capture/trace';
import type { Run } from '../kernels/card';
import { checkRun, kernelById } from '../kernels/index';
import { CaptureCache } from './capture-cache';
import { coordinates, TapPass, throwIfAborted } from './capture-pass';
import type { Piece, RecordOptions } from './capture-pass';
import { maxDifference, maxOracleError } from './compare';
import { Decoder } from './decoder';
import type { Prepared } from './run';
import { prepare } from './run';
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
}

/** A trace, and the means to capture more of the same run. */
export interface CaptureSession {
  readonly trace: Trace;
  /** Milliseconds that the steps took (measured): making pipelines, the plain run, the instrumented run with reading back and decoding. */
  readonly timings: { pipelines: number; plain: number; tapped: number };
  /**
   * One workgroup with the lines of one thread: from the trace, from a cache, or captured now. A newer call replaces one that still waits.
   * @throws AttnError `cancelled`, `out-of-memory`, `device-lost`
   */
  workgroup(pass: number, workgroup: number, thread: number, signal?: AbortSignal): Promise<CapturedWorkgroup>;
  dispose(): void;
}

/** Bytes of counts, lines and state up to which all workgroups of the plane are captured. */
const ALL_BYTES = 32 * 2 ** 20;
/** What one workgroup gets at first; it is captured again with exactly what it needs when that was too little. */
const FIRST_CAPS: Caps = { phases: 128, state: 2 ** 18, lines: 2 ** 15 };
/** An instrumented run takes about so many times as long as the plain one. */
const SLOWDOWN = 3;

/**
 * Captures a run: all workgroups of one plane when they fit 32 MiB, else those of one query row; counts of all workgroups of all planes.
 * @throws AttnError what `prepare` throws, and `cannot-tap`, `cancelled`
 */
export async function openCapture(session: Session, run: Run, inputs: Inputs, meta: CaptureMeta, options: CaptureOptions = {}): Promise<CaptureSession> {
  checkRun(run);
  const start = performance.now();
  // Both texts of all passes compile side by side.
  const preparing = prepare(session, run, inputs);
  const opening = kernelById(run.kernel)
    .passes(run)
    .map((spec) => TapPass.open(session, spec));
  await allOrNothing([preparing, ...opening]);
  const capture = new Capture(session, await preparing, await Promise.all(opening), meta);
  try {
    const compiled = performance.now();
    throwIfAborted(options.signal);
    const tensors = await capture.runPlain(inputs);
    const ran = performance.now();
    const passes = await capture.runTapped(options);
    const header = await capture.header(tensors, inputs);
    const trace: Trace = { header, tensors, passes };
    const timings = { pipelines: compiled - start, plain: ran - compiled, tapped: performance.now() - ran };
    const cache = new CaptureCache((pass, workgroup, thread, signal) => capture.one(pass, workgroup, thread, signal), trace);
    return {
      trace,
      timings,
      workgroup: (pass, workgroup, thread, signal) => cache.get(pass, workgroup, thread, signal),
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
  readonly #taps: readonly TapPass[];
  readonly #meta: Required<Omit<CaptureMeta, 'tokens'>> & Pick<CaptureMeta, 'tokens'>;
  readonly #decoder = new Decoder();
  /** The room that a workgroup of each pass is given, and the most that one needed so far. */
  readonly #caps: Caps[];
  readonly #needs: Caps[];

  constructor(session: Session, plain: Prepared, taps: readonly TapPass[], meta: CaptureMeta) {
    this.#session = session;
    this.#plain = plain;
    this.#taps = taps;
    this.#meta = { plane: 0, row: 0, thread: 0, ...meta };
    this.#caps = taps.map(() => FIRST_CAPS);
    this.#needs = taps.map(() => ({ phases: 0, state: 0, lines: 0 }));
    for (const tap of taps) tap.bind(plain.tensors);
  }

  /** Tensors that the kernel writes. */
  #written(): TensorId[] {
    const ids = this.#taps.flatMap(({ spec }) => spec.bindings.filter(({ access }) => access === 'read_write').map(({ tensor }) => tensor));
    return [...new Set(ids)];
  }

  async runPlain(inputs: Inputs): Promise<Tensor[]> {
    const { run } = this.#plain;
    this.#plain.submit();
    const given: [TensorId, Float32Array][] = [
      ['Q', inputs.q],
      ['K', inputs.k],
      ['V', inputs.v],
    ];
    const written = await Promise.all(this.#written().map(async (id): Promise<[TensorId, Float32Array]> => [id, await this.#plain.read(id)]));
    return [...given, ...written].map(([id, data]) => ({ id, ...extentOf(id, run.shape), data }));
  }

  /** Runs the instrumented passes in order on cleared outputs, so that what they write can be held against the plain run. */
  async runTapped({ signal, onProgress }: CaptureOptions): Promise<TracePass[]> {
    const { device } = this.#session;
    const { run } = this.#plain;
    const clear = device.createCommandEncoder();
    for (const id of this.#written()) clear.clearBuffer(this.#plain.tensors.get(id)!);
    device.queue.submit([clear.finish()]);
    const slices = sliceRun(run.shape, SLOWDOWN * submitsFor(run.shape, this.#session.info.software));
    let done = 0;
    const onPiece = () => onProgress?.(++done / (slices.length * this.#taps.length));
    let room = ALL_BYTES;
    const passes: TracePass[] = [];
    for (const [index, tap] of this.#taps.entries()) {
      const pieces = slices.map((slice) => workgroupsOf(tap.spec, slice));
      const { pass, bytes } = await this.#pass(index, tap, pieces, room, { signal, onPiece });
      room -= bytes;
      passes.push(pass);
    }
    return passes;
  }

  async #pass(index: number, tap: TapPass, pieces: readonly Piece[], room: number, options: RecordOptions) {
    const { spec, tapped, text } = tap;
    const { grid, rows } = spec;
    const { plane, row, thread } = this.#meta;
    const perPlane = grid[0] * grid[1];
    const first = plane * perPlane;
    // The last workgroup of a plane has the most phases under a causal mask; what it needs tells whether all fit.
    const last = await this.one(index, first + perPlane - 1, thread, options.signal);
    const none: Extract = { grid, totals: true, first, captured: 0, caps: this.#needs[index]!, thread };
    const bytes = (extract: Extract) => 4 * (planBuffer(tapped, extract).size - planBuffer(tapped, none).size);
    const wanted = (): Extract => {
      const all = { ...none, captured: perPlane, caps: this.#needs[index]! };
      return bytes(all) <= room && planBuffer(tapped, all).size <= tap.maxWords ? all : none;
    };
    let extract = wanted();
    let raw = await recordAll(tap, extract, pieces, options);
    const needs = Array.from({ length: extract.captured }, (_, i) => needsOf(raw, i)).reduce(largest, extract.caps);
    if (exceeds(needs, extract.caps)) {
      this.#needs[index] = needs;
      extract = wanted();
      raw = await recordAll(tap, extract, pieces, options);
    }
    const totals = decodeCounts(tapped, raw.words.subarray(raw.plan.totals, raw.plan.size));
    const reading = readingOf(tapped);
    const captured = await this.#decoder.decode(reading, raw);
    addToTotals(reading, totals, captured);
    if (captured.length === 0) {
      const chosen = first + Math.floor(row / rows);
      captured.push(chosen === last.workgroup ? last : await this.one(index, chosen, thread, options.signal));
    }
    throwIfAborted(options.signal);
    const { sites, writers, arrays, variables, phases, workgroupSize } = tapped;
    const bindings = spec.bindings.map(({ name, tensor, access }) => ({ name, tensor, access }));
    const shown = { name: spec.name, text, hash: hashOf(text), grid, workgroupSize, bindings };
    const pass: TracePass = { ...shown, sites, writers, arrays, variables, phases, totals, captured };
    return { pass, bytes: bytes(extract) };
  }

  /** Captures one workgroup by itself; a second time with more room when the first try shows that it needs it. */
  async one(pass: number, workgroup: number, thread: number, signal?: AbortSignal): Promise<CapturedWorkgroup> {
    const tap = this.#taps[pass]!;
    const { grid } = tap.spec;
    const piece = { origin: coordinates(workgroup, grid), size: [1, 1, 1] };
    let extract: Extract = { grid, totals: false, first: workgroup, captured: 1, caps: this.#caps[pass]!, thread };
    let plan = await tap.record(extract, [piece], { signal });
    let needs = await tap.readNeeds(plan);
    const caps = this.#caps[pass]!;
    if (exceeds(needs, caps)) {
      this.#caps[pass] = this.#fitting(tap, largest(caps, needs));
      extract = { ...extract, caps: this.#caps[pass] };
      plan = await tap.record(extract, [piece], { signal });
      needs = await tap.readNeeds(plan);
    }
    this.#needs[pass] = largest(this.#needs[pass]!, needs);
    throwIfAborted(signal);
    const raw = await tap.readOne(plan, extract, needs);
    throwIfAborted(signal);
    const [captured] = await this.#decoder.decode(readingOf(tap.tapped), raw);
    return captured!;
  }

  /** Caps that the largest buffer of this device holds: lines give way first, then state. What does not fit is recorded as dropped. */
  #fitting(tap: TapPass, wanted: Caps): Caps {
    const words = (caps: Caps) => planBuffer(tap.tapped, { grid: [1, 1, 1], totals: false, captured: 1, caps }).size;
    const over = (caps: Caps) => Math.max(0, words(caps) - tap.maxWords);
    const lines = Math.max(0, wanted.lines - Math.ceil(over(wanted) / 2));
    const shorter = { ...wanted, lines };
    return { ...shorter, state: Math.max(0, shorter.state - Math.ceil(over(shorter) / 2)) };
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

const exceeds = (needs: Caps, caps: Caps): boolean => needs.phases > caps.phases || needs.state > caps.state || needs.lines > caps.lines;

const largest = (a: Caps, b: Caps): Caps => ({
  phases: Math.max(a.phases, b.phases),
  state: Math.max(a.state, b.state),
  lines: Math.max(a.lines, b.lines),
});

async function recordAll(tap: TapPass, extract: Extract, pieces: readonly Piece[], options: RecordOptions): Promise<Raw> {
  const plan = await tap.record(extract, pieces, options);
  const { caps, first, captured, thread } = extract;
  return { words: await tap.readAll(plan), plan, caps, first, captured, thread };
}
