/**
 * What runs kernels, whoever it is: the one interface of both machines, the GPU and the interpreter. Who asks one need
 * not know which it is.
 */
import type { Checked } from '../ops/attention/check';
import type { Outputs } from '../ops/check';
import type { Inputs } from '../ops/attention/shape';
import { AttnError } from '../errors';
import type { CapturedWorkgroup, Provenance, Trace } from '../trace/trace';
import type { Run } from '../ops/run';
import type { Limits } from '../ops/limits';

/**
 * How long somebody wants a run, and is told of it. Either machine takes all of it; what one of them has no use for
 * does nothing there.
 */
export interface RunOptions {
  /** Ends the work: the call rejects with `cancelled`. */
  signal?: AbortSignal;
  /** Told how much of the run is done, from 0 to 1. */
  onProgress?: (done: number) => void;
  /**
   * Ms that the run may take, where that can be told from a part of it: the interpreter refuses a longer one beforehand
   * (`too-slow`), of more than LONGEST_MS when absent. A GPU tries any.
   */
  longest?: number;
}

export interface AnswerOptions extends RunOptions {
  /** Multiply-adds that the check may spend in f64, and again in f32; CHECK_WORK.answer when absent. */
  work?: number;
}

/** What a run made, held against f64. */
export interface Answered {
  /** The op's outputs, by tensor. */
  outputs: Outputs;
  checked: Checked;
}

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

export interface CaptureOptions extends RunOptions {
  /**
   * Whether the captured workgroups come with the lines of `thread`. 'later': without, so that the trace is there
   * sooner; the first `workgroup()` of a pass compiles the text that logs lines. From the interpreter they always come
   * later, for each takes as long again.
   */
  lines?: 'now' | 'later';
  /** Whether the untouched text runs too before the trace is there. 'later': once `compare` is called. */
  plain?: 'now' | 'later';
}

/** A trace, and the means to capture more of the same run. */
export interface CaptureSession {
  readonly trace: Trace;
  /**
   * Compiles and runs the untouched text, once, and puts max |plain - instrumented| into the trace's header.
   * @throws AttnError `cancelled`, `compile-failed`, `out-of-memory`, `device-lost`
   */
  compare(): Promise<void>;
  /**
   * One workgroup with the lines of one thread: from the trace, from a cache, or captured now. A newer call replaces
   * one that still waits. The first call for a workgroup that is not at hand gets it without lines, if those would take
   * longer; the next waits for them.
   * @throws AttnError `cancelled`, `out-of-memory`, `device-lost`
   */
  workgroup(pass: number, workgroup: number, thread: number, signal?: AbortSignal): Promise<CapturedWorkgroup>;
  dispose(): void;
}

/**
 * A machine. What it hands out was held against f64 by the one rule of `judge`: a wrong answer is `check-failed`, and
 * what f32 cannot hold stands in the warnings.
 */
export interface Machine {
  readonly kind: 'gpu' | 'interpreter';
  /** What its answers and traces say that they are from. */
  readonly provenance: Provenance;
  /** What a run must keep to here. */
  readonly limits: Limits;
  /**
   * Runs the kernel's plain text once.
   * @throws AttnError `kernel-unknown`, `shape-invalid`, `inputs-mismatch`, `inputs-not-finite`, `over-limit`,
   * `check-failed`, `cancelled`; of the GPU also `feature-missing`, `compile-failed`, `out-of-memory`, `device-lost`;
   * of the interpreter also `cannot-interpret`, `too-slow`
   */
  run(run: Run, inputs: Inputs, options?: AnswerOptions): Promise<Answered>;
  /**
   * Runs the instrumented text: counts of all workgroups, and what is inside those of a plane if there is room for
   * them, else of those of a row.
   * @throws AttnError what `run` throws, and `cannot-tap`
   */
  capture(run: Run, inputs: Inputs, meta: CaptureMeta, options?: CaptureOptions): Promise<CaptureSession>;
  /**
   * Begins to make ready what a capture of the run will need, while its inputs are still being made. Never throws: what
   * is wrong is told there.
   */
  warm(run: Run): Promise<void>;
}

/** Throws `cancelled` once the work is not wanted any more. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AttnError('cancelled');
}
