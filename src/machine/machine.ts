/** What runs a kernel and makes a trace of it, whoever it is: the words that both machines, the GPU and the interpreter, speak. */
import type { CapturedWorkgroup, Trace } from '../trace/trace';

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
   * One workgroup with the lines of one thread: from the trace, from a cache, or captured now. A newer call replaces one that still waits. The first
   * call for a workgroup that is not at hand gets it without lines, as soon as it can be had; the next waits for them.
   * @throws AttnError `cancelled`, `out-of-memory`, `device-lost`
   */
  workgroup(pass: number, workgroup: number, thread: number, signal?: AbortSignal): Promise<CapturedWorkgroup>;
  dispose(): void;
}
