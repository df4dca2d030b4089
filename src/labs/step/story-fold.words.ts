// The button beside a sentence that is cut.
import type { Dictionary } from '../../words';

export const storyFoldWords = {
  more: { en: 'more', zh: '展开' },
  less: { en: 'less', zh: '收起' },
} satisfies Dictionary;
