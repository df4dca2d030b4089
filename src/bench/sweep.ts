// The sweep: kernels over shapes, small ones first; each point is a race by the protocol. What does not fit the device
// or the budget is reported and not run.
import { flops } from '../ops/attention/cost';
import { asAttnError, AttnError, isError } from '../errors';
import type { Inputs, Shape } from '../ops/attention/shape';
import { prepare } from '../machine/gpu/run';
import type { Session } from '../machine/gpu/session';
import { kernelWatch } from '../machine/gpu/time';
import type { Run } from '../ops/run';
import { kernelById } from '../kernels/kernels';
import type { Choice } from './tuning/store';
import { TUNED, type Entrant } from './entrant';
import { compare, type Comparison } from './compare';
import type { InputMaker } from './inputs';
import { atLength, memoryOf, runFor } from './limits';
import { createEtaTracker } from './eta';
import { FEWEST, fitsAlone, learned, predict, safeLength, shapesOf, withinBudget, type Pace, type Plan } from './plan';
import type { KernelResult, Part, Point } from './report';

/** The progress of a sweep. */
export interface SweepProgress {
  stage: 'pilot' | 'compile' | 'race' | 'check';
  /** The current point, from 0, and how many points there are. */
  point: number;
  points: number;
  shape: Shape;
  /** Progress within the stage: rounds of a race, or kernels. */
  done: number;
  of: number;
  /** Rounds of this point that were thrown away because the page was not visible. */
  discarded: number;
  /** About how long the rest takes, ms. */
  leftMs: number;
}

export interface SweepOptions {
  signal: AbortSignal;
  inputs: InputMaker;
  attended(): boolean;
  untilAttended(): Promise<void>;
  onPoint(point: Point): void;
  onProgress(progress: SweepProgress): void;
  /** Whether a shape was measured before and is skipped. */
  done?(shape: Shape): boolean;
  /** The tuned choice for a shape; called when the plan includes it. */
  tuned?(shape: Shape): Choice;
  /** The paces known from an earlier sweep on this device; updated by this one. */
  paces: Map<string, Pace>;
}

/** A participant of the plan at one shape, with the run that it stands for there. */
interface Playing {
  as: Entrant;
  run: Run;
}

function playingAt(session: Session, as: Entrant, shape: Shape, { tuned }: SweepOptions): Playing {
  if (as !== TUNED) return { as, run: runFor(kernelById(as), shape, session.limits) };
  if (!tuned) throw new AttnError('kernel-unknown', { kernel: as });
  return { as, run: { ...tuned(shape).best, shape } };
}

const partOf = ({ as, run: { kernel, tile } }: Playing): Part => ({
  kernel: as,
  tile,
  ...(as === TUNED && { of: kernel }),
});

/** The length of a small first run, for the case that the first point is long itself. */
const PILOT_LENGTH = 128;

/**
 * Runs a plan.
 * @throws AttnError `cancelled`, `device-lost`, and errors that are not caused by one kernel; finished points were
 * passed to `onPoint`
 */
export async function sweep(session: Session, plan: Plan, options: SweepOptions): Promise<void> {
  const shapes = shapesOf(plan).filter((shape) => !options.done?.(shape));
  const first = shapes[0];
  if (!first) return;
  const eta = createEtaTracker(plan, options.paces, session.info.software);
  const left = (from: number): number => eta.left(shapes.slice(from));
  const untilAttended = async (): Promise<void> => {
    const from = performance.now();
    await options.untilAttended();
    eta.paused(performance.now() - from);
  };
  const base = { point: 0, points: shapes.length, discarded: 0 };
  if (first.keys > PILOT_LENGTH) {
    options.onProgress({ ...base, stage: 'pilot', shape: first, done: 0, of: plan.kernels.length, leftMs: left(0) });
    const playing = plan.kernels.map((as) => playingAt(session, as, first, options));
    await pilot(session, playing, atLength(first, PILOT_LENGTH, plan.decoding), options);
  }
  for (const [i, shape] of shapes.entries()) {
    eta.begin(shape);
    const onProgress: Report = (stage, done, of, discarded = 0) => {
      if (stage === 'race') eta.round(done, of);
      options.onProgress({
        ...base,
        point: i,
        stage,
        shape,
        done,
        of,
        discarded,
        leftMs: left(i + 1),
      });
    };
    onProgress('compile', 0, plan.kernels.length);
    const point = await playPoint(session, shape, plan, { ...options, untilAttended }, onProgress);
    learn(point, options.paces);
    eta.end();
    options.onPoint(point);
  }
}

type Report = (stage: 'compile' | 'race' | 'check', done: number, of: number, discarded?: number) => void;

/**
 * Times one small run of each kernel, the second of two. A kernel that cannot run gets no pace; its point will say why.
 */
async function pilot(
  session: Session,
  all: readonly Playing[],
  shape: Shape,
  { inputs, paces, signal }: SweepOptions,
): Promise<void> {
  const data = await inputs.make(shape);
  for (const { as, run } of all) {
    if (signal.aborted) throw new AttnError('cancelled');
    const tile = as === run.kernel ? runFor(kernelById(as), shape, session.limits).tile : run.tile;
    try {
      const prepared = await prepare(session, { ...run, tile, shape }, data);
      const watch = kernelWatch(session, prepared);
      await watch.run(1);
      const { wall } = await watch.run(1);
      const compileMs = prepared.passes.reduce((sum, pass) => sum + pass.compileMs, 0);
      paces.set(as, learned(paces.get(as), { flops: flops(shape), ms: wall }, compileMs));
      watch.dispose();
      prepared.dispose();
    } catch (thrown) {
      if (asAttnError(thrown).code === 'device-lost') throw thrown;
    }
  }
}

