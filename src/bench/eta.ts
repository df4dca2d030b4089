// The time left of a sweep, estimated again and again from the time taken so far: the kernels' own times say nothing of
// what a busy machine adds.
import type { Shape } from '../ops/attention/shape';
import { pointMs, type Paces, type Plan } from './plan';

/** The rounds of a race, as they were observed. */
export interface Rounds {
  /** When the first round that counts was over, and how many were by then. */
  first: { at: number; done: number };
  last: { at: number; done: number };
  of: number;
}

/** A finished point, ms: its whole time, and the time from its last round on. */
export interface Past {
  shape: Shape;
  took: number;
  after: number;
}

/** Each older point weighs this much of the next newer one. */
const DECAY = 0.5;
/** A point that takes longer than predicted still has at least this share of its time left. */
const LEAST_LEFT = 0.2;

/** A mean in which newer values weigh more; 0 for an empty list. */
function recent(values: readonly number[]): number {
  let [sum, weights] = [0, 0];
  for (const value of values) [sum, weights] = [sum * DECAY + value, weights * DECAY + 1];
  return weights > 0 ? sum / weights : 0;
}

/**
 * The time of a point: the prediction from its kernels' times, plus the mean difference between the time that earlier
 * points took and what would now be predicted for them. The difference may be negative, or larger than the prediction.
 */
export function corrected(predicted: number, past: readonly { predicted: number; took: number }[]): number {
  const more = recent(past.map((one) => one.took - one.predicted));
  if (more >= 0) return predicted + more;
  return predicted * Math.min(1, recent(past.map((one) => one.took / Math.max(one.predicted, 1))));
}

/**
 * The time left of the rounds: each as long as the ones seen, as many as wanted, within the budget. Undefined before
 * two were seen.
 */
export function roundsLeft({ first, last, of }: Rounds, now: number, budgetMs: number): number | undefined {
  const seen = last.done - first.done;
  if (seen < 1) return undefined;
  const each = (last.at - first.at) / seen;
  const began = first.at - first.done * each;
  // The round in which the budget ends is completed.
  const end = Math.min(began + of * each, Math.max(last.at, began + budgetMs) + each / 2);
  return Math.max(0, end - now);
}

export interface EtaTracker {
  /** A point begins. */
  begin(shape: Shape): void;
  /** So many rounds of its race are done. */
  round(done: number, of: number): void;
  end(): void;
  /** Nothing ran for this long (ms), because the page was not visible. */
  paused(ms: number): void;
  /** The time left of the current point and of the following ones, ms. */
  left(ahead: readonly Shape[]): number;
}

/**
 * Estimates the time left of a sweep.
 * @param paces filled in while the sweep runs
 */
export function createEtaTracker(
  plan: Plan,
  paces: Paces,
  software: boolean,
  clock: () => number = () => performance.now(),
): EtaTracker {
  const past: Past[] = [];
  let idle = 0;
  let under: { shape: Shape; began: number; rounds?: Rounds } | undefined;
  const now = (): number => clock() - idle;
  const predicted = (shape: Shape): number => pointMs(shape, plan, paces, software);
  const estimated = (shape: Shape): number =>
    corrected(
      predicted(shape),
      past.map((one) => ({ predicted: predicted(one.shape), took: one.took })),
    );
  const leftHere = (): number => {
    if (!under) return 0;
    const rounds = under.rounds && roundsLeft(under.rounds, now(), plan.budgetMs);
    if (rounds !== undefined) return rounds + recent(past.map(({ after }) => after));
    const whole = estimated(under.shape);
    return Math.max(whole - (now() - under.began), LEAST_LEFT * whole);
  };
  return {
    begin: (shape) => void (under = { shape, began: now() }),
    round(done, of) {
      if (!under) return;
      const at = { at: now(), done };
      const known = under.rounds;
      // When the rounds begin anew, earlier ones do not count.
      under.rounds = { first: known && known.last.done < done ? known.first : at, last: at, of };
    },
    end() {
      if (under)
        past.push({
          shape: under.shape,
          took: now() - under.began,
          after: under.rounds ? now() - under.rounds.last.at : 0,
        });
      under = undefined;
    },
    paused: (ms) => void (idle += ms),
    left: (ahead) => leftHere() + ahead.reduce((sum, shape) => sum + estimated(shape), 0),
  };
}
