// Races kernels on this device for one shape, by the protocol. Called by the page's timing strip and by
// window.attnscope.time.
import { CHECK_WORK, throwIfWrong } from '../ops/check';
import { AttnError } from '../errors';
import type { Inputs } from '../ops/attention/shape';
import { checkPrepared } from '../machine/gpu/answer';
import { fmaProbe, largestCopy, nullProbe, type Probe } from '../machine/gpu/probes';
import { prepare, type Prepared } from '../machine/gpu/run';
import type { AdapterInfo, Session } from '../machine/gpu/session';
import { kernelWatch, tinyWatch } from '../machine/gpu/time';
import type { Run } from '../ops/run';
import { flopsOf } from '../kernels/costs';
import { longEnough } from './batch';
import { clockResolution, commonStep, doneStep, lengthOf, type Method } from './clock';
import { peakOf, type Peak } from './peak';
import { race, RACE, type RaceOptions, type RaceResult } from './protocol';
import { judge, MIN_ROUNDS, MIN_STEPS, pairedRatio, read, spread, type Spread, type Verdict } from './stats';

/** One run on one device. Times in ms. */
export interface Timing extends Spread {
  run: Run;
  /** By the clock in use; entry i of every list is from round i. */
  samples: number[];
  /** By wall clock, submit to done. */
  wall: number[];
  /** By the GPU's own clock; NaN when it could not be read. */
  gpu: number[];
  method: Method;
  /** The smallest step of the clock in use, ms; for the wall clock the step in which the browser reports "done". */
  resolution: number;
  /** max |O - f64 oracle| over sampled rows, after the timed runs. */
  maxAbsError: number;
  /** Compile time of all passes, ms. */
  compileMs: number;
  /** How many runs a sample has. */
  batch: number;
  /** Useful floating-point operations a second. */
  flopsPerSecond: number;
  device: AdapterInfo;
}

export interface Comparison {
  timings: Timing[];
  /** First run over last run, paired by round; undefined for a single run. */
  ratio: Spread | undefined;
  /** The control: the last run against itself; `samples` are the times of its second part in the rounds, ms. */
  control: Spread & { samples: number[] };
  verdict: Verdict;
  /** What the probes measured; absent when the clock is too coarse for them. */
  peak?: Peak;
  discarded: number;
  isolated: boolean;
}

type CompareOptions = Partial<Omit<RaceOptions, 'onProgress'>> & {
  onProgress?: (stage: 'compile' | 'race' | 'check', done: number, of: number, discarded?: number) => void;
};

/**
 * Races `runs` (one shape, different kernels or tiles) with an A/A control and three probes.
 * @param inputs of all runs, or one for each
 * @throws AttnError `cancelled`, `check-failed`, and what `prepare` throws
 */
