// The views of the Page lab, in reading order. To add one, write its folder in src/views/paging and one line here; `id`
// is the view's own and names its place in page.css.
import type { PageView } from './view';

/** The panes. On a small screen each is a tab; several views may share one. */
export const PAGE_PANES = [
  'pool',
  'tables',
  'slots',
  'queue',
  'chains',
  'timeline',
  'waste',
  'trends',
  'heads',
] as const;
export type PagePane = (typeof PAGE_PANES)[number];

export interface PageViewEntry {
  id: PagePane;
  view: () => Promise<PageView>;
}

export const PAGE_VIEWS: readonly PageViewEntry[] = [
  { id: 'pool', view: async () => (await import('./pool/pool')).pagePool },
  { id: 'tables', view: async () => (await import('./tables/tables')).pageTables },
  { id: 'slots', view: async () => (await import('./slots/slots')).pageSlots },
  { id: 'queue', view: async () => (await import('./queue/queue')).pageQueue },
  { id: 'chains', view: async () => (await import('./chains/chains')).pageChains },
  { id: 'timeline', view: async () => (await import('./timeline/timeline')).pageTimeline },
  { id: 'waste', view: async () => (await import('./waste/waste')).pageWaste },
  { id: 'trends', view: async () => (await import('./trends/trends')).pageTrends },
  { id: 'heads', view: async () => (await import('./heads/heads')).pageHeads },
];
