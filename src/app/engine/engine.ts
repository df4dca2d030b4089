// What happens when something is chosen: inputs are made, the kernel runs, its trace takes the picture's place. The
// newest choice wins.
import { TENSOR_OF } from '../../ops/attention/shape';
import { batch, effect, untracked } from '@preact/signals-core';
import { asAttnError, AttnError } from '../../errors';
import type { TensorId } from '../../ops/op';
import { elementsOf, opById } from '../../ops';
import type { Inputs } from '../../ops/attention/shape';
import type { Trace } from '../../trace/trace';
import type { CaptureSession, Machine, RunOptions } from '../../machine/machine';
import type { Session } from '../../machine/gpu/session';
import type { LabActions } from '../../labs/lab';
import { sameProblem, type Choice } from '../../figure/choice';
import { complete } from '../../tensors/sources';
import { createModelClient, type ModelClient } from '../../model/client';
import { clearErrors, clearRefusals, tell } from '../messages/messages';
import { createReader } from '../../figure/problem';
import { FINAL, followDevice } from './device';
import { importOf, keepTrace } from './imports';
import { fetchRecorded, hasRecording } from '../../figure/recorded';
import type { Looks } from '../../figure/capture';
import type { Supply } from '../../figure/supply';
import type * as RunCode from './late';
import type { State } from '../state';

export interface Engine {
  actions: LabActions;
  /** Resolves when this device's own capture, or the stated fallback, is in the state. */
  ready: Promise<void>;
  /** The page's one model. */
  model: ModelClient;
  /** The open device. Throws what opening threw. */
  session(): Promise<Session>;
  /**
   * What runs kernels here: the device, or the interpreter once it is certain that there is none. Throws what opening
   * threw.
   */
  machine(): Promise<Machine>;
  /** Shows an imported trace by the name that it is kept by. */
  show(file: string): void;
  dispose(): void;
}

type Late = typeof RunCode;
type RunParts = Late & { problems: ReturnType<Late['createProblems']> };

/** Ms that are spent on a run that nobody has asked for. */
const UNASKED_MS = 10_000;

/**
 * Resolves when the browser has had a frame to paint what was drawn, or soon where no frames come, as in a hidden tab.
 */
const painted = (): Promise<void> =>
  new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, 300);
  });

/** Q, K and V of a trace: its op's first input is what the problem has as Q, and what it has no use for is zeros. */
function inputsOf(trace: Trace | undefined): Inputs {
  if (!trace) return { q: NOTHING, k: NOTHING, v: NOTHING };
  const { op, run } = trace.header;
  const data = (id: TensorId | undefined): Float32Array | undefined =>
    trace.tensors.find((tensor) => tensor.id === id)?.data;
  const { rowwise, inputs } = opById(op);
  const unused = (): Float32Array => (rowwise ? new Float32Array(elementsOf(TENSOR_OF.k, run.shape)) : NOTHING);
  const [first] = inputs(run.shape);
  return { q: data(first) ?? NOTHING, k: data(TENSOR_OF.k) ?? unused(), v: data(TENSOR_OF.v) ?? unused() };
}

const NOTHING = new Float32Array(0);

