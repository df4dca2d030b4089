// Autotuning: the best of the tiled kernels and tiles that a short race tried on this device for a class of shapes; the
// result is stored. No vendor is named anywhere.
import { CHECK_WORK, TOLERANCE } from '../../ops/check';
import type { Inputs, Shape } from '../../ops/attention/shape';
import { flops } from '../../ops/attention/cost';
import { asAttnError, AttnError } from '../../errors';
import { hashOf } from '../../trace/hash';
import { checkPrepared } from '../../machine/gpu/answer';
import { hasFeature, prepare, type Prepared } from '../../machine/gpu/run';
import type { Session } from '../../machine/gpu/session';
import { kernelWatch, tinyWatch } from '../../machine/gpu/time';
import type { Run } from '../../ops/run';
import type { Kernel } from '../../kernels/card';
import { meantFor, opOf } from '../../kernels';
import { OPENING } from '../../kernels/defaults';
import { fittingTile, kernelById, RUNNABLE } from '../../kernels/kernels';
import { textOf } from '../../wgsl/link';
import type { Choice, ChoiceStore, Contender, Variant } from './store';
import { doneStep, type Method } from '../clock';
import { race, type Player } from '../protocol';
import { pairedRatio } from '../stats';

export interface Tuned extends Choice {
  from: 'measured' | 'kept';
}

export interface TuneOptions {
  store: ChoiceStore;
  inputs(shape: Shape): Inputs | Promise<Inputs>;
  /** As in a sweep: a round is thrown away when the page was not visible. */
  attended?(): boolean;
  untilAttended?(): Promise<void>;
  /** Races even when a choice is stored, and replaces it. */
  anew?: boolean;
  signal?: AbortSignal;
  onProgress?: (stage: 'compile' | 'race', done: number, of: number) => void;
}

/** Rounds of the race between kernels, which differ much, and of the one between tiles; and the shortest sample, ms. */
const ROUNDS = { kernels: 3, tiles: 7 };
const SAMPLE_MS = 5;
/** A kernel within this factor of the fastest may still win with another tile. */
const NEAR = 1.3;
/**
 * The most operations of one run of a race. Longer problems are shortened to this: every row and tile of a long one is
 * like the others.
 */
const OPERATIONS = { software: 0.15e9, hardware: 20e9 };
/**
 * The most tiles that are tried of a kernel in the second race. Decoding kernels compile quickly and their threads grow
 * with the tile: all of theirs are tried.
 */
const TILES = 3;

/** Whether the kernel's workgroups take blocks of rows each, so that a run can be cut and the device is kept busy. */
const byRows = ({ id: kernel, passes, tiles: [tile] }: Kernel, shape: Shape): boolean =>
  tile !== undefined && passes({ kernel, shape, tile }).every(({ rows }) => rows > 0);

/** The tiled kernels of attention, which never write S, that are meant for the shape. */
export const tiledCards = (shape: Shape): Kernel[] =>
  RUNNABLE.filter((card) => card.op === opOf({ kernel: OPENING }).id && byRows(card, shape) && meantFor(card, shape));

/** The class of a shape, which shares one choice: row length and mask exactly, sizes by powers of two. */
export function shapeClass({ batch, heads, queries, keys, dim, mask }: Shape): string {
  const size = (n: number): number => Math.ceil(Math.log2(n));
  return [mask, dim, size(batch * heads), size(queries), size(keys)].join(' ');
}

/** The shape that is raced: the given one, with fewer rows and keys when one run would take long. */
export function racedShape(shape: Shape, software: boolean): Shape {
  const most = OPERATIONS[software ? 'software' : 'hardware'];
  let { queries, keys } = shape;
  while (flops({ ...shape, queries, keys }) > most && Math.max(queries, keys) > 64) {
    queries = Math.min(queries, Math.max(64, queries >> 1));
    keys = Math.min(keys, Math.max(64, keys >> 1));
  }
  return { ...shape, queries, keys };
}

/** The runs of a card that fit this device, the page's own tile for the raced shape first. */
function runsOf(session: Session, card: Kernel, shape: Shape, raced: Shape): Run[] {
  if (!hasFeature(session, card)) return [];
  const first = fittingTile(card, { kernel: card.id, shape: raced }, session.limits);
  const tiles = [first, ...card.tiles.filter((tile) => tile !== first)];
  return tiles
    .filter(({ br }) => br <= Math.max(raced.queries, 32))
    .map((tile) => ({ kernel: card.id, shape, tile }))
    .filter((run) => !card.limit(run, session.limits));
}

/**
 * The participants of the race for a shape, by kernel, and the key of its choice: this adapter, this class of shapes,
 * these texts and tiles.
 */
function fieldOf(session: Session, shape: Shape): { raced: Shape; able: Run[][]; key: string } {
  const raced = racedShape(shape, session.info.software);
  const able = tiledCards(shape)
    .map((card) => runsOf(session, card, shape, raced))
    .filter((runs) => runs.length > 0);
  const { vendor, architecture, description } = session.info;
  const texts = new Set(
    able.flatMap(([run]) => (run ? kernelById(run.kernel).passes(run) : [])).flatMap(({ files }) => files.map(textOf)),
  );
  const names = able.flat().map(nameOf).toSorted();
  const key = `${vendor} ${architecture} ${description} | ${shapeClass(raced)} | ${hashOf([...texts, ...names].join('\n'))}`;
  return { raced, able, key };
}

/** The stored choice for shapes like this one on this device, if there is one. */
export const keptChoice = (session: Session, shape: Shape, store: ChoiceStore): Choice | undefined =>
  store.get(fieldOf(session, shape).key);

