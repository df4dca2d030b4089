// The timing protocol: warm up, batch until a sample is long enough for the clock, take turns, throw away what a hidden tab disturbed.
import { AttnError } from '../attention/errors';

/** Milliseconds of a batch of runs: by the wall (submit to done) and, where the device has timestamps, on the GPU. */
export interface Sample {
  wall: number;
  gpu?: number;
}

/** Something to time. `run(k)` does k runs back to back and resolves when the device is done. */
export interface Player {
  id: string;
  run(k: number): Promise<Sample>;
}

export interface RaceOptions {
  warmups: number;
  /** Shortest sample, ms. */
  minSampleMs: number;
  /** Rounds wanted; fewer when the budget ends first. */
  rounds: number;
  /** Most time for the rounds, ms. */
  budgetMs: number;
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

/** Milliseconds a run, by player id; entry i of every list is from round i. `gpu` is NaN where a round's timestamps were unusable. */
export interface RaceResult {
  wall: Record<string, number[]>;
  gpu: Record<string, number[]>;
  /** Runs a sample. */
  batch: Record<string, number>;
  discarded: number;
}

const MOST_DISCARDS = 20;

/** Plays the rounds. Throws AttnError `cancelled` when the signal fires. */
export async function race(players: readonly Player[], options: RaceOptions): Promise<RaceResult> {
  const now = options.now ?? (() => performance.now());
  const attended = options.attended ?? (() => true);
  const result: RaceResult = { wall: {}, gpu: {}, batch: {}, discarded: 0 };
  for (const player of players) {
    result.wall[player.id] = [];
    result.gpu[player.id] = [];
    result.batch[player.id] = await warmUp(player, options);
  }
  let began = now();
  for (let round = 0; round < options.rounds;) {
    if (round > 0 && now() - began > options.budgetMs) break;
    const samples = await playRound(players, round, result.batch, options.signal);
    if (attended()) {
      for (const [id, sample] of samples) {
        const k = result.batch[id] ?? 1;
        result.wall[id]?.push(sample.wall / k);
        // Coarsened clocks can run backwards; such a reading is no reading.
        result.gpu[id]?.push(sample.gpu !== undefined && sample.gpu > 0 ? sample.gpu / k : NaN);
      }
      round++;
      options.onProgress?.(round, options.rounds, result.discarded);
    } else if (++result.discarded >= MOST_DISCARDS) break;
    else {
      options.onProgress?.(round, options.rounds, result.discarded);
      const left = now();
      await options.untilAttended?.();
      began += now() - left;
    }
  }
  return result;
}

async function warmUp(player: Player, options: RaceOptions): Promise<number> {
  let last = 0;
  for (let i = 0; i < options.warmups; i++) {
    stopIfAborted(options.signal);
    last = (await player.run(1)).wall;
  }
  return Math.max(1, Math.ceil(options.minSampleMs / Math.max(last, 0.01)));
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

function stopIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AttnError('cancelled');
}

/** Smallest step of a clock, ms: the least positive difference over many readings. */
export function clockResolution(now: () => number = () => performance.now(), readings = 20_000): number {
  let least = Infinity;
  let last = now();
  for (let i = 0; i < readings; i++) {
    const t = now();
    if (t > last) least = Math.min(least, t - last);
    last = t;
  }
  return least === Infinity ? 0 : least;
}
