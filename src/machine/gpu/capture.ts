/**
 * Capture: runs a kernel plain and instrumented on this device and makes a trace of it; then more workgroups of it on
 * demand.
 */
import { numbersOf } from '../../ops/numbers';
import { CHECK_WORK } from '../../ops/check';
import type { TensorId } from '../../ops/op';
import type { Inputs } from '../../ops/attention/shape';
import { AttnError } from '../../errors';
import { describePass } from '../../tap/describe';
import type { Trace, TracePass } from '../../trace/trace';
import type { Run } from '../../ops/run';
import { checkRun } from '../../kernels/check';
import { opOf } from '../../kernels';
import { kernelById } from '../../kernels/kernels';
import { CaptureCache } from '../capture-cache';
import { TapPass, tapPass, tapPipeline } from './capture-pass';
import type { RecordOptions } from './capture-pass';
import { PassCapture } from './capture-work';
import { startCheck, type Check } from '../check';
import { workgroupsOfPlane } from '../plane';
import { tracedOf, tracedTensor, writtenBy } from '../traced';
import { headerOf } from '../header';
import { throwIfAborted, type CaptureMeta, type CaptureOptions, type CaptureSession } from '../machine';
import { maxDifference } from '../compare';
import { createDecoder, type Decoder } from './decoder';
import { checkFeature, checkFitsDevice, prepare, tensorsOf } from './run';
import type { Session } from './session';
import { sliceRun, submitsFor, workgroupsOf } from './slices';
import { addTensors, destroyTensors, readBytes } from './tensors';
import type { Tensors } from './tensors';

/** Bytes of counts, lines and state up to which all workgroups of the plane are captured, all passes together. */
const ALL_BYTES = 32 * 2 ** 20;
/** More workgroups than this are not all captured, however small they are. */
const ALL_WORKGROUPS = 4096;
/** Counting takes about so many times as long as the plain run; logging lines is slower still. */
const SLOWDOWN = 3;

/**
 * Captures a run: all workgroups of one plane when they fit 32 MiB, else those of one query row; counts of all
 * workgroups of all planes.
 * @throws AttnError what `prepare` throws, and `cannot-tap`, `check-failed` (see `judge`), `cancelled`
 */
