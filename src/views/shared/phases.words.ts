// Names of phases and passes on screen. The kernels' own comments name them in English; Chinese has a dictionary, and
// the English name where it lacks one.
import type { Dictionary, Language } from '../../words';

/** By the text of `// phase: NAME` in the kernels. */
export const phaseWords = {
  'load Q': { en: 'load Q', zh: '载入 Q' },
  'load Q,K': { en: 'load Q,K', zh: '载入 Q、K' },
  'load K,V': { en: 'load K,V', zh: '载入 K、V' },
  'load V, next K': { en: 'load V, next K', zh: '载入 V、下一块 K' },
  'm, l, O begin': { en: 'm, l, O begin', zh: '初始化 m、l、O' },
  'S = QKᵀ': { en: 'S = QKᵀ', zh: 'S = QKᵀ' },
  softmax: { en: 'softmax', zh: 'softmax' },
  'row max': { en: 'row max', zh: '行最大值' },
  'row sum': { en: 'row sum', zh: '行求和' },
  'write P': { en: 'write P', zh: '写出 P' },
  'O += PV': { en: 'O += PV', zh: 'O += PV' },
  'O = PV': { en: 'O = PV', zh: 'O = PV' },
  'write O': { en: 'write O', zh: '写出 O' },
  'merge m, l': { en: 'merge m, l', zh: '合并 m、l' },
  'merge O': { en: 'merge O', zh: '合并 O' },
} as const satisfies Dictionary;

/** By the name of a pass on its kernel's card. */
export const passWords = {
  scores: { en: 'scores', zh: '分数 S' },
  softmax: { en: 'softmax', zh: 'softmax' },
  output: { en: 'output', zh: '输出 O' },
  flash: { en: 'flash', zh: 'flash' },
  parts: { en: 'parts', zh: '分段' },
  merge: { en: 'merge', zh: '合并' },
  paged: { en: 'paged', zh: 'paged' },
} as const satisfies Dictionary;

const named = (dictionary: Dictionary, name: string, language: Language): string => {
  const said = Object.hasOwn(dictionary, name) ? dictionary[name]?.[language] : undefined;
  return typeof said === 'string' ? said : name;
};

/** A phase's name as it stands on screen; a kernel that names a new one is shown with its own word. */
export const phaseName = (name: string, language: Language): string => named(phaseWords, name, language);

/** A pass's name as it stands on screen. */
export const passName = (name: string, language: Language): string => named(passWords, name, language);
