// The Time lab's memory: what was measured or opened, how far a sweep is, and how it is looked at. Outlives a change of
// lab, language or theme.
import { batch, signal, type ReadonlySignal, type Signal } from '@preact/signals-core';
import { asAttnError, AttnError } from '../../errors';
import type { Mask } from '../../ops/attention/shape';
import { createInputMaker } from '../../bench/inputs';
import { tryFirstRefused, type LimitTrial } from '../../bench/limits';
import { shapesOf, type Pace, type Plan } from '../../bench/plan';
import { watchPresence, type Presence } from '../../bench/presence';
import { clockResolution } from '../../bench/clock';
import { MOST_BYTES, readReport, ReportError, type Point, type Report, type ReportProblem } from '../../bench/report';
import type { BytesBy } from '../../bench/roofline';
import { sweep, type SweepProgress } from '../../bench/sweep';
import type { Shape } from '../../ops/attention/shape';
import { TUNED } from '../../bench/entrant';
import type { Session } from '../../machine/gpu/session';
import { kernelById } from '../../kernels/kernels';
import { browserName } from '../shared/files';
import { createKeptReport } from './kept';
import type { TunedStore } from '../shared/tuned-store';
import type { TimeSettings } from './settings';

export type Column =
  | 'n'
  | 'mask'
  | 'queries'
  | 'kernel'
  | 'time'
  | 'rounds'
  | 'wall'
  | 'gpu'
  | 'ratio'
  | 'standing'
  | 'rate'
  | 'share'
  | 'memory'
  | 'compile'
  | 'error';

/** How the results are looked at. */
export interface TimeView {
  /** The mask that the charts show. */
  mask: Mask;
  bytes: BytesBy;
  chosen: number | undefined;
  sort: { by: Column; down: boolean } | undefined;
}

export interface Running {
  /** Absent until the page's own first run is over. */
  progress?: SweepProgress;
  paused: boolean;
  stopping: boolean;
  /** The report on screen is this sweep's own: until its first point is done, that of an earlier one stands there. */
  own: boolean;
}

export interface TimeStore {
  readonly report: ReadonlySignal<Report | undefined>;
  /** The report came from a file. */
  readonly recorded: ReadonlySignal<boolean>;
  /** The report was measured in this browser before the page was opened. */
  readonly earlier: ReadonlySignal<boolean>;
  readonly running: ReadonlySignal<Running | undefined>;
  readonly problem: ReadonlySignal<ReportProblem | undefined>;
  readonly view: Signal<TimeView>;
  /** The device is a CPU that plays GPU; true until it is known, so that no estimate promises too much. */
  readonly software: ReadonlySignal<boolean>;
  /**
   * What is known of the kernels' speed here, with as many queries as keys or with one: a kernel that shares keys among
   * rows has two speeds.
   */
  paces(decoding: boolean): ReadonlyMap<string, Pace>;
  readonly tuned: TunedStore;
  /** Races the tiled kernels for these shapes; `anew` also where that was done before. Not while a sweep runs. */
  measureTuned(shapes: readonly Shape[], anew: boolean): Promise<void>;
  /** The last sweep ended because the device was lost. */
  readonly lost: ReadonlySignal<boolean>;
  /** Measures; `rest` only what the report on screen lacks. Does nothing while it does. */
  start(settings: TimeSettings, rest?: boolean): Promise<void>;
  cancel(): void;
  /** The lab has left the screen, or is back: a sweep waits meanwhile. */
  away(is: boolean): void;
  /** Reads a result file; what was there stays where it cannot be read. */
  open(file: File): Promise<void>;
}

export interface StoreEnv {
  session(): Promise<Session>;
  ready: Promise<void>;
  /** Resolves when the page itself runs nothing. */
  idle(): Promise<void>;
  onError(error: AttnError): void;
  tuned: TunedStore;
}

export const planOf = ({ budget, ...plan }: TimeSettings): Plan => ({ ...plan, budgetMs: budget * 1000 });

/** Whether a report is of other shapes or kernels than the settings ask for. */
export function isStale({ points, kernels, decoding, partial }: Report, settings: TimeSettings): boolean {
  const plan = planOf(settings);
  if (plan.kernels.join() !== kernels.join() || plan.decoding !== decoding) return true;
  const wanted = shapesOf(plan).map((shape) => JSON.stringify(shape));
  const had = points.map(({ shape }) => JSON.stringify(shape));
  return partial ? had.some((shape) => !wanted.includes(shape)) : wanted.join() !== had.join();
}

/** Limits that a kernel may run into, for the record. */
const LIMITS = [
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxStorageBufferBindingSize',
  'maxBufferSize',
] as const;

function emptyReport({ info, timestamps, limits }: Session, plan: Plan, walls: LimitTrial[]): Report {
  return {
    format: 'attnscope-times',
    version: 1,
    date: new Date().toISOString(),
    browser: browserName(),
    device: info,
    timestamps,
    isolated: globalThis.crossOriginIsolated,
    wallStep: clockResolution(),
    kernels: [...plan.kernels],
    decoding: plan.decoding,
    budgetMs: plan.budgetMs,
    limits: Object.fromEntries(LIMITS.map((name) => [name, limits[name]])),
    points: [],
    walls,
    partial: true,
  };
}

/**
 * Where each kernel meets a limit, tried on the device; the tuned choice where the kernel that it is for the longest
 * shape does.
 */
