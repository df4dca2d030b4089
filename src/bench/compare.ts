// Kernels against each other on this device for one shape, by the protocol: the page's timing strip and window.attnscope.time call this.
import { flops } from '../attention/cost';
import { AttnError } from '../attention/errors';
import { attendRow } from '../attention/oracle';
import type { Inputs } from '../attention/shape';
import { copyProbe, fmaProbe, nullProbe, type Probe } from '../gpu/probes';
import { prepare, type Prepared } from '../gpu/run';
import type { AdapterInfo, Session } from '../gpu/session';
import { kernelWatch } from '../gpu/time';
import type { Run } from '../kernels/card';
import { clockResolution, race, RACE, type RaceOptions, type RaceResult } from './protocol';
import { pairedRatio, spread, verdictOf, type Spread, type Verdict } from './stats';

/** How a run's time was read. */
export type Method = 'timestamp' | 'wall';

/** One run on one device. Times in ms. */
export interface Timing extends Spread {
  run: Run;
  /** Of the clock in use; entry i of every list is from round i. */
  samples: number[];
  /** Submit to done. */
  wall: number[];
  /** The GPU's own clock; NaN where it could not be read. */
  gpu: number[];
  method: Method;
  /** Smallest step of the clock used, ms. */
  resolution: number;
  /** max |O - f64 oracle| over sampled rows, after the timed runs. */
  maxAbsError: number;
  /** ms from text to pipelines, all passes. */
  compileMs: number;
  batch: number;
  /** Useful floating-point operations a second. */
  flopsPerSecond: number;
  device: AdapterInfo;
}

export interface Comparison {
  timings: Timing[];
  /** First run over last run, paired by round; undefined for a single run. */
  ratio: Spread | undefined;
  /** The last run against itself. */
  control: Spread;
  verdict: Verdict;
  /** Measured peaks: operations a second, bytes a second, ms of an empty submit. */
  peak: { flops: number; bytes: number; nullMs: number };
  discarded: number;
  isolated: boolean;
}

/** Error that timed outputs may have against f64: far above rounding, far below a wrong kernel. */
const WRONG = 1e-3;

type CompareOptions = Partial<Omit<RaceOptions, 'onProgress'>> & {
  onProgress?: (stage: 'compile' | 'race' | 'check', done: number, of: number, discarded?: number) => void;
};

/**
 * Races `runs` (one shape, different kernels or tiles) with an A/A control and three probes.
 * @throws AttnError `cancelled`, `check-failed` (kernel, error, bound), and what `prepare` throws
 */
export async function compare(session: Session, runs: readonly Run[], inputs: Inputs, options: CompareOptions = {}): Promise<Comparison> {
  const disposers: (() => void)[] = [];
  const { onProgress, ...rest } = options;
  try {
    const prepared: Prepared[] = [];
    for (const run of runs) {
      onProgress?.('compile', prepared.length, runs.length);
      const one = await prepare(session, run, inputs);
      disposers.push(() => one.dispose());
      prepared.push(one);
      if (options.signal?.aborted) throw new AttnError('cancelled');
    }
    const probes = { fma: await fmaProbe(session), copy: await copyProbe(session), null: nullProbe(session) };
    const last = prepared.at(-1) as Prepared;
    const watches = [...prepared.map((p, i) => ({ id: `${i}`, p })), { id: 'control', p: last }].map(({ id, p }) => ({
      id,
      ...kernelWatch(session, p),
    }));
    const players = [...watches, ...Object.entries(probes).map(([id, probe]) => ({ id, ...probe }))];
    for (const player of players) disposers.push(() => player.dispose());
    const result = await race(players, { ...RACE, ...rest, onProgress: (done, of, thrown) => onProgress?.('race', done, of, thrown) });
    onProgress?.('check', 0, prepared.length);
    const method: Method =
      session.timestamps && Object.keys(result.gpu).every((id) => id === 'null' || !result.gpu[id]?.some(Number.isNaN))
        ? 'timestamp'
        : 'wall';
    const times = result[method === 'timestamp' ? 'gpu' : 'wall'];
    const resolution = method === 'timestamp' ? stampResolution(result) : clockResolution();
    const timings: Timing[] = [];
    for (const [i, one] of prepared.entries()) {
      const samples = times[`${i}`] ?? [];
      const maxAbsError = await checkedError(one, inputs);
      const compileMs = one.passes.reduce((sum, pass) => sum + pass.compileMs, 0);
      const { median, p10, p90, n } = spread(samples);
      const flopsPerSecond = flops(one.run.shape) / (median / 1000);
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
    const control = pairedRatio(mine, times.control ?? []);
    const ratio = runs.length > 1 ? pairedRatio(times['0'] ?? [], mine) : undefined;
    return {
      timings,
      ratio,
      control,
      verdict: ratio ? verdictOf(ratio, control) : 'too-few',
      peak: {
        flops: rate(probes.fma, 'flops', times.fma),
        bytes: rate(probes.copy, 'bytes', times.copy),
        nullMs: spread(result.wall.null ?? []).median,
      },
      discarded: result.discarded,
      isolated: globalThis.crossOriginIsolated,
    };
  } finally {
    for (const dispose of disposers) dispose();
  }
}

const rate = (probe: Probe, of: 'flops' | 'bytes', samples: readonly number[] = []): number => probe[of] / (spread(samples).median / 1000);

/** The timestamps' own step, ms: 0.1 where every reading is a multiple of that (Chrome rounds them so), else a nanosecond. */
function stampResolution({ gpu, batch }: RaceResult): number {
  const readings = Object.entries(gpu).flatMap(([id, samples]) => samples.filter((x) => x > 0).map((x) => x * (batch[id] ?? 1)));
  return readings.every((x) => Math.abs(x * 10 - Math.round(x * 10)) < 1e-6) ? 0.1 : 1e-6;
}

/** Largest error of sampled rows of every plane; throws where the answer is wrong, because a wrong kernel's time means nothing. */
async function checkedError(prepared: Prepared, inputs: Inputs): Promise<number> {
  const { shape, kernel, scale } = prepared.run;
  const got = await prepared.read('O');
  const rows = [...new Set([0, 1, shape.queries >> 1, shape.queries - 1])].filter((r) => r >= 0 && r < shape.queries);
  let error = 0;
  for (let plane = 0; plane < shape.batch * shape.heads; plane++) {
    // A long row of f64 arithmetic must not hold up what the visitor types.
    if (plane > 0 && shape.keys * shape.dim > 2 ** 16) await new Promise((resolve) => setTimeout(resolve));
    for (const row of rows) {
      const { o } = attendRow(shape, inputs, plane, row, scale);
      for (let c = 0; c < shape.dim; c++) {
        const difference = Math.abs((got[(plane * shape.queries + row) * shape.dim + c] ?? NaN) - (o[c] ?? NaN));
        if (!(difference <= error)) error = difference;
      }
    }
  }
  if (!(error <= WRONG)) throw new AttnError('check-failed', { kernel, error, bound: WRONG });
  return error;
}
