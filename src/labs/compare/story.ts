// One sentence on how far both runs have come: what each has asked HBM for, which of them has finished, and what a losing tile loses to.
import { bytes, count } from '../../views/format';
import type { CompareSpeech } from './speech';

/** One side as the sentence needs it. */
export interface Progress {
  /** HBM bytes requested so far. */
  asked: number;
  /** It stands at its last stop. */
  ended: boolean;
}

/** `loss`: what the picture was opened for, said first. */
export function storyOf([a, b]: readonly [Progress, Progress], words: CompareSpeech, loss?: string): string {
  const [x, y] = [bytes(a.asked), bytes(b.asked)];
  const times = words.times(a.asked === 0 ? '–' : `${count(b.asked / a.asked)}×`);
  const ratio = a.asked === b.asked ? words.equal : times;
  return [loss, said()].filter(Boolean).join(words.space);

  function said(): string {
    if (a.ended && b.ended) return words.storyEnd(x, y, ratio);
    if (a.ended) return words.storyFirstEnded(x, y);
    return b.ended ? words.storySecondEnded(x, y) : words.story(x, y, ratio);
  }
}
