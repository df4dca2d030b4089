// The masks by name.
import type { Mask, Shape } from '../../ops/attention/shape';
import type { Dictionary, Language } from '../../words';

const names = {
  causal: { en: 'causal', zh: '因果' },
  full: { en: 'full', zh: '无掩码' },
  'causal-top-left': { en: 'causal, top-left', zh: '因果（左上对齐）' },
  window: { en: 'window', zh: '滑动窗口' },
  prefix: { en: 'prefix', zh: '前缀' },
} as const satisfies Dictionary;

/** A mask where a shape is told in one short line: `causal`, `window (127, 0)`, `prefix 16`. */
export function maskName(mask: Mask, language: Language): string {
  const [kind = '', ...numbers] = mask.split('-');
  if (kind === 'window') return `${names.window[language]} (${numbers.join(', ').replaceAll('all', '∞')})`;
  if (kind === 'prefix') return `${names.prefix[language]} ${numbers.join('')}`;
  return names[mask as keyof typeof names][language];
}

/** What else changes scores, in the same line: `softcap 30`, `ALiBi`; the names are the same in every language. */
export const scoreNames = ({ softcap, alibi }: Pick<Shape, 'softcap' | 'alibi'>): string[] => [
  ...(softcap === undefined ? [] : [`softcap ${softcap}`]),
  ...(alibi ? ['ALiBi'] : []),
];

/** The same as an entry of a dictionary. */
export const maskNamed = {
  en: (mask: Mask) => maskName(mask, 'en'),
  zh: (mask: Mask) => maskName(mask, 'zh'),
} as const satisfies Dictionary[string];
