// One sentence on how far both runs have come: what each has asked HBM for and how much of its own work that is; at the
// end, the IO model first.
import type { Traffic } from '../../frame/frame-types';
import type { Extra } from '../../frame/traffic';
import { both } from '../../ops/costs';
import { bytes, percent, times } from '../../ui/format';
import type { CompareSpeech } from './speech';

/** One side as the sentence needs it. */
export interface Progress {
  /** `flash2 8×8 full`. */
  name: string;
  /** HBM bytes of this head requested so far. */
  asked: number;
  /** Which part that is of all that this head will request, 0 to 1. */
  share: number;
  /** It stands at its last stop. */
  ended: boolean;
  /** The whole run, all heads. */
  run: { ioModel: Traffic; requested: Traffic; extras: readonly Extra[] };
}

/**
 * How far apart two shares may lie that count as equally far, of the whole and of the larger: only then do bytes so far
 * have a ratio.
 */
const EQUAL = 0.02;
const EQUAL_OF_LARGER = 0.1;

export const equalProgress = (shares: readonly number[]): boolean => {
  const [least, most] = [Math.min(...shares), Math.max(...shares)];
  return most - least <= Math.min(EQUAL, EQUAL_OF_LARGER * most);
};

/** Ratios that differ by this factor need a word on why. */
const APART = 1.25;

export function storyOf(sides: readonly [Progress, Progress], words: CompareSpeech): string {
  const [a, b] = sides;
  const [x, y] = [bytes(a.asked), bytes(b.asked)];
  if (a.ended && b.ended) return ending(sides, words);
  if (a.ended) return words.storyFirstEnded(x, y, percent(b.share));
  if (b.ended) return words.storySecondEnded(x, percent(a.share), y);
  if (!equalProgress([a.share, b.share])) return words.story(x, percent(a.share), y, percent(b.share));
  return words.storyLevel(span(a.share, b.share), x, y, ratioOf(a.asked, b.asked, words));
}

/** One share for both where they read alike, else both ends. */
const span = (a: number, b: number): string => [...new Set([Math.min(a, b), Math.max(a, b)].map(percent))].join('–');

const ratioOf = (a: number, b: number, words: CompareSpeech): string =>
  a === b ? words.equal : words.times(a === 0 ? '–' : times(b / a));

/** The verdict on both whole runs, in the number to quote. */
export function modelVerdict([a, b]: readonly [Progress, Progress], words: CompareSpeech): string {
  const [x, y] = [both(a.run.ioModel), both(b.run.ioModel)];
  return words.modelVerdict(a.name, bytes(x), b.name, bytes(y), ratioOf(x, y, words));
}

/**
 * Both whole runs: the number to quote, then what was requested, and why the two say different things where they do.
 */
function ending([a, b]: readonly [Progress, Progress], words: CompareSpeech): string {
  const [ma, mb] = [both(a.run.ioModel), both(b.run.ioModel)];
  const [ra, rb] = [both(a.run.requested), both(b.run.requested)];
  const over = [ra / ma, rb / mb] as const;
  const apart = Math.max(...over) / Math.min(...over);
  const more = over[0] > over[1] ? a : b;
  const cause = more.run.extras[0]?.cause;
  return [
    words.storyEnd(bytes(ma), bytes(mb), ratioOf(ma, mb, words)),
    words.storyAsked(bytes(ra), bytes(rb), ratioOf(ra, rb, words)),
    apart > APART && cause !== 'lse' && cause !== 'ahead' && words.storyWhy(more.name, times(Math.max(...over))),
  ]
    .filter(Boolean)
    .join(words.space);
}
