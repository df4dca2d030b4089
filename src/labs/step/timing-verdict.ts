// What a race says in one or two sentences: the first kernel against the tiled one, and who was fastest of all.
import type { Comparison, Timing } from '../../bench/compare';
import { pairedRatio, verdictOf, type Spread } from '../../bench/stats';
import { count, thousandths } from '../../views/format';
import { speak, type Language } from '../../words';
import { timingWords } from './timing.words';

const inverse = ({ median, p10, p90, n }: Spread): Spread => ({ median: 1 / median, p10: 1 / p90, p90: 1 / p10, n });

/** Whom the title names beside the first: the tiled kernel; where it did not run, the last one. */
const rivalOf = (timings: readonly Timing[]): Timing | undefined =>
  timings.slice(1).find(({ run }) => run.kernel === 'flash2') ?? timings.slice(1).at(-1);

/** The verdict on a race. Where there is none, it says why in the same breath. */
export function verdictText({ timings, control }: Pick<Comparison, 'timings' | 'control'>, language: Language): string {
  const words = speak(timingWords, language);
  const name = ({ run }: Timing): string => words[run.kernel];
  const range = ({ p10, p90 }: Spread): string => words.spread(count(p10), count(p90));
  const [base, rival] = [timings[0], rivalOf(timings)];
  if (!base || !rival) return words.few(0);
  const ratio = pairedRatio(base.samples, rival.samples);
  const measured = `${words.paired(name(base), name(rival))} ${count(ratio.median)}, ${range(ratio)}`;
  const verdict = verdictOf(ratio, control);
  switch (verdict) {
    case 'too-few':
      return words.few(ratio.n);
    case 'control-off':
      return `${words.off(thousandths(control.median))}. ${measured}`;
    case 'no-difference':
      return [`${words.same} (${measured})`, ...fastest()].join('. ');
    default: {
      const [winner, loser, share] = verdict === 'first' ? [base, rival, ratio] : [rival, base, inverse(ratio)];
      return [`${words.faster(name(winner), count(share.median), name(loser))} (${range(share)})`, ...fastest()].join('. ');
    }
  }

  /** Who beats both, if anyone does, over the first one's time. */
  function fastest(): string[] {
    const best = timings.toSorted((a, b) => a.median - b.median)[0];
    if (!base || !best || best === base || best === rival) return [];
    const share = pairedRatio(best.samples, base.samples);
    return verdictOf(share, control) === 'first' ? [`${words.fastest(name(best), count(share.median), name(base))} (${range(share)})`] : [];
  }
}
