// Words of the Model lab.
import type { Dictionary } from '../../words';

export const modelLabWords = {
  pictures: { en: 'Pictures of the model', zh: '模型的图' },
  figure: { en: 'The small model', zh: '小模型' },
  lead: {
    en: 'The trained transformer that the page’s Q, K and V come from. Every number here is computed by it, in this browser.',
    zh: '本页的 Q、K、V 就来自这个训练好的 Transformer。这里的每个数都由它在你的浏览器里算出（计算值）。',
  },
} satisfies Dictionary;
