/** A run without a GPU: the kernel's own instrumented text, interpreted, makes the same trace as on a device. */
import { CHECK_WORK, judge, spreadReference, throwIfWrong } from '../../ops/attention/check';
import { AttnError } from '../../errors';
import { isTraced, valuesOf } from '../../ops/attention/pages';
import type { Inputs, TensorId } from '../../ops/attention/shape';
import { elementsOf, extentOf } from '../../ops/attention/shape';
import { checkInputs } from '../../ops/attention/validate';
import { describePass } from '../../tap/describe';
import { instrument } from '../../tap/tap';
import type { CapturedWorkgroup, Tensor, Trace, TracePass } from '../../trace/trace';
import { TRACE_VERSION } from '../../trace/trace';
import type { CaptureMeta } from '../machine';
import { maxDifference } from '../compare';
import type { Run } from '../../ops/run';
import type { PassSpec } from '../../kernels/card';
import { checkRun } from '../../kernels/check';
import { kernelById } from '../../kernels';
import { link } from '../../wgsl/link';
import { INTERPRETER_LIMITS } from './limits';
import { bindingKey, Lockstep } from './lockstep';
import type { Buffers } from './lockstep';
import { Recorder } from './recorder';

/** Words of the tap's buffers up to which all workgroups of the plane are captured, all passes together. */
const ALL_WORDS = 2 ** 23;
/** Ms that the first workgroup may take before its part tells enough, and barriers that it must pass: some whole tiles of keys. */
const PROBE_MS = 400;
const PROBE_BARRIERS = 9;

export class Interpretation {
  readonly run: Run;
  readonly #inputs: Inputs;
  readonly #meta: Required<Omit<CaptureMeta, 'tokens'>> & Pick<CaptureMeta, 'tokens'>;
  readonly #specs: readonly PassSpec[];
  readonly #tensors: ReadonlyMap<TensorId, Float32Array<ArrayBuffer>>;
  readonly #recorders: readonly Recorder[];

