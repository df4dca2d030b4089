// The result of a sweep as plain data: what was run, where, and every sample. Exported as JSON; a file that is read
// back is checked completely.
import { isMask } from '../ops/sizes';
import type { Shape } from '../ops/attention/shape';
import { checkShape } from '../ops/attention/validate';
import type { Tile } from '../ops/run';
import { KERNELS } from '../kernels';
import type { AdapterInfo } from '../machine/gpu/session';
import { isChoice, type Choice } from './tuning/store';
import { TUNED } from './entrant';
import type { Method } from './clock';
import type { LimitTrial } from './limits';
import { rateOf, type Peak, type Probed } from './peak';
import { pairedRatio, quantile, type Spread } from './stats';

/** A participant: a kernel, or the tuned choice with the kernel that ran. */
export interface Part {
  kernel: string;
  tile: Tile;
  /** Only for the tuned choice: the kernel that ran. */
  of?: string;
}

/**
 * A kernel's samples at one point, ms of a run; entry i of each list is from round i, NaN when a clock could not be
 * read.
 */
export interface Timed extends Part {
  outcome: 'timed';
  /** By the point's clock. */
  samples: number[];
  wall: number[];
  gpu: number[];
  /** How many runs a sample has. */
  batch: number;
  compileMs: number;
  /** max |O - f64 oracle| over sampled rows, after the timed runs. */
  maxAbsError: number;
}

/** A kernel that was not timed at a point, and why. */
export type Untimed = Part &
  (
    | { outcome: 'skipped'; predictedMs: number; budgetMs: number }
    | { outcome: 'refused'; limit: string; need: number; have: number }
    | { outcome: 'failed'; reason: string }
  );

export type KernelResult = Timed | Untimed;

/** The kernel that ran. */
export const kernelOf = ({ kernel, of = kernel }: Part): string => of;

/** One shape: all kernels in the same rounds, with the control and the probes. */
export interface Point {
  shape: Shape;
  kernels: KernelResult[];
  /** The clock of `samples`; absent when nothing was timed. */
  method?: Method;
  /** The smallest step of that clock, ms; for the wall clock the step in which the browser reports "done". */
  resolution?: number;
  /**
   * The A/A control: which kernel was timed against itself, and the result; `samples` are the times of its second part
   * (absent in older results).
   */
  control?: Spread & { kernel: string; samples?: number[] };
  /** The probes of the same rounds; absent when the clock was too coarse for them. */
  peak?: Peak;
  /** The race that led to this point's tuned choice. */
  tuned?: Choice;
  /** How many rounds were thrown away because the page was not visible. */
  discarded: number;
}

export interface Report {
  format: 'attnscope-times';
  version: 1;
  /** When the sweep began, ISO 8601. */
  date: string;
  browser: string;
  device: AdapterInfo;
  /** Whether passes were timed on the GPU's own clock. */
  timestamps: boolean;
  /** Cross-origin isolated: the wall clock is not coarsened. */
  isolated: boolean;
  /** The smallest step of performance.now(), ms. */
  wallStep: number;
  /** In the page's order; the others are compared with the first. */
  kernels: string[];
  /** One query row over N keys at every point; else as many queries as keys. */
  decoding: boolean;
  budgetMs: number;
  /** The limits that were requested from the adapter. */
  limits: Record<string, number>;
  points: Point[];
  /** Limits that kernels meet on this device, each of them tried. The key is kept for older files. */
  walls: LimitTrial[];
  /** The sweep was stopped before its end. */
  partial: boolean;
}

/** The text of a result file. NaN becomes null. */
export const writeReport = (report: Report): string => JSON.stringify(report, null, 1);

/** Why a file cannot be read as a result. */
export type ReportProblem = 'not-json' | 'foreign' | 'newer' | 'damaged' | 'disagrees' | 'oversized';

/** The largest file that is accepted. */
export const MOST_BYTES = 32 * 2 ** 20;

