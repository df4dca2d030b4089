/**
 * A run without a GPU: the kernel's own text, interpreted, makes the same answer, and instrumented the same trace, as
 * on a device.
 */
import { CHECK_WORK } from '../../ops/check';
import type { Inputs } from '../../ops/attention/shape';
import { describePass } from '../../tap/describe';
import { instrument } from '../../tap/tap';
import type { CapturedWorkgroup, Trace, TracePass } from '../../trace/trace';
import type { CaptureMeta } from '../machine';
import { holdNow } from '../check';
import { maxDifference } from '../compare';
import { workgroupsOfPlane, type PlaneWorkgroups } from '../plane';
import { tracedOf, tracedTensor } from '../traced';
import { headerOf, type Maker } from '../header';
import type { Run } from '../../ops/run';
import type { PassSpec } from '../../kernels/card';
import { kernelById } from '../../kernels/kernels';
import { link } from '../../wgsl/link';
import { checkInterpreted } from './able';
import { INTERPRETER_LIMITS } from './limits';
import { buffersOf, memoryOf, outputsIn, plainWorkgroup, runPlain, workgroupsOf, type Memory } from './plain';
import { Recorder } from './recorder';

/** Words of the tap's buffers up to which all workgroups of the plane are captured, all passes together. */
const ALL_WORDS = 2 ** 23;
/**
 * Ms that the first workgroup may take before its part tells enough, and barriers that it must pass: some whole tiles
 * of keys.
 */
const PROBE_MS = 400;
const PROBE_BARRIERS = 9;

/** Which of a kernel's two texts is run. */
export type Text = 'plain' | 'instrumented';

const MAKER: Maker = {
  provenance: 'interpreter',
  adapter: { vendor: '', architecture: '', description: 'interpreter', software: true },
  limits: INTERPRETER_LIMITS,
};

/** Runs a workgroup to its end, or as far as `enough` says, and tells how far that was and how long it took. */
function timed(
  running: Generator<void, void, void>,
  enough: (barriers: number, ms: number) => boolean,
): { barriers: number; ms: number } {
  const start = performance.now();
  let barriers = 0;
  while (!running.next().done && !enough(++barriers, performance.now() - start));
  return { barriers, ms: performance.now() - start };
}

export class Interpretation {
  readonly run: Run;
  readonly #inputs: Inputs;
  readonly #meta: Required<Omit<CaptureMeta, 'tokens'>> & Pick<CaptureMeta, 'tokens'>;
  readonly #specs: readonly PassSpec[];
  readonly #memory: Memory;
  readonly #recorders: readonly Recorder[];

  /** @throws AttnError what `checkInterpreted` throws, `cannot-tap`, `cannot-interpret` */
  constructor(run: Run, inputs: Inputs, meta: CaptureMeta) {
    this.run = run;
    this.#inputs = inputs;
    this.#meta = { plane: 0, row: 0, thread: 0, ...meta };
    this.#specs = checkInterpreted(run, inputs).passes(run);
    this.#memory = memoryOf(run, inputs, this.#specs);
    this.#recorders = this.#specs.map((spec) => {
      const text = link(spec).source;
      const tapped = instrument(text, {
        workgroupSize: spec.workgroupSize,
        locals: new Set(Object.keys(spec.layouts)),
      });
      return new Recorder({ spec, text, tapped }, buffersOf(spec, this.#memory));
    });
  }

  /** Workgroups of the plane that is captured, in a pass. */
  #plane(spec: PassSpec): PlaneWorkgroups {
    return workgroupsOfPlane(spec, this.#meta.plane, this.#meta.row);
  }

