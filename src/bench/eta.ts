// How long the rest of a sweep takes, told anew from what it took so far: kernels' own times say nothing of what a busy
// machine adds around them.
import type { Shape } from '../ops/attention/shape';
import { pointMs, type Paces, type Plan } from './plan';

/** The rounds of a race as they were seen. */
export interface Rounds {
  /** When the first that counts was over, and how many were by then. */
  first: { at: number; done: number };
  last: { at: number; done: number };
  of: number;
}

/** A point that is over, ms: what it took in all, and from its last round on. */
export interface Past {
  shape: Shape;
  took: number;
  after: number;
}

/** Of what the points before taught, an older one counts half of the next. */
const DECAY = 0.5;
/** A point that has run longer than it should is not as good as over. */
const LEAST_LEFT = 0.2;

/** The mean of a list in which what is newer counts more; 0 of an empty one. */
function recent(values: readonly number[]): number {
  let [sum, weights] = [0, 0];
  for (const value of values) [sum, weights] = [sum * DECAY + value, weights * DECAY + 1];
  return weights > 0 ? sum / weights : 0;
}

/**
 * What a point takes: as its kernels' times say, and what the points before took beyond what would be said of them now.
 * Where the points before were long, so may be what is added; where they took less than said, so does this one.
 */
export function corrected(predicted: number, past: readonly { predicted: number; took: number }[]): number {
  const more = recent(past.map((one) => one.took - one.predicted));
  if (more >= 0) return predicted + more;
  return predicted * Math.min(1, recent(past.map((one) => one.took / Math.max(one.predicted, 1))));
}

/**
 * What is left of rounds: as long each as those that were seen, as many as are wanted, as far as the budget goes.
 * Undefined before two were seen.
 */
export function roundsLeft({ first, last, of }: Rounds, now: number, budgetMs: number): number | undefined {
  const seen = last.done - first.done;
  if (seen < 1) return undefined;
  const each = (last.at - first.at) / seen;
  const began = first.at - first.done * each;
  // The round that the budget ends in is played to its end.
  const end = Math.min(began + of * each, Math.max(last.at, began + budgetMs) + each / 2);
  return Math.max(0, end - now);
}

export interface EtaTracker {
  /** A point is under way. */
  begin(shape: Shape): void;
  /** So many rounds of its race are over. */
  round(done: number, of: number): void;
  end(): void;
  /** Nothing ran for so long: nobody looked. */
  paused(ms: number): void;
  /** What is left of the point under way, and of these behind it, ms. */
  left(ahead: readonly Shape[]): number;
}

/** Follows a sweep by the clock. @param paces as they are learned meanwhile */
export function createEtaTracker(plan: Plan, paces: Paces, software: boolean, clock: () => number = () => performance.now()): EtaTracker {
  const past: Past[] = [];
  let idle = 0;
  let under: { shape: Shape; began: number; rounds?: Rounds } | undefined;
  const now = (): number => clock() - idle;
  const predicted = (shape: Shape): number => pointMs(shape, plan, paces, software);
  const told = (shape: Shape): number =>
    corrected(
      predicted(shape),
      past.map((one) => ({ predicted: predicted(one.shape), took: one.took })),
    );
  const leftHere = (): number => {
    if (!under) return 0;
    const rounds = under.rounds && roundsLeft(under.rounds, now(), plan.budgetMs);
    if (rounds !== undefined) return rounds + recent(past.map(({ after }) => after));
    const whole = told(under.shape);
    return Math.max(whole - (now() - under.began), LEAST_LEFT * whole);
  };
  return {
    begin: (shape) => void (under = { shape, began: now() }),
    round(done, of) {
      if (!under) return;
      const at = { at: now(), done };
      const known = under.rounds;
      // Rounds that begin anew do not count what came before.
      under.rounds = { first: known && known.last.done < done ? known.first : at, last: at, of };
    },
    end() {
      if (under) past.push({ shape: under.shape, took: now() - under.began, after: under.rounds ? now() - under.rounds.last.at : 0 });
      under = undefined;
    },
    paused: (ms) => void (idle += ms),
    left: (ahead) => leftHere() + ahead.reduce((sum, shape) => sum + told(shape), 0),
  };
}
