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
  'write LSE': { en: 'write LSE', zh: '写出 LSE' },
  'merge m, l': { en: 'merge m, l', zh: '合并 m、l' },
  'merge O': { en: 'merge O', zh: '合并 O' },
  'load Q,dO': { en: 'load Q,dO', zh: '载入 Q、dO' },
  'D = rowsum(dO O)': { en: 'D = rowsum(dO O)', zh: 'D = rowsum(dO O)' },
  'P = exp(QKᵀ - L)': { en: 'P = exp(QKᵀ - L)', zh: 'P = exp(QKᵀ - L)' },
  'P = exp(S - L)': { en: 'P = exp(S - L)', zh: 'P = exp(S - L)' },
  'dS = P(dOVᵀ - D)': { en: 'dS = P(dOVᵀ - D)', zh: 'dS = P(dOVᵀ - D)' },
  'dS = P(dP - D)': { en: 'dS = P(dP - D)', zh: 'dS = P(dP - D)' },
  'dP = dOVᵀ': { en: 'dP = dOVᵀ', zh: 'dP = dOVᵀ' },
  'dV += PᵀdO, dK += dSᵀQ': { en: 'dV += PᵀdO, dK += dSᵀQ', zh: 'dV += PᵀdO, dK += dSᵀQ' },
  'dV = PᵀdO': { en: 'dV = PᵀdO', zh: 'dV = PᵀdO' },
  'dK = dSᵀQ': { en: 'dK = dSᵀQ', zh: 'dK = dSᵀQ' },
  'dQ += dSK': { en: 'dQ += dSK', zh: 'dQ += dSK' },
  'dQ = dSK': { en: 'dQ = dSK', zh: 'dQ = dSK' },
  'write dQ': { en: 'write dQ', zh: '写出 dQ' },
  'write dK,dV': { en: 'write dK,dV', zh: '写出 dK、dV' },
  'load X': { en: 'load X', zh: '载入 X' },
  mean: { en: 'mean', zh: '均值' },
  deviations: { en: 'deviations', zh: '偏差' },
  variance: { en: 'variance', zh: '方差' },
  'write Y': { en: 'write Y', zh: '写出 Y' },
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
  'row-sums': { en: 'row sums', zh: '行和 D' },
  'dk-dv': { en: 'dK, dV', zh: 'dK、dV' },
  dq: { en: 'dQ', zh: 'dQ' },
  weights: { en: 'weights', zh: '权重 P' },
  dv: { en: 'dV', zh: 'dV' },
  dp: { en: 'dP', zh: 'dP' },
  ds: { en: 'dS', zh: 'dS' },
  dk: { en: 'dK', zh: 'dK' },
  layernorm: { en: 'layernorm', zh: 'layernorm' },
} as const satisfies Dictionary;

const named = (dictionary: Dictionary, name: string, language: Language): string => {
  const said = Object.hasOwn(dictionary, name) ? dictionary[name]?.[language] : undefined;
  return typeof said === 'string' ? said : name;
};

/** A phase's name as it stands on screen; a kernel that names a new one is shown with its own word. */
export const phaseName = (name: string, language: Language): string => named(phaseWords, name, language);

/** A pass's name as it stands on screen. */
export const passName = (name: string, language: Language): string => named(passWords, name, language);

/** A name that long has no room in a strip of phases. */
const LONG = 12;

/** The name, or of a long formula what it makes: `dV, dK` of `dV += PᵀdO, dK += dSᵀQ`. */
export const phaseSign = (name: string): string => (name.length <= LONG ? name : name.replaceAll(/ \+?= [^,]*/g, ''));
