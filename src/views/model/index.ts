// The pictures of the small model. Adding one = its folder and one line here; each is loaded when it is shown.
import type { ModelView } from './view';

export const MODEL_VIEWS: readonly { id: string; load(): Promise<ModelView> }[] = [
  { id: 'model-stack', load: async () => (await import('./stack/stack')).stack },
  { id: 'model-next', load: async () => (await import('./next/next')).next },
  { id: 'model-ledger', load: async () => (await import('./ledger/ledger')).ledger },
  { id: 'model-merge', load: async () => (await import('./merge/merge')).merge },
];
