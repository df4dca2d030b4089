// The pictures of the small model. Adding one = its folder and one line here; each is loaded when it is shown.
import type { Language } from '../../words';
import type { ModelView } from './view';

export const MODEL_VIEWS: readonly { id: string; name: Record<Language, string>; load(): Promise<ModelView> }[] = [
  { id: 'model-stack', name: { en: 'Layers', zh: '逐层' }, load: async () => (await import('./stack/stack')).stack },
  {
    id: 'model-next',
    name: { en: 'Next token', zh: '下一个 token' },
    load: async () => (await import('./next/next')).next,
  },
  {
    id: 'model-ledger',
    name: { en: 'Parameters', zh: '参数量' },
    load: async () => (await import('./ledger/ledger')).ledger,
  },
  { id: 'model-merge', name: { en: 'Merges', zh: '合并' }, load: async () => (await import('./merge/merge')).merge },
];
