// The page for programs: window.attnscope, and window.attnBench for the benchmark of npm packages. Both call what the
// page itself calls.
import type { Warning } from '../../ops/attention/check';
import type { AttnError } from '../../errors';
import type { Mask, Shape } from '../../ops/attention/shape';
import { TUNED } from '../../bench/entrant';
import type { Comparison, Timing } from '../../bench/compare';
import type { Trace } from '../../trace/trace';
import type { Tile } from '../../ops/run';
import { peersOf } from '../../kernels';
import { OPENING } from '../../kernels/defaults';
import type { Stage } from '../../figure/stage';
import type { SpaceTimes } from './space';
import type { Engine } from '../engine/engine';
import { asItStands } from './request-copy';
import { languageOf, located, type State } from '../state';
import type { Language } from '../../words';
import type { Located } from '../link/fragment';
import { linkTo } from '../link/url';

/** Numbers that are taken as f32: each must be one exactly. */
export type Numbers =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Int32Array
  | Uint32Array;

/** ALiBi: the paper's slopes where it is `true`, none where it is `false` or absent, or a slope for each query head. */
export type Alibi = boolean | readonly number[] | Numbers;

/**
 * A run with its data. Q is [batch, heads, queries, dim]; K and V are [batch, kvHeads, keys, dim], or pools [blocks,
 * kvHeads, size, dim] where `shape.pages` has lengths (see `Pages`); row-major. Everything is copied when the call is
 * made. Float16Array is taken too, where the browser has it.
 */
export interface RunRequest {
  kernel: string;
  /** `mask`, `softcap` and `alibi` may stand here or beside it. */
  shape: Omit<Shape, 'mask' | 'alibi'> & { mask?: Mask; alibi?: Alibi };
  mask?: Mask;
  /** Scores s become softcap * tanh(s / softcap); as they are when absent. */
  softcap?: number;
  alibi?: Alibi;
  q: Numbers;
  k: Numbers;
  v: Numbers;
  /** 1 / sqrt(dim) by default. */
  scale?: number;
  /** The first on the kernel's card that fits the device, by default. */
  tile?: Tile;
}

/**
 * O [batch, heads, queries, dim] and LSE [batch, heads, queries]; a row that sees nothing gives O = 0 and LSE <= -1e30.
 * Both are empty where the kernel computes another op than attention.
 */
export interface RunAnswer {
  o: Float32Array;
  lse: Float32Array;
  /** All that the kernel's op gives, by the tensors' names, row-major: dQ, dK and dV of the backward pass. */
  outputs: Readonly<Record<string, Float32Array>>;
  /**
   * Largest error of O against f64 and that of a plain f32 reference, over `rows` of all query rows (all of them where
   * that is soon done). A kernel may be off by 2 f32 + 4e-6 (1 + max |O|). In JSON infinities and NaN stand by name.
   */
  error: { max: number; f32: number; rows: number };
  /** What f32 could not hold of this answer, or no longer tells apart; empty for an ordinary one. */
  warnings: readonly Warning[];
  /** Who computed it: this device, or the interpreter on the CPU. */
  provenance: Trace['header']['provenance'];
}

/** A lesson of the course. What was guessed and found is kept in this browser; undefined until it was. */
export interface LessonInfo {
  id: string;
  /** In the whole course, of which some lessons are not written yet. */
  number: number;
  title: Readonly<Record<Language, string>>;
  link: string;
  /** Its steps in order, the exercise last: the step itself, and the lab's own state that it shows. */
  steps: readonly { link: string; lab: string }[];
  /** Id of the guess; '' where the reader looked without one. */
  predicted: string | undefined;
  /** What the run on this device said. */
  truth: number | undefined;
  right: boolean | undefined;
  /** The exercise was passed. */
  passed: boolean;
}