async function wallsOf(session: Session, plan: Plan, tuned: TunedStore): Promise<LimitTrial[]> {
  const [shape, last] = [shapesOf(plan)[0], shapesOf(plan).at(-1)];
  const walls: LimitTrial[] = [];
  for (const kernel of shape && last ? plan.kernels : []) {
    const card = kernelById(kernel === TUNED ? (tuned.choiceFor(last!)?.best.kernel ?? kernel) : kernel);
    const proof = await tryFirstRefused(session, card, shape!, plan.decoding);
    if (proof) walls.push({ ...proof, kernel });
  }
  return walls;
}

const aborted = (stop: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (stop.aborted) resolve();
    else stop.addEventListener('abort', () => resolve(), { once: true });
  });

export function createTimeStore(env: StoreEnv): TimeStore {
  const report = signal<Report | undefined>(undefined);
  const recorded = signal(false);
  const earlier = signal(false);
  const kept = createKeptReport();
  const running = signal<Running | undefined>(undefined);
  const problem = signal<ReportProblem | undefined>(undefined);
  const view = signal<TimeView>({ mask: 'causal', bytes: 'requested', chosen: undefined, sort: undefined });
  const lost = signal(false);
  const software = signal(true);
  // Without a device the page says why where it is noticed first.
  env.session().then(
    ({ info }) => (software.value = info.software),
    () => undefined,
  );
  const speeds = { square: new Map<string, Pace>(), row: new Map<string, Pace>() };
  const paces = (decoding: boolean): Map<string, Pace> => speeds[decoding ? 'row' : 'square'];
  let stop: AbortController | undefined;
  let presence: Presence | undefined;

  const show = (shown: Report, from: 'sweep' | 'file' | 'earlier'): void =>
    batch(() => {
      report.value = shown;
      recorded.value = from === 'file';
      earlier.value = from === 'earlier';
      const masks = shown.points.map(({ shape }) => shape.mask);
      const { mask, chosen } = view.peek();
      const known = shown.points.some(({ shape }) => shape.keys === chosen);
      view.value = {
        ...view.peek(),
        mask: masks.includes(mask) ? mask : (masks[0] ?? mask),
        chosen: known ? chosen : undefined,
      };
    });

  const last = kept.get();
  if (last) show(last, 'earlier');

  const measure = async (settings: TimeSettings, signal_: AbortSignal, before: Report | undefined): Promise<void> => {
    const watched = watchPresence();
    presence = watched;
    const inputs = createInputMaker();
    const plan = planOf(settings);
    const change = (to: Partial<Running>): void => {
      running.value = { paused: false, stopping: false, own: false, ...running.peek(), ...to };
    };
    try {
      await Promise.race([env.ready.then(env.idle), aborted(signal_)]);
      if (signal_.aborted) throw new AttnError('cancelled');
      const session = await env.session();
      const attended = watched.attended;
      const untilAttended = async (): Promise<void> => {
        change({ paused: true });
        await Promise.race([watched.untilAttended(), aborted(signal_)]);
        change({ paused: false });
      };
      if (plan.kernels.includes(TUNED))
        await env.tuned.measure(shapesOf(plan), { signal: signal_, attended, untilAttended });
      // On another device it would be another result.
      const goesOn = before && JSON.stringify(before.device) === JSON.stringify(session.info) ? before : undefined;
      const fresh = goesOn ?? emptyReport(session, plan, await wallsOf(session, plan, env.tuned));
      if (goesOn) change({ own: true });
      const points: Point[] = [...fresh.points];
      const done = new Set(points.map(({ shape }) => JSON.stringify(shape)));
      await sweep(session, plan, {
        signal: signal_,
        inputs,
        paces: paces(plan.decoding),
        attended,
        untilAttended,
        done: (shape) => done.has(JSON.stringify(shape)),
        tuned: (shape) => env.tuned.choiceFor(shape)!,
        onProgress: (progress) => change({ progress }),
        onPoint: (point) => {
          points.push(point);
          const measured = { ...fresh, points: [...points], partial: points.length < shapesOf(plan).length };
          batch(() => {
            show(measured, 'sweep');
            change({ own: true });
          });
          kept.set(measured);
        },
      });
    } finally {
      watched.dispose();
      presence = undefined;
      inputs.dispose();
    }
  };

  /** A loss is told where it is noticed first. */
  const tell = (thrown: unknown): void => {
    const error = asAttnError(thrown);
    if (error.code !== 'cancelled' && error.code !== 'device-lost') env.onError(error);
  };

  return {
    tuned: env.tuned,
    async measureTuned(shapes, anew) {
      if (!stop) await env.ready.then(() => env.tuned.measure(shapes, { anew })).catch(tell);
    },
    report,
    recorded,
    earlier,
    running,
    problem,
    view,
    software,
    paces,
    lost,
    async start(settings, rest = false) {
      if (stop) return;
      stop = new AbortController();
      batch(() => {
        running.value = { paused: false, stopping: false, own: false };
        problem.value = undefined;
        lost.value = false;
      });
      try {
        await measure(settings, stop.signal, rest ? report.peek() : undefined);
      } catch (thrown) {
        lost.value = asAttnError(thrown).code === 'device-lost';
        tell(thrown);
      } finally {
        stop = undefined;
        running.value = undefined;
      }
    },
    cancel() {
      stop?.abort();
      const now = running.peek();
      if (now) running.value = { ...now, stopping: true };
    },
    away: (is) => presence?.away(is),
    async open(file) {
      try {
        if (file.size > MOST_BYTES) throw new ReportError('oversized');
        show(readReport(await file.text()), 'file');
        problem.value = undefined;
      } catch (thrown) {
        if (!(thrown instanceof ReportError)) throw thrown;
        problem.value = thrown.problem;
      }
    },
  };
}
