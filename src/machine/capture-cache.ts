/**
 * Captured workgroups on demand: kept up to a budget, least recently used go first; one capture at a time, the newest
 * wanted wins.
 */
import { AttnError } from '../errors';
import { bytesOf } from '../trace/buffers';
import type { CapturedWorkgroup, Trace } from '../trace/trace';

export type CaptureOne = (
  pass: number,
  workgroup: number,
  thread: number | undefined,
  signal?: AbortSignal,
) => Promise<CapturedWorkgroup>;

interface Wanted {
  key: string;
  pass: number;
  workgroup: number;
  thread: number | undefined;
  signal: AbortSignal | undefined;
  resolve: (captured: CapturedWorkgroup) => void;
  reject: (error: unknown) => void;
}

/** Bytes of captured workgroups that are kept. */
const BUDGET = 96 * 2 ** 20;

const keyOf = (pass: number, workgroup: number, thread: number | undefined): string =>
  `${pass} ${workgroup} ${thread ?? ''}`;

export class CaptureCache {
  readonly #capture: CaptureOne;
  readonly #trace: Trace;
  readonly #budget: number;
  /** In the order of their last use. */
  readonly #kept = new Map<string, { captured: CapturedWorkgroup; bytes: number }>();
  #bytes = 0;
  #running = false;
  #waiting: Wanted | undefined;

  constructor(capture: CaptureOne, trace: Trace, budget = BUDGET) {
    this.#capture = capture;
    this.#trace = trace;
    this.#budget = budget;
  }

  #inTrace(pass: number, workgroup: number, thread: number | undefined): CapturedWorkgroup | undefined {
    return this.#trace.passes[pass]?.captured.find((c) => c.workgroup === workgroup && c.lines?.invocation === thread);
  }

  /** Whether the workgroup is at hand, with the lines of whichever thread or without. */
  knows(pass: number, workgroup: number): boolean {
    const begin = keyOf(pass, workgroup, undefined);
    const inTrace = this.#trace.passes[pass]?.captured.some((captured) => captured.workgroup === workgroup);
    return inTrace === true || [...this.#kept.keys()].some((key) => key.startsWith(begin));
  }

  /**
   * The workgroup with the lines of `thread`, or without lines. Rejects with `cancelled` when aborted, or replaced by a
   * newer call before it began.
   */
  get(pass: number, workgroup: number, thread: number | undefined, signal?: AbortSignal): Promise<CapturedWorkgroup> {
    const inTrace = this.#inTrace(pass, workgroup, thread);
    if (inTrace) return Promise.resolve(inTrace);
    const key = keyOf(pass, workgroup, thread);
    const known = this.#kept.get(key);
    if (known) {
      this.#kept.delete(key);
      this.#kept.set(key, known);
      return Promise.resolve(known.captured);
    }
    return new Promise((resolve, reject) => {
      this.#waiting?.reject(new AttnError('cancelled'));
      this.#waiting = { key, pass, workgroup, thread, signal, resolve, reject };
      if (!this.#running) void this.#work();
    });
  }

  async #work(): Promise<void> {
    this.#running = true;
    while (this.#waiting) {
      const wanted: Wanted = this.#waiting;
      this.#waiting = undefined;
      try {
        if (wanted.signal?.aborted) throw new AttnError('cancelled');
        const captured = await this.#capture(wanted.pass, wanted.workgroup, wanted.thread, wanted.signal);
        this.#keep(wanted.key, captured);
        wanted.resolve(captured);
      } catch (thrown) {
        wanted.reject(thrown);
      }
    }
    this.#running = false;
  }

  #keep(key: string, captured: CapturedWorkgroup): void {
    const bytes = bytesOf([captured]);
    this.#kept.set(key, { captured, bytes });
    this.#bytes += bytes;
    for (const [oldest, entry] of this.#kept) {
      if (this.#bytes <= this.#budget || oldest === key) break;
      this.#kept.delete(oldest);
      this.#bytes -= entry.bytes;
    }
  }

  dispose(): void {
    this.#waiting?.reject(new AttnError('cancelled'));
    this.#waiting = undefined;
    this.#kept.clear();
  }
}