export function createEngine(state: State): Engine {
  const model = createModelClient(document.baseURI);
  const reader = createReader(model);
  /** Serves the captures of this page; there from the first run on. */
  let supply: Supply | undefined;
  /** Aborted when a newer choice, a cancel or a loss makes the work under way pointless. */
  let work = new AbortController();
  let current: { capture: CaptureSession; choice: Choice } | undefined;
  /**
   * Resolves when the first recording is on screen, or could not be had. Nothing is compiled before: a browser that
   * draws and computes in software compiles one thing at a time, and the picture would wait for seconds.
   */
  let pictured = Promise.resolve();
  let settle = (): void => undefined;
  const ready = new Promise<void>((resolve) => {
    settle = resolve;
  });

  const report = (thrown: unknown, retry?: () => void): void =>
    tell(state.messages, { kind: 'error', error: asAttnError(thrown) }, retry);

  const device = followDevice(state, {
    report,
    lost() {
      current = undefined;
      supply?.clear();
    },
    begin: () => begin(state.choice.peek()),
  });
  const { session, machine } = device;

  const looks = (): Looks => ({ row: state.row.peek(), thread: state.thread.peek() });

  /** Runs what is chosen; a file that is shown needs no device. */
  const begin = (choice: Choice): void => {
    if (state.file.peek() === undefined) void run(choice);
    else void session().catch(() => undefined);
  };

  /** What only runs need: it comes with the first, and is asked for again where it could not be loaded. */
  let parts: Promise<RunParts> | undefined;
  const forRuns = (): Promise<RunParts> => {
    const desk = { choose: (change: Partial<Choice>) => choose(change), rerun: () => begin(state.choice.peek()) };
    const loading = (parts ??= import('./late').then((late) => ({
      ...late,
      problems: late.createProblems(state, reader, desk),
    })));
    loading.catch(() => (parts = undefined));
    return loading;
  };

  /** Runs a choice. */
  const run = async (choice: Choice, options: RunOptions = {}): Promise<void> => {
    work.abort();
    work = new AbortController();
    const { signal } = work;
    state.refused.value = undefined;
    // Whether a file's numbers are bf16 stays open while files are what is run.
    clearErrors(state.messages, 'tensor-', ({ code }) => code === 'tensor-bare' && choice.input === 'file');
    try {
      // Device, model, compiling and the instrumenting code come side by side, not one after the other.
      const opening = Promise.all([machine(), pictured]).then(([open]) => open);
      const coming = forRuns();
      // Whether it could be loaded is asked below.
      if (state.canRun.peek())
        coming.then(({ warmUp }) => warmUp(choice, opening, reader, signal)).catch(() => undefined);
      const [open, problem, late] = await Promise.all([
        opening,
        coming.then(({ problems }) => problems.shown(choice, signal)),
        coming,
      ]);
      if (signal.aborted) return;
      const own = open.kind === 'gpu';
      const what = own ? 'capture' : 'interpret';
      state.progress.value = { what, part: undefined };
      const onProgress = (part: number): void => {
        if (!signal.aborted) state.progress.value = { what, part };
      };
      const capture = await late.captureOf(open, problem, choice, looks(), { ...options, signal, onProgress });
      if (signal.aborted) return capture.dispose();
      current?.capture.dispose();
      current = { capture, choice };
      if (own) device.settled();
      const serves = (supply ??= late.createSupply({ ...state, here: () => state.cursor.peek()?.workgroup, report }));
      batch(() => {
        if (own) clearErrors(state.messages);
        else clearRefusals(state.messages);
        serves.follow(capture);
        state.trace.value = capture.trace;
        state.progress.value = undefined;
      });
      settle();
      // Compiling it earlier would have kept the picture waiting.
      void painted()
        .then(async () => {
          if (current?.capture === capture) await late.comparePlain(capture, state.captures);
        })
        .catch(report);
    } catch (thrown) {
      if (!signal.aborted) await fail(thrown, choice, options);
    }
  };

  const fail = async (thrown: unknown, choice: Choice, { longest }: RunOptions): Promise<void> => {
    const error = asAttnError(thrown);
    state.progress.value = undefined;
    // A loss is told, and followed by a fresh start, where it is noticed first: in onLost.
    if (error.code === 'device-lost') return;
    if (FINAL.has(error.code)) {
      device.giveUp();
      report(error, device.again);
      await recorded(choice);
      // Nobody has asked for this run, and there is a picture: it is made if that is soon done.
      if (state.choice.peek() === choice && state.file.peek() === undefined)
        return run(choice, { longest: UNASKED_MS });
    } else if (error.code === 'too-slow') {
      // The first picture of a page is a recording all the same; it is not what was refused.
      if (longest === undefined) state.refused.value = error;
      report(error, () => void run(choice, { longest: Infinity }));
    } else if (error.code !== 'cancelled') {
      state.refused.value = error;
      report(error);
    }
    settle();
  };

  /** The stored capture of the chosen kernel, where no own one is on screen. */
  const recorded = async (choice: Choice): Promise<void> => {
    try {
      const trace = await fetchRecorded(choice, document.baseURI);
      const shown = state.trace.peek()?.header;
      if (state.choice.peek().kernel !== choice.kernel) return;
      const better =
        shown?.provenance === 'recorded' && shown.run.kernel !== choice.kernel && hasRecording(choice.kernel);
      if (!shown || better) state.trace.value = trace;
    } catch (thrown) {
      if (!state.trace.peek()) report(thrown);
    }
  };

  /** Puts a trace on screen that needs no run. The work under way is pointless then. */
  const put = (trace: Trace | undefined, capture?: CaptureSession): void => {
    work.abort();
    reader.cancel();
    batch(() => {
      if (capture) {
        supply?.follow(capture);
        clearRefusals(state.messages);
      } else supply?.clear();
      state.progress.value = undefined;
      state.refused.value = undefined;
      if (trace) state.trace.value = trace;
    });
    settle();
  };

  const show = (file: string): void => {
    batch(() => {
      state.cursor.value = undefined;
      state.pinned.value = undefined;
      state.playing.value = false;
      // The same name again is another file all the same.
      if (state.file.peek() === file) put(importOf(file));
      state.file.value = file;
    });
  };

  const choose = (change: Partial<Choice>): void => {
    const before = state.choice.peek();
    const after = { ...before, ...change };
    const shown = state.file.peek();
    batch(() => {
      if (shown !== undefined || !sameProblem(before, after)) {
        state.cursor.value = undefined;
        state.pinned.value = undefined;
        state.hovered.value = undefined;
        state.playing.value = false;
      }
      state.file.value = undefined;
      state.choice.value = after;
    });
  };

  let last: Choice | undefined;
  const stop = effect(() => {
    const choice = state.choice.value;
    const file = state.file.value;
    if (file !== undefined) {
      last = undefined;
      return untracked(() => put(importOf(file)));
    }
    if (last && sameProblem(last, choice)) return;
    const first = last === undefined;
    last = choice;
    const done = current;
    // A tab of empty places changes nothing on screen.
    if (done && choice.input === 'file' && !complete(choice.tensors)) {
      const { input, tensors: chosen } = choice;
      if (sameProblem({ ...done.choice, input, tensors: chosen }, choice))
        return untracked(() => put(done.capture.trace, done.capture));
    }
    // Back from a file: the own run is still there.
    if (done && sameProblem(done.choice, choice)) return untracked(() => put(done.capture.trace, done.capture));
    const recording = recorded(choice);
    if (first) pictured = recording.then(painted);
    void run(choice);
  });

  return {
    ready,
    model,
    session,
    machine,
    show,
    actions: {
      choose,
      cancel() {
        work.abort();
        reader.cancel();
        state.progress.value = undefined;
        state.refused.value = new AttnError('cancelled');
        report(state.refused.value, () => void run(state.choice.peek()));
        settle();
      },
      fetchWorkgroup: (pass, workgroup, thread) => supply?.want(pass, workgroup, thread),
      async captureBeside(choice, options) {
        const { createCapture, problems } = await forRuns();
        const stored = (of: Choice): Promise<Trace> | undefined =>
          hasRecording(of.kernel) ? fetchRecorded(of, document.baseURI) : undefined;
        return createCapture({ machine, problem: problems.beside, looks, recorded: stored })(choice, options);
      },
      countTokens: reader.count,
      openTensors: (files) => void forRuns().then(({ problems }) => problems.openTensors(files), report),
      forgetTensors: () => void forRuns().then(({ problems }) => problems.forgetTensors(), report),
      showTrace(name, trace) {
        // One choice, so that one step back undoes it.
        batch(() => {
          show(keepTrace(name, trace));
          state.lab.value = 'step';
        });
      },
      report,
      async compare(runs, options) {
        const open = await session();
        const inputs = inputsOf(state.trace.peek());
        const { compare } = await import('../../bench/compare');
        return compare(open, runs, inputs, { ...options, attended: () => document.visibilityState === 'visible' });
      },
    },
    dispose() {
      work.abort();
      stop();
      current?.capture.dispose();
      device.close();
    },
  };
}
