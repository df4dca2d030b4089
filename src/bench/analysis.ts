// What may be concluded from a sweep: each kernel against the first, round by round, and from which N on it is faster,
// slower or not told apart.
import type { Mask, Shape } from '../ops/attention/shape';
import type { Run } from '../ops/run';
import { flopsOf } from '../kernels/costs';
import { kernelById } from '../kernels/kernels';
import { memoryOf } from './limits';
import { kernelOf, type KernelResult, type Part, type Point, type Report, type Timed } from './report';
import { bytesOf, type Roofs } from './roofline';
import { judge, quantile, read, shortest, spread, type Spread, type Verdict } from './stats';

/** How a kernel compares with the first one: faster, slower, or why that cannot be said (see `Verdict`). */
export type BaselineVerdict = 'faster' | 'slower' | Exclude<Verdict, 'first' | 'second'>;

/** From best to worst. */
export const BASELINE_VERDICTS: readonly BaselineVerdict[] = [
  'faster',
  'no-difference',
  'within-control',
  'coarse-clock',
  'too-few',
  'slower',
];

const baselineVerdictOf = (verdict: Verdict): BaselineVerdict =>
  verdict === 'first' ? 'faster' : verdict === 'second' ? 'slower' : verdict;

/** One kernel at one point: a row of the table and of the CSV. */
export interface Row {
  point: Point;
  result: KernelResult;
  kernel: string;
  mask: Mask;
  n: number;
  /** Bytes of all its buffers, and bytes it requests from HBM (computed). */
  memory: number;
  requested: number;
  /** The fields below only when it was timed. */
  time?: Spread;
  wall?: Spread;
  gpu?: Spread;
  /** Its shortest sample by the point's clock, ms. */
  sampleMs?: number;
  /** Its time divided by that of the first kernel, paired by round; absent for the first kernel. */
  ratio?: Spread;
  verdict?: BaselineVerdict;
  /** FLOP a second, and that as a share of the multiply-add probe. */
  rate?: number;
  share?: number;
}

/** The run that gave a result. */
export const runOf = (shape: Shape, part: Part): Run => ({ kernel: kernelOf(part), shape, tile: part.tile });

/** The spread of the samples that the clock could read; undefined when there are none. */
const readings = (samples: readonly number[]): Spread | undefined => {
  const those = read(samples);
  return those.length > 0 ? spread(those) : undefined;
};

/** The timed result of a kernel at a point. */
export const timedOf = ({ kernels }: Point, kernel: string | undefined): Timed | undefined =>
  kernels.find((result): result is Timed => result.kernel === kernel && result.outcome === 'timed');

/** `kernel` against `base` at a point: the ratio paired by round, and the verdict given the point's A/A control. */
export function verdictAt(
  point: Point,
  base: string | undefined,
  kernel: string,
): { ratio: Spread; verdict: BaselineVerdict } | undefined {
  const [first, own] = [timedOf(point, base), timedOf(point, kernel)];
  if (!first || !own || base === kernel) return undefined;
  const control = point.control ?? { median: NaN, p10: NaN, p90: NaN, n: 0 };
  const { ratio, verdict } = judge(own, first, control, {
    stepped: point.method !== 'timestamp',
    step: point.resolution ?? 0,
  });
  return { ratio, verdict: baselineVerdictOf(verdict) };
}

function rowOf(point: Point, result: KernelResult, base: string | undefined): Row {
  const run = runOf(point.shape, result);
  const about = {
    point,
    result,
    kernel: result.kernel,
    mask: point.shape.mask,
    n: point.shape.keys,
    memory: memoryOf(kernelById(run.kernel), run),
    requested: bytesOf(run, 'requested'),
  };
  const time = result.outcome === 'timed' ? readings(result.samples) : undefined;
  if (result.outcome !== 'timed' || !time) return about;
  const [wall, gpu] = [readings(result.wall), readings(result.gpu)];
  const rate = flopsOf(run) / (time.median / 1000);
  return {
    ...about,
    time,
    sampleMs: shortest(result),
    ...(wall && { wall }),
    ...(gpu && { gpu }),
    ...verdictAt(point, base, result.kernel),
    rate,
    ...(point.peak && { share: rate / point.peak.flops }),
  };
}

/** Every kernel at every point, in the order of the sweep. */
export const rowsOf = ({ points, kernels }: Report): Row[] =>
  points.flatMap((point) => point.kernels.map((result) => rowOf(point, result, kernels[0])));

/** How a kernel compares with the first one over N, for one mask. */
export interface Crossover {
  base: string;
  kernel: string;
  /**
   * The smallest measured N from which on it is faster at every measured N; at least two of them, since one point shows
   * no trend.
   */
  fasterFrom: number | undefined;
  /** The same for slower. */
  slowerFrom: number | undefined;
  /** Measured N by verdict, in ascending order. */
  at: Record<BaselineVerdict, number[]>;
}

