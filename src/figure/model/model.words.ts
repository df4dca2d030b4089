// Words of figures of the small model.
import type { AttnError } from '../../errors';
import type { Dictionary } from '../../words';
import { plural, whole } from '../../ui/whole';

const number = (details: object, key: string): number => Number((details as Record<string, unknown>)[key] ?? 0);

export const modelWords = {
  text: { en: 'Text', zh: '文本' },
  tokens: {
    en: (n: number) => `${plural(n, 'token')} of at most 256`,
    zh: (n: number) => `${n} 个 token（最多 256）`,
  },
  characters: {
    en: (n: number) => `${plural(n, 'character')} of at most 2,000`,
    zh: (n: number) => `${whole(n)} 个字符（最多 2,000）`,
  },
  working: { en: 'The model computes', zh: '模型计算中' },
  error: {
    en: ({ code, details }: AttnError) =>
      code === 'text-empty'
        ? 'Nothing is typed yet; the last text stands below.'
        : code === 'tokens-too-many' || code === 'text-too-long'
          ? `${whole(number(details, 'count'))}, and at most ${whole(number(details, 'limit'))} fit: shorten the text. The last one stands below.`
          : code === 'model-unavailable'
            ? 'The model could not be loaded. Check the connection and try again.'
            : code === 'shape-invalid'
              ? 'The model cannot take these settings.'
              : 'The model gave no answer.',
    zh: ({ code, details }: AttnError) =>
      code === 'text-empty'
        ? '还没有输入；下面仍是上一段文本。'
        : code === 'tokens-too-many' || code === 'text-too-long'
          ? `${whole(number(details, 'count'))} 个，最多 ${whole(number(details, 'limit'))} 个：请缩短。下面仍是上一段文本。`
          : code === 'model-unavailable'
            ? '模型加载失败，请检查网络后重试。'
            : code === 'shape-invalid'
              ? '模型不接受这些设置。'
              : '模型没有给出结果。',
  },
} satisfies Dictionary;
