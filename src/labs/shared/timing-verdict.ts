// What a race says in one or two sentences: the first kernel against the tiled one, and who was fastest of all, where
// that can be told.
import { OPENING } from '../../kernels/defaults';
import { clockOf, type Timing } from '../../bench/compare';
import { judge, shortest, type Spread } from '../../bench/stats';
import { count, duration, thousandths } from '../../ui/format';
import { speak, type Language } from '../../words';
import { timingWords } from './timing.words';

const inverse = ({ median, p10, p90, n }: Spread): Spread => ({ median: 1 / median, p10: 1 / p90, p90: 1 / p10, n });

/** Whom the title names beside the first: the page's own tiled kernel; where it did not run, the last one. */
const rivalOf = (timings: readonly Timing[]): Timing | undefined =>
  timings.slice(1).find(({ run }) => run.kernel === OPENING) ?? timings.slice(1).at(-1);

const name = ({ run }: Timing): string => run.kernel;

/** The verdict on a race. Where there is none, it says why in the same breath. */
export function verdictText(
  { timings, control }: { timings: readonly Timing[]; control: Spread },
  language: Language,
): string {
  const words = speak(timingWords, language);
  const { aside } = words;
  const told = (main: string): string => [main, ...fastest()].join(words.stop);
  const range = ({ p10, p90 }: Spread): string => words.spread(count(p10), count(p90));
  const [base, rival] = [timings[0], rivalOf(timings)];
  if (!base || !rival) return words.few(0);
  const { ratio, verdict } = judge(base, rival, control, clockOf(base));
  const measured = `${words.paired(name(base), name(rival))} ${count(ratio.median)}, ${range(ratio)}`;
  switch (verdict) {
    case 'too-few':
      return words.few(ratio.n);
    case 'coarse-clock':
      return words.coarse(duration(Math.min(shortest(base), shortest(rival))), duration(base.resolution));
    case 'within-control': {
      const error = `${thousandths(control.median)}, ${thousandths(control.p10)}–${thousandths(control.p90)}`;
      return told(words.within(error) + aside(measured));
    }
    case 'no-difference':
      return told(words.same + aside(measured));
    default: {
      const [winner, loser, share] = verdict === 'first' ? [base, rival, ratio] : [rival, base, inverse(ratio)];
      return told(words.faster(name(winner), count(share.median), name(loser)) + aside(range(share)));
    }
  }

  /**
   * Who beats every other, paired; or who cannot be told apart in front. Nothing that the first sentence said already.
   */
  function fastest(): string[] {
    const [best, ...others] = timings.toSorted((a, b) => a.median - b.median);
    if (!base || !best) return [];
    const against = others.map((other) => ({ other, ...judge(best, other, control, clockOf(best)) }));
    const tied = against.filter((one) => one.verdict !== 'first');
    if ([best, ...tied.map(({ other }) => other)].every((one) => one === base || one === rival)) return [];
    const [next] = tied;
    if (next) {
      const names = [best, ...tied.map(({ other }) => other)].map(name);
      const over = inverse(next.ratio);
      return [
        words.tied(names) +
          aside(`${words.paired(name(next.other), name(best))} ${count(over.median)}, ${range(over)}`),
      ];
    }
    const share = judge(best, base, control, clockOf(best)).ratio;
    const runner = against[0];
    const second =
      runner && runner.other !== base
        ? words.second(name(runner.other), count(runner.ratio.median)) + aside(range(runner.ratio))
        : '';
    return [words.fastest(name(best), count(share.median), name(base)) + aside(range(share)) + second];
  }
}
