// What becomes of a score before mask and softmax, where anything does, as a formula and in a sentence.
import type { Shape } from '../../ops/attention/shape';
import { slopeOf } from '../../ops/scores';
import { value } from '../../ui/format';
import type { Language } from '../../words';

/** How far query i and key j are apart, in symbols. */
function distance({ queries, keys }: Shape): string {
  const shift = keys - queries;
  return shift === 0 ? '|i − j|' : `|i ${shift > 0 ? '+' : '−'} ${Math.abs(shift)} − j|`;
}

/** `30·tanh(s / 30) − 0.25·|i − j|`; undefined where a score stays as it is. */
export function scoreFormula(shape: Shape, plane: number): string | undefined {
  const { softcap, alibi } = shape;
  const capped = softcap === undefined ? 's' : `${softcap}·tanh(s / ${softcap})`;
  if (alibi) return `${capped} − ${value(slopeOf(shape, plane))}·${distance(shape)}`;
  return softcap === undefined ? undefined : capped;
}

/** The same in a sentence; empty where a score stays as it is. */
export function scoreSentence(shape: Shape, plane: number, language: Language): string {
  const formula = scoreFormula(shape, plane);
  if (formula === undefined) return '';
  return language === 'zh'
    ? `分数 s 先变为 ${formula}，再做掩码和 softmax。`
    : `A score s becomes ${formula} before mask and softmax.`;
}