const nameOf = ({ kernel, tile }: Variant): string => `${kernel} ${tile.br}x${tile.bc}`;

/**
 * Races some runs of one shape. A run that does not compile, or answers wrongly, is out.
 * @throws AttnError `cancelled`, `device-lost`
 */
async function heat(
  session: Session,
  runs: readonly Run[],
  rounds: number,
  inputs: Inputs,
  { signal, attended, untilAttended, onProgress }: TuneOptions,
): Promise<{ contenders: Contender[]; clock: Method }> {
  const ready = new Map<string, Prepared>();
  const disposers: (() => void)[] = [];
  try {
    const players: Player[] = [];
    for (const [i, run] of runs.entries()) {
      onProgress?.('compile', i, runs.length);
      if (signal?.aborted) throw new AttnError('cancelled');
      const prepared = await prepare(session, run, inputs).catch(unlessLost);
      if (!prepared) continue;
      const watch = kernelWatch(session, prepared);
      disposers.push(watch.dispose, () => prepared.dispose());
      ready.set(nameOf(run), prepared);
      players.push({ id: nameOf(run), run: watch.run });
    }
    const tiny = tinyWatch(session);
    disposers.push(tiny.dispose);
    const times = await race(players, {
      warmups: 1,
      doneMs: await doneStep(tiny.run),
      rounds,
      minSampleMs: SAMPLE_MS,
      budgetMs: 5000,
      ...(signal && { signal }),
      ...(attended && { attended }),
      ...(untilAttended && { untilAttended }),
      onProgress: (done, of) => onProgress?.('race', done, of),
    });
    const clock: Method =
      times.clock === 'timestamp' && !Object.values(times.gpu).flat().some(Number.isNaN) ? 'timestamp' : 'wall';
    const read = clock === 'timestamp' ? times.gpu : times.wall;
    const found: (Contender & { times: number[] })[] = [];
    for (const [id, prepared] of ready) {
      const { max: error, wrong } = (await checkPrepared(prepared, inputs, CHECK_WORK.timed)).checked;
      const { kernel, tile } = prepared.run;
      if (!wrong) found.push({ kernel, tile, error, ratio: 1, times: read[id] ?? [] });
    }
    return { contenders: ranked(found), clock };
  } finally {
    for (const dispose of disposers) dispose();
  }
}

/** A variant that fails is left out; a lost device ends the search. */
function unlessLost(thrown: unknown): undefined {
  if (['device-lost', 'cancelled'].includes(asAttnError(thrown).code)) throw thrown;
}

/**
 * Sorts by time, paired by round: the one that beats its predecessors comes first. Near equals may form a cycle (a
 * before b, b before c, c before a), so a later one may have a ratio slightly below 1.
 */
function ranked(found: readonly (Contender & { times: number[] })[]): Contender[] {
  const over = (a: { times: number[] }, b: { times: number[] }): number => pairedRatio(a.times, b.times).median;
  const fastest = found.reduce<(typeof found)[number] | undefined>(
    (best, one) => (best && over(best, one) <= 1 ? best : one),
    undefined,
  );
  if (!fastest) return [];
  const isFastest = ({ kernel, tile }: Pick<Contender, 'kernel' | 'tile'>): boolean =>
    kernel === fastest.kernel && tile === fastest.tile;
  return found
    .map(({ times, ...one }) => ({ ...one, ratio: isFastest(one) ? 1 : over({ times }, fastest) }))
    .toSorted((a, b) => Number(isFastest(b)) - Number(isFastest(a)) || a.ratio - b.ratio);
}

/**
 * The best correct tiled variant that was raced for shapes like this one on this device: from an earlier race, or raced
 * now. First the kernels with the page's own tiles, then other tiles of the fastest ones. Long shapes are raced
 * shorter, and share the choice of the raced shape.
 * @throws AttnError `cancelled`, `device-lost`, `check-failed` when no variant answers rightly
 */
export async function tune(session: Session, shape: Shape, options: TuneOptions): Promise<Tuned> {
  const { raced, able, key } = fieldOf(session, shape);
  const kept = options.anew ? undefined : options.store.get(key);
  if (kept) return { ...kept, from: 'kept' };
  const inputs = await options.inputs(raced);
  const at = (run: Run): Run => ({ ...run, shape: raced });
  const first = await heat(session, able.flatMap((runs) => runs.slice(0, 1)).map(at), ROUNDS.kernels, inputs, options);
  const [winner] = first.contenders;
  if (!winner)
    throw new AttnError('check-failed', { kernel: 'tiled', error: Number.POSITIVE_INFINITY, bound: TOLERANCE });
  const near = new Set(first.contenders.filter(({ ratio }) => ratio <= NEAR).map(({ kernel }) => kernel));
  const others = able.flatMap((runs) =>
    runs[0] && near.has(runs[0].kernel) ? runs.slice(0, kernelById(runs[0].kernel).decoding ? runs.length : TILES) : [],
  );
  const second = others.length > 1 ? await heat(session, others.map(at), ROUNDS.tiles, inputs, options) : first;
  const best = second.contenders[0] ?? winner;
  const again = new Set(second.contenders.map(({ kernel }) => kernel));
  const contenders = [...second.contenders, ...first.contenders.filter(({ kernel }) => !again.has(kernel))];
  const date = new Date().toISOString();
  const choice: Choice = {
    best: { kernel: best.kernel, tile: best.tile },
    contenders,
    able: able.flat().length,
    raced,
    clock: second.clock,
    date,
  };
  options.store.set(key, choice);
  return { ...choice, from: 'measured' };
}
