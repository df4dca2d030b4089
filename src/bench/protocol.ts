// The timing protocol: warm up, batch until a sample is long enough for the clock, take turns, throw away what a hidden
// tab disturbed.
import { grown, HEADROOM, longEnough, stopIfAborted } from './batch';
import { lengthOf, type Method, type Sample } from './clock';
import { MIN_ROUNDS } from './stats';

/** Something to time. `run(k)` does k runs back to back and resolves when the device is done. */
export interface Player {
  id: string;
  run(k: number): Promise<Sample>;
  /** A sample is always one run, however short: it is timed for the floor that it is. */
  single?: boolean;
}

export interface RaceOptions {
  warmups: number;
  /** Shortest sample by the clock in use, ms. */
  minSampleMs: number;
  /** Rounds wanted; fewer when the budget ends first. */
  rounds: number;
  /** Most time for the rounds, ms. */
  budgetMs: number;
  /**
   * The step in which this browser tells "done", ms; see `doneStep`. A sample by the wall clock is many of them, as far
   * as the budget goes.
   */
  doneMs?: number;
  signal?: AbortSignal;
  onProgress?: (done: number, of: number, discarded: number) => void;
  /** False while the tab is hidden or out of focus: a round taken then is thrown away. */
  attended?: () => boolean;
  /** Awaited after such a round, so that nothing is timed until somebody looks again; the wait costs no budget. */
  untilAttended?: () => Promise<void>;
  now?: () => number;
}

export const RACE: Pick<RaceOptions, 'warmups' | 'minSampleMs' | 'rounds' | 'budgetMs'> = {
  warmups: 2,
  minSampleMs: 10,
  rounds: 12,
  budgetMs: 20_000,
};

/**
 * Milliseconds a run, by player id; entry i of every list is from round i. `gpu` is NaN where a round's timestamps were
 * unusable.
 */
export interface RaceResult {
  wall: Record<string, number[]>;
  gpu: Record<string, number[]>;
  /** Runs a sample. */
  batch: Record<string, number>;
  /** The clock by which samples were made long enough. */
  clock: Method;
  discarded: number;
}

const MOST_DISCARDS = 20;
/** Steps of "done" in a sample by the wall clock, where the budget allows. */
const DONE_STEPS = 10;
/** How often the rounds begin anew because a sample came out short, as long as rounds enough still fit the budget. */
const MOST_RESTARTS = 8;

/** Plays the rounds. Throws AttnError `cancelled` when the signal fires. */
export async function race(players: readonly Player[], options: RaceOptions): Promise<RaceResult> {
  const now = options.now ?? (() => performance.now());
  const attended = options.attended ?? (() => true);
  const { batch, clock } = await warmUp(players, options);
  const target = targetMs(players, clock, options);
  const result: RaceResult = { wall: {}, gpu: {}, batch, clock, discarded: 0 };
  const clear = (): void => {
    for (const { id } of players) [result.wall[id], result.gpu[id]] = [[], []];
  };
  clear();
  let began = now();
  let restarts = 0;
  for (let round = 0; round < options.rounds;) {
    if (round > 0 && now() - began > options.budgetMs) break;
    const start = now();
    const samples = await playRound(players, round, batch, options.signal);
    if (!attended()) {
      if (++result.discarded >= MOST_DISCARDS) break;
      options.onProgress?.(round, options.rounds, result.discarded);
      const left = now();
      await options.untilAttended?.();
      began += now() - left;
      continue;
    }
    const enough = now() - began + MIN_ROUNDS * (now() - start) <= options.budgetMs;
    if (enough && restarts < MOST_RESTARTS && lengthen(players, samples, batch, clock, target)) {
      // Samples of one player are all of one batch.
      restarts++;
      clear();
      round = 0;
      continue;
    }
    for (const [id, sample] of samples) {
      const k = batch[id] ?? 1;
      result.wall[id]?.push(sample.wall / k);
      result.gpu[id]?.push(lengthOf(sample, 'timestamp') / k);
    }
    round++;
    options.onProgress?.(round, options.rounds, result.discarded);
  }
  return result;
}

/** How long a sample is to be. Many steps in which "done" is told, but no longer than leaves rounds enough. */
function targetMs(players: readonly Player[], clock: Method, { minSampleMs, doneMs = 0, budgetMs }: RaceOptions): number {
  if (clock === 'timestamp') return minSampleMs;
  const batched = players.filter(({ single }) => !single).length;
  // One round more than the fewest, for what samples come out longer.
  const share = budgetMs / ((MIN_ROUNDS + 1) * Math.max(1, batched) * HEADROOM);
  return Math.max(minSampleMs, Math.min(DONE_STEPS * doneMs, share));
}

/** Warms all up and finds their batches: by the GPU's clock where it reads every one of them, else all by the wall. */
async function warmUp(players: readonly Player[], options: RaceOptions): Promise<Pick<RaceResult, 'batch' | 'clock'>> {
  const { signal, warmups } = options;
  const batch: Record<string, number> = {};
  // Widened: `grow` changes it.
  let clock = 'timestamp' as Method;
  const last = new Map<string, Sample>();
  const grow = async ({ id, run, single }: Player): Promise<void> => {
    if (single) return;
    const from = { k: batch[id] ?? 1, sample: last.get(id) };
    const k = await longEnough(run, from, clock, targetMs(players, clock, options), signal);
    if (k === undefined) clock = 'wall';
    else batch[id] = k;
  };
  for (const player of players) {
    batch[player.id] = 1;
    for (let i = 0; i < warmups; i++) {
      stopIfAborted(signal);
      const sample = await player.run(1);
      last.set(player.id, sample);
      if (sample.gpu === undefined) clock = 'wall';
    }
    if (clock === 'timestamp') await grow(player);
    if (batch[player.id]! > 1) last.delete(player.id);
  }
  if (clock === 'wall') for (const player of players) await grow(player);
  return { batch, clock };
}

/** Grows the batch of every player whose sample was short; whether there was one. */
function lengthen(
  players: readonly Player[],
  samples: readonly [string, Sample][],
  batch: Record<string, number>,
  clock: Method,
  target: number,
): boolean {
  let short = false;
  for (const [id, sample] of samples) {
    const ms = lengthOf(sample, clock);
    if (players.some((player) => player.id === id && player.single) || !(ms < target)) continue;
    const k = batch[id] ?? 1;
    batch[id] = grown(k, ms, target);
    short ||= batch[id] > k;
  }
  return short;
}

/** One sample of each, the start moving on by one player a round. */
async function playRound(
  players: readonly Player[],
  round: number,
  batch: Readonly<Record<string, number>>,
  signal: AbortSignal | undefined,
): Promise<[string, Sample][]> {
  const samples: [string, Sample][] = [];
  for (let i = 0; i < players.length; i++) {
    stopIfAborted(signal);
    const player = players[(i + round) % players.length] as Player;
    samples.push([player.id, await player.run(batch[player.id] ?? 1)]);
  }
  return samples;
}