export async function compare(
  session: Session,
  runs: readonly Run[],
  inputs: Inputs | readonly Inputs[],
  options: CompareOptions = {},
): Promise<Comparison> {
  const own = (i: number): Inputs => ('q' in inputs ? inputs : inputs[i]!);
  const disposers: (() => void)[] = [];
  const { onProgress, ...rest } = options;
  try {
    const prepared: Prepared[] = [];
    for (const [i, run] of runs.entries()) {
      onProgress?.('compile', prepared.length, runs.length);
      const one = await prepare(session, run, own(i));
      disposers.push(() => one.dispose());
      prepared.push(one);
      if (options.signal?.aborted) throw new AttnError('cancelled');
    }
    const doneMs = await stepOfDone(session);
    const probes = {
      fma: await fmaProbe(session),
      copy: await largestCopy(session, copyMs(doneMs)),
      null: nullProbe(session),
    };
    const last = prepared.at(-1) as Prepared;
    const watches = [...prepared.map((p, i) => ({ id: `${i}`, p })), { id: 'control', p: last }].map(({ id, p }) => ({
      id,
      ...kernelWatch(session, p),
    }));
    const players = [
      ...watches,
      ...Object.entries(probes).map(([id, probe]) => ({ id, single: id === 'null', ...probe })),
    ];
    for (const player of players) disposers.push(() => player.dispose());
    const result = await race(players, {
      ...RACE,
      doneMs,
      ...rest,
      onProgress: (done, of, thrown) => onProgress?.('race', done, of, thrown),
    });
    onProgress?.('check', 0, prepared.length);
    const method = methodOf(result);
    const times = result[method === 'timestamp' ? 'gpu' : 'wall'];
    const resolution = method === 'timestamp' ? stampStep(result) : Math.max(clockResolution(), doneMs);
    const timings: Timing[] = [];
    for (const [i, one] of prepared.entries()) {
      const samples = times[`${i}`] ?? [];
      const maxAbsError = await checkedError(one, own(i));
      const compileMs = one.passes.reduce((sum, pass) => sum + pass.compileMs, 0);
      const { median, p10, p90, n } = spread(read(samples));
      const flopsPerSecond = flopsOf(one.run) / (median / 1000);
      timings.push({
        run: one.run,
        samples,
        wall: result.wall[`${i}`] ?? [],
        gpu: result.gpu[`${i}`] ?? [],
        median,
        p10,
        p90,
        n,
        method,
        resolution,
        maxAbsError,
        compileMs,
        batch: result.batch[`${i}`] ?? 1,
        flopsPerSecond,
        device: session.info,
      });
    }
    const mine = times[`${prepared.length - 1}`] ?? [];
    const again = times.control ?? [];
    const control = { ...pairedRatio(mine, again), samples: again };
    const [first, rival] = [timings[0], timings.at(-1)];
    const judged = first && rival && first !== rival ? judge(first, rival, control, clockOf(rival)) : undefined;
    const probed = (id: 'fma' | 'copy', of: 'flops' | 'bytes') => ({
      work: probes[id][of],
      samples: times[id] ?? [],
      batch: result.batch[id] ?? 1,
    });
    const peak = peakOf(
      { fma: probed('fma', 'flops'), copy: probed('copy', 'bytes'), empty: result.wall.null ?? [] },
      resolution,
    );
    return {
      timings,
      ratio: judged?.ratio,
      control,
      verdict: judged?.verdict ?? 'too-few',
      ...(peak && { peak }),
      discarded: result.discarded,
      isolated: globalThis.crossOriginIsolated,
    };
  } finally {
    for (const dispose of disposers) dispose();
  }
}

/** The clock of a timing, as the verdict needs it. */
export const clockOf = ({
  method,
  resolution,
}: Pick<Timing, 'method' | 'resolution'>): { stepped: boolean; step: number } => ({
  stepped: method === 'wall',
  step: resolution,
});

/** The clock that the verdict uses: the GPU's own, when it could be read in enough rounds of every player. */
function methodOf({ clock, gpu, wall }: RaceResult): Method {
  const enough = Object.keys(gpu).every(
    (id) => id === 'null' || read(gpu[id]!).length >= Math.min(MIN_ROUNDS, wall[id]!.length),
  );
  return clock === 'timestamp' && enough ? 'timestamp' : 'wall';
}

/** The step in which this browser reports "done", ms. */
async function stepOfDone(session: Session): Promise<number> {
  const tiny = tinyWatch(session);
  try {
    return await doneStep(tiny.run);
  } finally {
    tiny.dispose();
  }
}

/** How long one run of the copy takes, by the clock that can read it. */
const copyMs =
  (doneMs: number) =>
  async ({ run }: Probe): Promise<number> => {
    const { gpu } = await run(1);
    const clock: Method = gpu === undefined ? 'wall' : 'timestamp';
    let length = NaN;
    const target = clock === 'wall' ? Math.max(SHORT_MS, MIN_STEPS * doneMs) : SHORT_MS;
    const k = await longEnough(
      async (runs) => {
        const sample = await run(runs);
        length = lengthOf(sample, clock);
        return sample;
      },
      { k: 1 },
      clock,
      target,
    );
    return k === undefined ? Infinity : length / k;
  };

/** The length of a sample that only helps to choose a size, ms. */
const SHORT_MS = 3;

/** The step of the timestamps, ms. */
const stampStep = ({ gpu, batch }: RaceResult): number =>
  commonStep(Object.entries(gpu).flatMap(([id, samples]) => read(samples).map((x) => x * (batch[id] ?? 1))));

/**
 * The largest error of sampled rows of O. Throws when the answer is wrong: the time of a wrong kernel means nothing.
 */
async function checkedError(prepared: Prepared, inputs: Inputs): Promise<number> {
  const { checked } = await checkPrepared(prepared, inputs, CHECK_WORK.timed);
  throwIfWrong(prepared.run.kernel, checked);
  return checked.max;
}