  /** @throws AttnError `shape-invalid`, `inputs-mismatch`, `inputs-not-finite`, `over-limit`, `cannot-tap`, `cannot-interpret` */
  constructor(run: Run, inputs: Inputs, meta: CaptureMeta) {
    checkRun(run);
    checkInputs(run.shape, inputs);
    const card = kernelById(run.kernel);
    if (!card.interpreted) throw new AttnError('cannot-interpret', { reason: '', kernel: run.kernel });
    const refusal = card.limit(run, INTERPRETER_LIMITS);
    if (refusal) throw new AttnError('over-limit', { ...refusal, kernel: run.kernel });
    this.run = run;
    this.#inputs = inputs;
    this.#meta = { plane: 0, row: 0, thread: 0, ...meta };
    this.#specs = card.passes(run);
    this.#tensors = makeTensors(run, inputs, this.#specs);
    this.#recorders = this.#specs.map((spec) => {
      const text = link(spec).source;
      const tapped = instrument(text, { workgroupSize: spec.workgroupSize, locals: new Set(Object.keys(spec.layouts)) });
      return new Recorder({ spec, text, tapped }, this.#buffers(spec));
    });
  }

  #buffers({ bindings }: PassSpec, tensors = this.#tensors): Buffers {
    return new Map(bindings.map(({ binding, tensor }) => [bindingKey(0, binding), tensors.get(tensor)!.buffer]));
  }

  /** Workgroups of the plane that is captured, in a pass. */
  #plane({ grid }: PassSpec): { first: number; count: number } {
    const count = grid[0] * grid[1];
    return { first: this.#meta.plane * count, count };
  }

  /**
   * Ms that the capture will take, from a first workgroup: it is run for PROBE_MS if it takes so long, and all else
   * takes as long for a byte requested from HBM. The later times are warm.
   */
  estimate(): { milliseconds: number; perByte: number } {
    const [recorder] = this.#recorders;
    const { loads, stores } = kernelById(this.run.kernel).requested(this.run);
    const { spec } = recorder!.source;
    // The last whole block of rows against the first keys: under a causal mask too, all of it is work.
    const probed = this.#plane(spec).first + Math.max(0, spec.grid[0] - 2);
    recorder!.prepare();
    let perByte = Infinity;
    const begin = performance.now();
    for (let time = 0; time < 4 && performance.now() - begin < PROBE_MS; time++) {
      const start = performance.now();
      const running = recorder!.record(probed);
      let barriers = 0;
      while (!running.next().done && (++barriers < PROBE_BARRIERS || performance.now() - start < PROBE_MS));
      perByte = Math.min(perByte, (performance.now() - start) / recorder!.bytes());
    }
    return { milliseconds: perByte * (loads + stores), perByte };
  }

  /** The trace, held against f64 (throws `check-failed`), with all workgroups of the plane if there is room for them, else the one that the row begins in. */
  capture(onProgress?: (done: number) => void): Trace {
    const all = this.#recorders.reduce((sum, { workgroups }) => sum + workgroups, 0);
    let done = 0;
    let room = ALL_WORDS;
    const passes = this.#recorders.map((recorder): TracePass => {
      const { captured, words } = this.#record(recorder, room, () => onProgress?.(++done / all));
      room -= words;
      return describePass(recorder.source, recorder.totals(captured), captured);
    });
    return this.#trace(passes);
  }

  #record(recorder: Recorder, room: number, onWorkgroup: () => void): { captured: CapturedWorkgroup[]; words: number } {
    const { spec } = recorder.source;
    const { first, count } = this.#plane(spec);
    const chosen = first + Math.floor(this.#meta.row / spec.rows);
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
    const { plane, input, tokens } = this.#meta;
    // What comes later must not change what was handed out.
    const kept = [...this.#tensors].filter(([id]) => isTraced(id, run.shape));
    const tensors = kept.map(([id, data]): Tensor => ({ id, ...extentOf(id, run.shape), data: data.slice() }));
    const { maxComputeWorkgroupStorageSize, maxComputeInvocationsPerWorkgroup, maxStorageBufferBindingSize, maxBufferSize } =
      INTERPRETER_LIMITS;
    const reference = spreadReference(run, this.#inputs, CHECK_WORK.picture);
    const checked = judge(run, this.#inputs, reference, { o: this.#tensors.get('O')!, lse: this.#tensors.get('LSE')! });
    throwIfWrong(run.kernel, checked);
    const { max, f32, warnings } = checked;
    return {
      header: {
        version: TRACE_VERSION,
        run,
        provenance: 'interpreter',
        adapter: { vendor: '', architecture: '', description: 'interpreter', software: true },
        limits: { maxComputeWorkgroupStorageSize, maxComputeInvocationsPerWorkgroup, maxStorageBufferBindingSize, maxBufferSize },
        maxOracle: max,
        maxF32: f32,
        ...(warnings.length > 0 && { warnings }),
        plane,
        ...(tokens && { tokens }),
        input,
      },
      tensors,
      passes,
    };
  }

  /** One workgroup with the lines of one thread. The tensors are there: it writes what it wrote before. */
  workgroup(pass: number, workgroup: number, thread: number): CapturedWorkgroup {
    return this.#recorders[pass]!.capture(workgroup, thread).captured;
  }

  /** max |plain - instrumented| over O and LSE: the untouched text, on tensors of its own. */
  compare(): number {
    const tensors = makeTensors(this.run, this.#inputs, this.#specs);
    for (const spec of this.#specs) {
      const lockstep = new Lockstep(link(spec).code, new Map([...this.#buffers(spec, tensors), [bindingKey(1, 0), new ArrayBuffer(16)]]));
      const [x, y, z] = spec.grid;
      for (let w = 0; w < x * y * z; w++) {
        for (const _barrier of lockstep.workgroup([w % x, Math.floor(w / x) % y, Math.floor(w / (x * y))]));
      }
    }
    return Math.max(...(['O', 'LSE'] as const).map((id) => maxDifference(tensors.get(id)!, this.#tensors.get(id)!)));
  }
}

function makeTensors({ shape }: Run, inputs: Inputs, specs: readonly PassSpec[]): Map<TensorId, Float32Array<ArrayBuffer>> {
  const used = specs.flatMap(({ bindings }) => bindings.map(({ tensor }) => tensor));
  return new Map(
    (['Q', 'K', 'V', ...used] as const).map((id) => {
      const values = valuesOf(id, shape, inputs)?.slice() ?? new Float32Array(elementsOf(id, shape));
      return [id, new Float32Array(values.buffer)];
    }),
  );
}
