// What becomes of a scaled score before mask and softmax: softcap first, then ALiBi's bias. In f64, and as plain f32
// arithmetic makes it.
import type { Sizes } from './sizes';

/** What of a problem changes its scores. */
export type Scored = Pick<Sizes, 'softcap' | 'alibi' | 'heads'>;

/**
 * What becomes of a scaled score.
 * @param apart tokens between query and key, never negative
 */
export type Shaping = (s: number, apart: number) => number;

/** The slope of a query plane (= batch index * heads + head); 0 without ALiBi. */
export const slopeOf = ({ alibi, heads }: Pick<Scored, 'alibi' | 'heads'>, plane: number): number =>
  Math.fround(alibi?.[plane % heads] ?? 0);

/** s = softcap * tanh(s / softcap) - slope * apart in f64, for the rows of a query plane. */
export function shapingOf(scored: Scored, plane: number): Shaping {
  const { softcap, alibi } = scored;
  const capped = softcap === undefined ? (s: number) => s : (s: number) => softcap * Math.tanh(s / softcap);
  if (!alibi) return capped;
  const slope = slopeOf(scored, plane);
  return (s, apart) => capped(s) - slope * apart;
}

/** The derivative of a capped score by the scaled one, in f64: 1 - tanh²; 1 without a softcap. */
export const steepnessOf =
  ({ softcap }: Pick<Scored, 'softcap'>): ((s: number) => number) =>
  (s) =>
    softcap === undefined ? 1 : 1 - Math.tanh(s / softcap) ** 2;

const f = Math.fround;
/** tanh x = x + x³ (...) for |x| below 0.625: Cephes, tanhf. */
const SERIES = [-5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1].map(f);
const SERIES_TO = 0.625;

/** tanh rounded to f32 at each step, by the formula of shaders/lib/softcap.wgsl; exp is that of f64, rounded. */
export function tanhF32(x: number): number {
  const a = Math.min(Math.abs(x), 10);
  if (a < SERIES_TO) {
    const z = f(a * a);
    const series = SERIES.slice(1).reduce((sum, c) => f(f(sum * z) + c), SERIES[0]!);
    return Math.sign(x) * f(f(f(series * z) * a) + a);
  }
  const e = f(Math.exp(f(-2 * a)));
  return Math.sign(x) * f(f(1 - e) / f(1 + e));
}

/** The same as plain f32 arithmetic makes it. */
export function shapingF32(scored: Scored, plane: number): Shaping {
  const cap = scored.softcap === undefined ? undefined : f(scored.softcap);
  const slope = slopeOf(scored, plane);
  const capped = cap === undefined ? (s: number) => s : (s: number) => f(cap * tanhF32(f(s / cap)));
  return scored.alibi ? (s, apart) => f(capped(s) - f(slope * apart)) : capped;
}

/** The derivative of a capped score by the scaled one, as plain f32 arithmetic makes it. */
export function steepnessF32({ softcap }: Pick<Scored, 'softcap'>): (s: number) => number {
  if (softcap === undefined) return () => 1;
  const cap = f(softcap);
  return (s) => {
    const t = tanhF32(f(s / cap));
    return f(1 - f(t * t));
  };
}