export interface Attnscope {
  /** Resolves when this device's own capture, or the stated fallback, is drawn. */
  readonly ready: Promise<void>;
  /**
   * Without a device the interpreter runs it and `provenance` says so; several such calls run one after the other.
   * Throws AttnError, the same with and without a device: `field-unknown`, `kernel-unknown`, `shape-invalid`,
   * `inputs-type`, `inputs-mismatch`, `inputs-not-finite`, `over-limit`, `check-failed` where the kernel is wrong
   * (limits of f32 are warnings); without a device also `too-slow` (seconds, limit, keys: the longest sequence that
   * would do) and `cannot-interpret`.
   */
  run(request: RunRequest): Promise<RunAnswer>;
  /** Runs plain and instrumented; the trace of it, whose header has the provenance. Throws AttnError, as `run` does. */
  capture(request: RunRequest): Promise<Trace>;
  /**
   * Times runs of one shape, each on its own inputs, against each other, by the page's protocol; ms. Throws AttnError:
   * `no-webgpu` and its like without a device.
   */
  time(requests: readonly RunRequest[]): Promise<readonly Timing[] & { comparison: Comparison }>;
  /** What the page shows now. */
  state(): Located & { link: string; errors: AttnError[]; trace: Trace['header'] | undefined };
  /** The lessons of the course, with the links of their steps in the page's language. */
  lessons(): Promise<readonly LessonInfo[]>;
  readonly debug: {
    /** Steps n times through a seeded capture at N = 256, d = 64: main-thread ms of each step, all views and layout. */
    stepTimes(n: number): Promise<number[]>;
    /** Ms that each pipeline took to make. */
    pipelineTimes(): Promise<Record<string, number>>;
    /**
     * Steps n times through a workload of the Page lab from a moment on, see `automation-page.ts`: main-thread ms of
     * each step.
     */
    pageStepTimes(n: number, workload?: string, from?: number): Promise<number[]>;
    /** Steps a memory scene of its own n times, see `automation-space.ts`: its main-thread ms. */
    spaceTimes(n: number): Promise<SpaceTimes>;
  };
}

/** What the peers' benchmark asks of a page; shapes as its README says. */
export interface BenchShape {
  B: number;
  H: number;
  N: number;
  Nq?: number;
  d: number;
  causal: boolean;
  seed: number;
}

export interface AttnBench {
  kernels(): string[];
  setup(name: string, shape: BenchShape): Promise<void>;
  run(name: string): Promise<void>;
  rows(name: string, pairs: readonly (readonly [head: number, row: number])[]): Promise<number[][]>;
  gpuTime(name: string): Promise<number | undefined>;
  dispose(name: string): void;
}

declare global {
  interface Window {
    attnscope: Attnscope;
    attnBench: AttnBench;
    /** True once `attnscope.ready` has resolved. */
    ready?: boolean;
  }
}

/** Puts both on the window. The work behind them is loaded when first called. */
export function exposeAutomation(state: State, engine: Engine, stage: () => Stage | undefined): void {
  const runs = () => import('./runs');
  const probes = async () => (await import('./debug')).probes(state, engine, stage);
  window.attnscope = {
    ready: engine.ready,
    run: asItStands((request: RunRequest) => runs().then((it) => it.runRequest(engine, request))),
    capture: asItStands((request: RunRequest) => runs().then((it) => it.captureRequest(engine, request))),
    time: asItStands((requests: readonly RunRequest[]) => runs().then((it) => it.timeRequests(engine, requests))),
    state: () => ({
      ...located(state),
      link: linkTo(state),
      errors: state.messages.peek().flatMap(({ content }) => (content.kind === 'error' ? [content.error] : [])),
      trace: state.trace.peek()?.header,
    }),
    lessons: async () =>
      (await import('./lessons')).lessonsOf(languageOf(state.language.peek()), location.href.replace(/#.*$/, '')),
    debug: {
      stepTimes: async (n) => (await probes()).stepTimes(n),
      pipelineTimes: async () => (await probes()).pipelineTimes(),
      pageStepTimes: async (...of) => (await probes()).pageStepTimes(...of),
      spaceTimes: async (n) => (await probes()).spaceTimes(n),
    },
  };
  let bench: Promise<AttnBench> | undefined;
  const open = async (): Promise<AttnBench> => {
    // The page's own first run must not share the machine with the first timed one.
    await engine.ready;
    const { createBench } = await import('./bench');
    return createBench(engine.session);
  };
  const made = (): Promise<AttnBench> => (bench ??= open());
  window.attnBench = {
    // Those of attention, which is what the other libraries compute.
    kernels: () => [...peersOf(OPENING).map(({ id }) => id), TUNED],
    setup: async (name, shape) => (await made()).setup(name, shape),
    run: async (name) => (await made()).run(name),
    rows: async (name, pairs) => (await made()).rows(name, pairs),
    gpuTime: async (name) => (await made()).gpuTime(name),
    dispose: (name) => void made().then((it) => it.dispose(name)),
  };
  void engine.ready.then(() => {
    window.ready = true;
  });
}