export class ReportError extends Error {
  readonly problem: ReportProblem;
  constructor(problem: ReportProblem) {
    super(problem);
    this.problem = problem;
  }
}

type Loose = Record<string, unknown>;
const isRecord = (x: unknown): x is Loose => typeof x === 'object' && x !== null && !Array.isArray(x);
const fail = (): never => {
  throw new ReportError('damaged');
};
const number = (x: unknown): number => (typeof x === 'number' && Number.isFinite(x) ? x : fail());
const text = (x: unknown): string => (typeof x === 'string' && x.length < 2000 ? x : fail());
const list = (x: unknown): unknown[] => (Array.isArray(x) && x.length <= 100_000 ? x : fail());
const record = (x: unknown): Loose => (isRecord(x) ? x : fail());
const flag = (x: unknown): boolean => (typeof x === 'boolean' ? x : fail());
/** Samples: positive, or null when a clock could not be read. */
const samples = (x: unknown): number[] => list(x).map((s) => (s === null ? NaN : Math.max(0, number(s))));

const tile = (x: unknown): Tile => ({ br: number(record(x)['br']), bc: number(record(x)['bc']) });

/** The id of a kernel that this page has. */
function known(x: unknown): string {
  const kernel = text(x);
  if (!KERNELS.some((card) => card.id === kernel)) throw new ReportError('newer');
  return kernel;
}

/** The id of a kernel that this page has, or of the tuned choice. */
const entrant = (x: unknown): string => (x === TUNED ? TUNED : known(x));

function kernelResult(x: unknown): KernelResult {
  const from = record(x);
  const kernel = entrant(from['kernel']);
  const base = { kernel, tile: tile(from['tile']), ...(kernel === TUNED && { of: known(from['of']) }) };
  switch (from['outcome']) {
    case 'timed':
      return {
        ...base,
        outcome: 'timed',
        samples: samples(from['samples']),
        wall: samples(from['wall']),
        gpu: samples(from['gpu']),
        batch: number(from['batch']),
        compileMs: number(from['compileMs']),
        maxAbsError: number(from['maxAbsError']),
      };
    case 'skipped':
      return {
        ...base,
        outcome: 'skipped',
        predictedMs: number(from['predictedMs']),
        budgetMs: number(from['budgetMs']),
      };
    case 'refused':
      return {
        ...base,
        outcome: 'refused',
        limit: text(from['limit']),
        need: number(from['need']),
        have: number(from['have']),
      };
    case 'failed':
      return { ...base, outcome: 'failed', reason: text(from['reason']) };
    default:
      return fail();
  }
}

const spreadOf = (x: unknown): Spread => {
  const { median, p10, p90, n } = record(x);
  return { median: number(median), p10: number(p10), p90: number(p90), n: number(n) };
};

function shapeOf(x: unknown): Shape {
  const { batch, heads, kvHeads, queries, keys, dim, mask } = record(x);
  const shape: Shape = {
    batch: number(batch),
    heads: number(heads),
    kvHeads: number(kvHeads),
    queries: number(queries),
    keys: number(keys),
    dim: number(dim),
    mask: isMask(mask) ? mask : fail(),
  };
  checkShape(shape);
  return shape;
}

/** Whether two results of the same computation agree. */
const same = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));

const agree = (pairs: readonly (readonly [number, number])[]): void => {
  if (!pairs.every(([given, found]) => same(given, found))) throw new ReportError('disagrees');
};

/** The control, computed again from its samples when the file has them. */
function controlOf(x: unknown, kernels: readonly KernelResult[]): NonNullable<Point['control']> {
  const from = record(x);
  const control = { ...spreadOf(x), kernel: text(from['kernel']) };
  if (from['samples'] === undefined) return control;
  const again = samples(from['samples']);
  const own =
    kernels.find((result): result is Timed => result.kernel === control.kernel && result.outcome === 'timed') ?? fail();
  const { median, p10, p90, n } = pairedRatio(own.samples, again);
  agree([
    [control.median, median],
    [control.p10, p10],
    [control.p90, p90],
    [control.n, n],
  ]);
  return { ...control, samples: again };
}