/** How many points a trend needs at least. */
const TREND = 2;

/** Where a list ordered by N begins to have the wanted verdict up to its end; undefined when that part is too short. */
function tail(
  verdicts: readonly { n: number; verdict: BaselineVerdict }[],
  wanted: BaselineVerdict,
): number | undefined {
  const others = verdicts.findLastIndex(({ verdict }) => verdict !== wanted);
  return verdicts.length - 1 - others >= TREND ? verdicts[others + 1]?.n : undefined;
}

/** The crossover of each kernel but the first; none for a kernel that was never timed together with the first. */
export function crossovers({ points, kernels }: Pick<Report, 'points' | 'kernels'>, mask: Mask): Crossover[] {
  const [base, ...others] = kernels;
  if (base === undefined) return [];
  const mine = points.filter(({ shape }) => shape.mask === mask).toSorted((a, b) => a.shape.keys - b.shape.keys);
  return others.flatMap((kernel) => {
    const verdicts = mine.flatMap((point) => {
      const found = verdictAt(point, base, kernel);
      return found ? [{ n: point.shape.keys, verdict: found.verdict }] : [];
    });
    if (verdicts.length === 0) return [];
    const of = (wanted: BaselineVerdict): number[] =>
      verdicts.filter(({ verdict }) => verdict === wanted).map(({ n }) => n);
    const at = Object.fromEntries(BASELINE_VERDICTS.map((one) => [one, of(one)])) as Record<BaselineVerdict, number[]>;
    return { base, kernel, fasterFrom: tail(verdicts, 'faster'), slowerFrom: tail(verdicts, 'slower'), at };
  });
}

/** The roofs of a sweep: the median of what the probes measured in the rounds of its points. */
export function roofsOf(points: readonly Point[]): Roofs | undefined {
  const peaks = points.flatMap(({ peak }) => (peak ? [peak] : []));
  if (peaks.length === 0) return undefined;
  const median = (of: 'flops' | 'bytes'): number =>
    quantile(
      peaks.map((peak) => peak[of]),
      0.5,
    );
  const copied = peaks.flatMap(({ probes }) => (probes ? [probes.copy.work] : []));
  return { flops: median('flops'), bytes: median('bytes'), ...(copied.length > 0 && { copied: Math.min(...copied) }) };
}

const CSV = [
  'date,browser,vendor,architecture,software,isolated,clock,clock_step_ms,batch,heads,kv_heads,queries,keys,dim,mask,kernel,chosen_kernel,tile,outcome,rounds,runs_a_sample,sample_ms',
  'median_ms,p10_ms,p90_ms,wall_median_ms,gpu_median_ms,ratio_median,ratio_p10,ratio_p90,compared_with,standing,control_kernel,control_median,control_p10,control_p90',
  'flop_per_s,share_of_multiply_add_probe,probe_flop_per_s,probe_bytes_per_s,probe_copy_bytes,null_submit_ms,requested_bytes,memory_bytes,compile_ms,max_abs_error,discarded_rounds',
].join(',');

/** A CSV field (RFC 4180), quoted when necessary. */
const field = (x: string | number | boolean | undefined): string => {
  const plain = x === undefined || (typeof x === 'number' && Number.isNaN(x)) ? '' : String(x);
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
};

/** The sweep as CSV with a header line: one line a kernel and point, times in ms, numbers in full. */
export function csvOf(report: Report): string {
  const { date, browser, device, isolated, kernels } = report;
  // Some browsers name no device: an empty field would look like a mistake.
  const architecture = device.architecture || device.description || (device.vendor ? '' : 'not named by the browser');
  const lines = rowsOf(report).map(
    ({ point, result, time, wall, gpu, sampleMs, ratio, verdict, rate, share, requested, memory }) => {
      const { shape, method, resolution, control, peak, discarded } = point;
      const timed = result.outcome === 'timed' ? result : undefined;
      return [
        [date, browser, device.vendor, architecture, device.software, isolated, method, resolution],
        [shape.batch, shape.heads, shape.kvHeads, shape.queries, shape.keys, shape.dim, shape.mask],
        [
          result.kernel,
          result.of,
          result.tile.br ? `${result.tile.br}x${result.tile.bc}` : '',
          result.outcome,
          time?.n,
          timed?.batch,
          sampleMs,
        ],
        [time?.median, time?.p10, time?.p90, wall?.median, gpu?.median, ratio?.median, ratio?.p10, ratio?.p90],
        [ratio ? kernels[0] : '', verdict, control?.kernel, control?.median, control?.p10, control?.p90],
        [rate, share, peak?.flops, peak?.bytes, peak?.probes?.copy.work, peak?.nullMs],
        [requested, memory, timed?.compileMs, timed?.maxAbsError, discarded],
      ]
        .flat()
        .map(field)
        .join(',');
    },
  );
  return [CSV, ...lines, ''].join('\r\n');
}