  /**
   * Ms that a text will take, from a first workgroup: it is run for PROBE_MS if it takes so long, and all else
   * takes as long for a byte requested from HBM. The later times are warm.
   */
  estimate(text: Text = 'instrumented'): { milliseconds: number; perByte: number } {
    const [recorder] = this.#recorders;
    const { loads, stores } = kernelById(this.run.kernel).requested(this.run);
    const { spec } = recorder!.source;
    // The last whole block of rows against the first keys: under a causal mask too, all of it is work.
    const probed = this.#plane(spec).first + Math.max(0, spec.grid[0] - 2);
    recorder!.prepare();
    const plain = plainWorkgroup(spec, memoryOf(this.run, this.#inputs, this.#specs));
    let perByte = Infinity;
    const begin = performance.now();
    for (let time = 0; time < 4 && performance.now() - begin < PROBE_MS; time++) {
      // Bytes are counted by the instrumented text alone; as far as it came, the plain one goes too.
      const probe = timed(recorder!.record(probed), (barriers, ms) => barriers >= PROBE_BARRIERS && ms >= PROBE_MS);
      const { ms } = text === 'plain' ? timed(plain(probed), (barriers) => barriers >= probe.barriers) : probe;
      perByte = Math.min(perByte, ms / recorder!.bytes());
    }
    return { milliseconds: perByte * (loads + stores), perByte };
  }

  /**
   * The trace, held against f64 (throws `check-failed`), with all workgroups of the plane if there is room for them,
   * else the one that the row begins in.
   */
  capture(onProgress?: (done: number) => void): Trace {
    const all = this.#recorders.reduce((sum, { workgroups }) => sum + workgroups, 0);
    let done = 0;
    let room = ALL_WORDS;
    const passes = this.#recorders.map((recorder): TracePass => {
      const { captured, words } = this.#record(recorder, room, () => onProgress?.(++done / all));
      room -= words;
      return describePass(recorder.source, this.run.shape, recorder.totals(captured), captured);
    });
    return this.#trace(passes);
  }

  #record(recorder: Recorder, room: number, onWorkgroup: () => void): { captured: CapturedWorkgroup[]; words: number } {
    const { spec } = recorder.source;
    const { first, count, chosen } = this.#plane(spec);
    const last = recorder.capture(first + count - 1);
    const everything = last.words * count <= room;
    const captured: CapturedWorkgroup[] = [];
    for (let workgroup = 0; workgroup < recorder.workgroups; workgroup++) {
      if (everything && workgroup === last.captured.workgroup) captured.push(last.captured);
      else if (workgroup === chosen || (everything && workgroup >= first && workgroup < first + count)) {
        captured.push(recorder.capture(workgroup).captured);
      } else recorder.count(workgroup);
      onWorkgroup();
    }
    return { captured, words: everything ? last.words * count : 0 };
  }

  #trace(passes: readonly TracePass[]): Trace {
    const { run } = this;
    // What comes later must not change what was handed out.
    const tensors = tracedOf(run, this.#specs).map((id) => tracedTensor(id, run, this.#memory.get(id)!.slice()));
    const checked = holdNow(run, this.#inputs, CHECK_WORK.picture, outputsIn(run, this.#memory));
    return { header: headerOf(MAKER, run, this.#meta, checked), tensors, passes };
  }

  /** One workgroup with the lines of one thread. The tensors are there: it writes what it wrote before. */
  workgroup(pass: number, workgroup: number, thread: number): CapturedWorkgroup {
    return this.#recorders[pass]!.capture(workgroup, thread).captured;
  }

  /** The op's outputs by the untouched text. */
  answer(onProgress?: (done: number) => void): Record<string, Float32Array<ArrayBuffer>> {
    const memory = memoryOf(this.run, this.#inputs, this.#specs);
    const all = this.#specs.reduce((sum, spec) => sum + workgroupsOf(spec), 0);
    let done = 0;
    runPlain(this.#specs, memory, () => onProgress?.(++done / all));
    return outputsIn(this.run, memory);
  }

  /** max |plain - instrumented| over the op's outputs. */
  compare(): number {
    return Math.max(...Object.entries(this.answer()).map(([id, plain]) => maxDifference(plain, this.#memory.get(id)!)));
  }
}