export async function openCapture(
  session: Session,
  run: Run,
  inputs: Inputs,
  meta: CaptureMeta,
  options: CaptureOptions = {},
): Promise<CaptureSession> {
  const specs = checkFitsDevice(session, run, inputs).passes(run);
  const check = startCheck(run, inputs, CHECK_WORK.picture);
  const sources = specs.map((spec) => attempt(() => tapPass(session, spec)));
  const opening = sources.map(async (source) => TapPass.open(session, await source));
  const filling = makeTensors(session, run, inputs, tensorsOf(specs));
  await allOrNothing([filling, ...opening]);
  const { tensors } = await filling;
  const decoder = createDecoder();
  const taps = await Promise.all(
    opening.map(async (tap, i) => new PassCapture(decoder, await sources[i]!, await tap, tensors)),
  );
  const capture = new Capture(session, run, inputs, tensors, taps, decoder, meta, check);
  try {
    if (options.lines !== 'later') await Promise.all(taps.map(({ tap }) => tap.prepareLines()));
    throwIfAborted(options.signal);
    const passes = await capture.runTapped(options);
    const trace = await capture.trace(passes);
    if (options.plain !== 'later') await capture.compare(trace);
    const cache = new CaptureCache(
      async (pass, workgroup, thread, signal) => (await taps[pass]!.one(workgroup, thread, signal)).captured,
      trace,
    );
    return {
      trace,
      compare: () => capture.compare(trace),
      workgroup: async (pass, workgroup, thread, signal) => {
        const compiled = taps[pass]!.tap.prepareLines();
        // Its state takes a fraction of the time that the lines take.
        if (!cache.knows(pass, workgroup)) {
          compiled.catch(() => undefined); // the next call says so
          return cache.get(pass, workgroup, undefined, signal);
        }
        await compiled;
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
 * Starts to compile what `openCapture` will need for a run, while its inputs are still being made. What goes wrong here
 * goes wrong there again, and is told there.
 */
export async function warmCapture(session: Session, run: Run): Promise<void> {
  try {
    checkRun(run);
    const card = kernelById(run.kernel);
    checkFeature(session, card);
    if (card.limit(run, session.limits)) return;
    const specs = card.passes(run);
    await Promise.allSettled(specs.map((spec) => attempt(() => tapPipeline(session, tapPass(session, spec), false))));
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

/** Buffers for the tensors of a run. Throws `out-of-memory`, and then leaves none behind. */
async function makeTensors(session: Session, run: Run, inputs: Inputs, ids: Iterable<TensorId>) {
  const tensors: Tensors = new Map();
  const dispose = (): void => destroyTensors(tensors);
  try {
    await addTensors(session, tensors, run, inputs, ids);
  } catch (thrown) {
    dispose();
    throw thrown;
  }
  return { tensors, dispose };
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
  readonly #run: Run;
  readonly #inputs: Inputs;
  readonly #tensors: Tensors;
  readonly #taps: readonly PassCapture[];
  readonly #decoder: Decoder;
  readonly #meta: Required<Omit<CaptureMeta, 'tokens'>> & Pick<CaptureMeta, 'tokens'>;
  readonly #check: Check;
  #comparing: Promise<void> | undefined;
  #disposed = false;

  constructor(
    session: Session,
    run: Run,
    inputs: Inputs,
    tensors: Tensors,
    taps: readonly PassCapture[],
    decoder: Decoder,
    meta: CaptureMeta,
    check: Check,
  ) {
    this.#session = session;
    this.#run = run;
    this.#inputs = inputs;
    this.#tensors = tensors;
    this.#taps = taps;
    this.#decoder = decoder;
    this.#meta = { plane: 0, row: 0, thread: 0, ...meta };
    this.#check = check;
  }

  /** Runs the untouched text, once, into outputs of its own, and notes how far they lie from those of the trace. */
  compare(trace: Trace): Promise<void> {
    this.#comparing ??= this.#compare(trace);
    return this.#comparing;
  }

  async #compare({ header, tensors }: Trace): Promise<void> {
    const made = opOf(this.#run).outputs;
    const outputs = tensors.filter(({ id }) => made.includes(id));
    const own: Tensors = new Map(this.#tensors);
    for (const { id } of outputs) own.delete(id);
    try {
      this.#stillWanted();
      const plain = await prepare(this.#session, this.#run, this.#inputs, { tensors: own });
      try {
        this.#stillWanted();
        plain.submit();
        const differences = await Promise.all(
          outputs.map(async ({ id, data }) => maxDifference(data, await plain.read(id))),
        );
        header.maxPlainTapped = Math.max(...differences);
      } finally {
        plain.dispose();
      }
    } finally {
      for (const { id } of outputs) own.get(id)?.destroy();
    }
  }

  #stillWanted(): void {
    if (this.#disposed) throw new AttnError('cancelled');
  }

  /** Runs the instrumented passes in order. */
  async runTapped({ signal, onProgress, lines }: CaptureOptions): Promise<TracePass[]> {
    const run = this.#run;
    const specs = this.#taps.map(({ source }) => source.spec);
    const slices = sliceRun(run.shape, SLOWDOWN * submitsFor(run.shape, this.#session.info.software), specs);
    let done = 0;
    const onPiece = () => onProgress?.(++done / (slices.length * this.#taps.length));
    const passes: TracePass[] = [];
    let room = ALL_BYTES;
    for (const tap of this.#taps) {
      const pieces = slices.map((slice) => workgroupsOf(tap.source.spec, slice));
      const totals = await tap.totals(pieces, { signal, onPiece });
      const { captured, bytes } = await this.#captured(tap, lines === 'later' ? undefined : this.#meta.thread, room, {
        signal,
      });
      room -= bytes;
      passes.push(describePass(tap.source, run.shape, totals, captured));
    }
    return passes;
  }

  /** All workgroups of the plane if there is room for them, else the one that the row begins in. */
  async #captured(tap: PassCapture, thread: number | undefined, room: number, options: RecordOptions) {
    const { spec } = tap.source;
    const { plane, row } = this.#meta;
    const { shape } = this.#run;
    const { sharers = 1 } = spec;
    const { first, count, chosen } = workgroupsOfPlane(spec, plane, row);
    if (count <= ALL_WORKGROUPS) {
      // The last workgroup has the most phases under a causal mask; what it needs tells whether all fit.
      const last = await tap.one(first + count - 1, thread, options.signal);
      const own = sliceRun({ ...shape, batch: 1, heads: sharers }, 4 * SLOWDOWN, [spec]);
      const pieces = own.map((slice) => workgroupsOf(spec, { ...slice, plane: Math.floor(plane / sharers) * sharers }));
      const all = await tap.all(first, count, pieces, thread, last.needs, room, options);
      if (all) return all;
      if (chosen === last.captured.workgroup) return { captured: [last.captured], bytes: 0 };
    }
    return { captured: [(await tap.one(chosen, thread, options.signal)).captured], bytes: 0 };
  }

  /** The trace of what ran, held against f64; how far the plain run lies from it is not known yet. */
  async trace(passes: readonly TracePass[]): Promise<Trace> {
    const specs = this.#taps.map(({ source }) => source.spec);
    const written = new Set(writtenBy(specs));
    const op = opOf(this.#run);
    const { given } = numbersOf(op.id);
    const read = async (id: TensorId): Promise<Float32Array> =>
      written.has(id)
        ? new Float32Array(await readBytes(this.#session, this.#tensors.get(id)!))
        : (given(id, { ...this.#run, inputs: this.#inputs }) as Float32Array);
    const tensors = await Promise.all(
      tracedOf(this.#run, specs).map(async (id) => tracedTensor(id, this.#run, await read(id))),
    );
    const data = (id: TensorId): Float32Array => tensors.find((tensor) => tensor.id === id)!.data;
    const checked = await this.#check.hold(Object.fromEntries(op.outputs.map((id) => [id, data(id)])));
    const { limits, info } = this.#session;
    const header = headerOf({ provenance: 'this-device', adapter: info, limits }, this.#run, this.#meta, checked);
    return { header, tensors, passes };
  }

  dispose(): void {
    this.#decoder.dispose();
    this.#disposed = true;
    for (const tap of this.#taps) tap.dispose();
    destroyTensors(this.#tensors);
  }
}