/** Updates the pace of each kernel from a point. */
function learn({ shape, kernels }: Point, paces: Map<string, Pace>): void {
  for (const result of kernels) {
    if (result.outcome !== 'timed') continue;
    const walls = result.wall.toSorted((a, b) => a - b);
    const ms = walls[walls.length >> 1];
    if (ms !== undefined && ms > 0) {
      paces.set(result.kernel, learned(paces.get(result.kernel), { flops: flops(shape), ms }, result.compileMs));
    }
  }
}

/** A further trial must be longer by this factor to be worth it. */
const FURTHER = 1.25;

/**
 * Predicts a run. When the bounds leave open whether it fits the budget, it is tried at growing lengths, each of which
 * certainly fits.
 */
async function foresee(
  session: Session,
  playing: Playing,
  shape: Shape,
  { budgetMs, decoding }: Plan,
  options: SweepOptions,
): Promise<number> {
  const { software } = session.info;
  const pace = (): Pace | undefined => options.paces.get(playing.as);
  // Nothing is known before the first run: it is short, or a pilot came before.
  if (!pace()) return 0;
  for (let tried = 0; ;) {
    const { ms, least, most } = predict(shape, pace(), software);
    if (fitsAlone(most, budgetMs) || !fitsAlone(least, budgetMs)) return ms;
    const n = safeLength(shape, pace(), software, decoding, budgetMs / FEWEST);
    if (n < FURTHER * tried || n === 0) return ms;
    const before = pace();
    await pilot(session, [playing], atLength(shape, n, decoding), options);
    if (pace() === before) return ms; // it cannot run: its point says why
    tried = n;
  }
}

async function playPoint(
  session: Session,
  shape: Shape,
  plan: Plan,
  options: SweepOptions,
  onProgress: Report,
): Promise<Point> {
  const all = new Map(plan.kernels.map((as) => [as, playingAt(session, as, shape, options)]));
  const out = new Map<Entrant, KernelResult>();
  const predicted = new Map<Entrant, number>();
  for (const [as, playing] of all) {
    const refusal = kernelById(playing.run.kernel).limit(playing.run, session.limits);
    if (refusal) out.set(as, { ...partOf(playing), outcome: 'refused', ...refusal });
    else predicted.set(as, await foresee(session, playing, shape, plan, options));
  }
  const { kept, left } = withinBudget(predicted, plan.budgetMs);
  for (const { kernel, ms } of left) {
    out.set(kernel, { ...partOf(all.get(kernel)!), outcome: 'skipped', predictedMs: ms, budgetMs: plan.budgetMs });
  }
  // The quickest comes last: the control runs it again.
  let playing = kept.toReversed().map((kernel) => all.get(kernel)!);
  const tuned = all.has(TUNED) ? options.tuned?.(shape) : undefined;
  const point = (comparison?: Comparison): Point => ({
    ...pointOf(shape, plan, out, playing, comparison),
    ...(tuned && { tuned }),
  });
  if (playing.length === 0) return point();
  const inputs = await options.inputs.make(shape);
  let comparison: Comparison | undefined;
  while (playing.length > 0 && !comparison) {
    if (options.signal.aborted) throw new AttnError('cancelled');
    try {
      comparison = await raceOf(session, playing, inputs, plan, options, onProgress);
    } catch (thrown) {
      const failed = culprit(thrown, playing);
      if (!failed) throw thrown;
      out.set(failed.as, { ...partOf(failed), outcome: 'failed', reason: asAttnError(thrown).message });
      playing = playing.filter((one) => one !== failed);
    }
  }
  return point(comparison);
}

const raceOf = (
  session: Session,
  playing: readonly Playing[],
  inputs: Inputs,
  { budgetMs }: Plan,
  { signal, attended, untilAttended }: SweepOptions,
  onProgress: Report,
): Promise<Comparison> =>
  compare(
    session,
    playing.map(({ run }) => run),
    inputs,
    { budgetMs, signal, attended, untilAttended, onProgress },
  );

/** The participant that caused an error; undefined when the sweep cannot go on. */
function culprit(thrown: unknown, playing: readonly Playing[]): Playing | undefined {
  if (isError(thrown, 'check-failed', 'over-limit', 'compile-failed', 'feature-missing'))
    return playing.find(({ run }) => run.kernel === thrown.details.kernel);
  if (!isError(thrown, 'out-of-memory')) return undefined;
  const needs = ({ run }: Playing): number => memoryOf(kernelById(run.kernel), run);
  return playing.reduce((a, b) => (needs(b) > needs(a) ? b : a));
}

/** @param playing the participants that the comparison timed, in its order */
function pointOf(
  shape: Shape,
  { kernels }: Plan,
  out: Map<Entrant, KernelResult>,
  playing: readonly Playing[],
  comparison: Comparison | undefined,
): Point {
  comparison?.timings.forEach(({ samples, wall, gpu, batch, compileMs, maxAbsError }, i) => {
    const one = playing[i]!;
    out.set(one.as, { ...partOf(one), outcome: 'timed', samples, wall, gpu, batch, compileMs, maxAbsError });
  });
  const results = kernels.flatMap((kernel) => out.get(kernel) ?? []);
  const last = comparison?.timings.at(-1);
  if (!comparison || !last) return { shape, kernels: results, discarded: 0 };
  return {
    shape,
    kernels: results,
    method: last.method,
    resolution: last.resolution,
    ...(comparison.control.n > 0 && { control: { kernel: playing.at(-1)!.as, ...comparison.control } }),
    ...(comparison.peak && { peak: comparison.peak }),
    discarded: comparison.discarded,
  };
}