const probedOf = (x: unknown): Probed => {
  const { work, samples: read, batch } = record(x);
  return { work: number(work), samples: samples(read), batch: number(batch) };
};

/** The peaks, computed again in the same way. */
function peakOf(x: unknown): Peak {
  const { flops, bytes, nullMs, probes } = record(x);
  const peak = { flops: number(flops), bytes: number(bytes), nullMs: number(nullMs) };
  if (probes === undefined) return peak;
  const { fma, copy, empty } = record(probes);
  const read = { fma: probedOf(fma), copy: probedOf(copy), empty: samples(empty) };
  agree([
    [peak.flops, rateOf(read.fma)],
    [peak.bytes, rateOf(read.copy)],
    [peak.nullMs, quantile(read.empty, 0.5)],
  ]);
  return { ...peak, probes: read };
}

/** @param decoding as the report says; a shape that differs is refused */
function pointOf(x: unknown, decoding: boolean): Point {
  const { shape, kernels, method, resolution, control, peak, tuned, discarded } = record(x);
  const size = shapeOf(shape);
  if (size.queries !== (decoding ? 1 : size.keys)) fail();
  const results = list(kernels).map(kernelResult);
  return {
    shape: size,
    kernels: results,
    ...(method !== undefined && { method: method === 'timestamp' || method === 'wall' ? method : fail() }),
    ...(resolution !== undefined && { resolution: number(resolution) }),
    ...(control !== undefined && { control: controlOf(control, results) }),
    ...(peak !== undefined && { peak: peakOf(peak) }),
    ...(tuned !== undefined && { tuned: isChoice(tuned) ? tuned : fail() }),
    discarded: number(discarded),
  };
}

function trialOf(x: unknown): LimitTrial {
  const { kernel, n, limit, need, have, tensor, call, message } = record(x);
  return {
    kernel: entrant(kernel),
    n: number(n),
    limit: text(limit),
    need: number(need),
    have: number(have),
    tensor: text(tensor),
    call: text(call),
    ...(message !== undefined && { message: text(message) }),
  };
}

/**
 * Reads a result file.
 * @throws ReportError `not-json`, `foreign`, `newer` (version, or a kernel that this page does not have), `damaged`,
 * `disagrees` (a median that is not that of its samples), `oversized`
 */
export function readReport(file: string): Report {
  if (file.length > MOST_BYTES) throw new ReportError('oversized');
  let parsed: unknown;
  try {
    parsed = JSON.parse(file);
  } catch {
    throw new ReportError('not-json');
  }
  if (!isRecord(parsed) || parsed['format'] !== 'attnscope-times') throw new ReportError('foreign');
  if (parsed['version'] !== 1) throw new ReportError('newer');
  try {
    const { vendor, architecture, description, software } = record(parsed['device']);
    // Older results have no choice of queries: as many as keys.
    const decoding = parsed['decoding'] === undefined ? false : flag(parsed['decoding']);
    return {
      format: 'attnscope-times',
      version: 1,
      date: text(parsed['date']),
      browser: text(parsed['browser']),
      device: {
        vendor: text(vendor),
        architecture: text(architecture),
        description: text(description),
        software: flag(software),
      },
      timestamps: flag(parsed['timestamps']),
      isolated: flag(parsed['isolated']),
      wallStep: number(parsed['wallStep']),
      kernels: list(parsed['kernels']).map(entrant),
      decoding,
      budgetMs: number(parsed['budgetMs']),
      limits: Object.fromEntries(
        Object.entries(record(parsed['limits'])).map(([name, value]) => [name, number(value)]),
      ),
      points: list(parsed['points']).map((point) => pointOf(point, decoding)),
      walls: list(parsed['walls']).map(trialOf),
      partial: flag(parsed['partial']),
    };
  } catch (thrown) {
    throw thrown instanceof ReportError ? thrown : new ReportError('damaged');
  }
}
