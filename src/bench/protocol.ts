// The timing protocol: warm up, batch runs until a sample is long enough for the clock, take turns, and throw away
// rounds that a hidden tab disturbed.
import { grown, HEADROOM, longEnough, stopIfAborted } from './batch';
import { lengthOf, type Method, type Sample } from './clock';
import { MIN_ROUNDS } from './stats';

/** One thing to time. `run(k)` does k runs in a row and resolves when the device is done. */
export interface Player {
  id: string;
  run(k: number): Promise<Sample>;
  /** A sample is always one run, however short: the empty submit is timed as it is. */
  single?: boolean;
}

export interface RaceOptions {
  warmups: number;
  /** The shortest sample by the clock in use, ms. */
  minSampleMs: number;
  /** How many rounds are wanted; fewer when the budget ends first. */
  rounds: number;
  /** The most time for the rounds, ms. */
  budgetMs: number;
  /**
   * The step in which this browser reports "done", ms; see `doneStep`. A sample by wall clock lasts many of them,
   * within the budget.
   */
  doneMs?: number;
  signal?: AbortSignal;
  onProgress?: (done: number, of: number, discarded: number) => void;
  /** False while the tab is hidden or has no focus: a round taken then is thrown away. */
  attended?: () => boolean;
  /**
   * Awaited after such a round, so that nothing is timed until the page is visible again; the wait does not count in
   * the budget.
   */
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
 * Milliseconds of a run, by player id; entry i of every list is from round i. `gpu` is NaN when a round's timestamps
 * could not be used.
 */
export interface RaceResult {
  wall: Record<string, number[]>;
  gpu: Record<string, number[]>;
  /** How many runs a sample has. */
  batch: Record<string, number>;
  /** The clock by which samples are long enough. */
  clock: Method;
  discarded: number;
}

const MOST_DISCARDS = 20;
/** How many steps of "done" a sample by wall clock should last, within the budget. */
const DONE_STEPS = 10;
/** How often the rounds may begin anew because a sample was too short, while enough rounds still fit the budget. */
const MOST_RESTARTS = 8;

/**
 * Runs the rounds.
 * @throws AttnError `cancelled` when the signal fires
 */
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
      // All samples of a player must have the same batch.
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

/** How long a sample should be: many steps of "done", but short enough to leave enough rounds. */
function targetMs(
  players: readonly Player[],
  clock: Method,
  { minSampleMs, doneMs = 0, budgetMs }: RaceOptions,
): number {
  if (clock === 'timestamp') return minSampleMs;
  const batched = players.filter(({ single }) => !single).length;
  // One round more than the fewest, because samples may come out longer.
  const share = budgetMs / ((MIN_ROUNDS + 1) * Math.max(1, batched) * HEADROOM);
  return Math.max(minSampleMs, Math.min(DONE_STEPS * doneMs, share));
}

/**
 * Warms all players up and finds their batches: by the GPU's clock when it reads all of them, else all by wall clock.
 */
async function warmUp(players: readonly Player[], options: RaceOptions): Promise<Pick<RaceResult, 'batch' | 'clock'>> {
  const { signal, warmups } = options;
  const batch: Record<string, number> = {};
  // Widened, because `grow` changes it.
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

/** Grows the batch of every player whose sample was too short; returns whether there was one. */
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

/** One sample of each player; each round starts one player later. */
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
