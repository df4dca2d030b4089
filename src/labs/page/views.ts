// The pictures of the Page lab, in reading order. Adding one = its file in src/views and one line here; `id` is the view's own and picks its place in page.css.
import type { PageView } from '../../views/page-view';

/** Where a picture stands. Each pane is a tab on a small screen; several pictures may share one. */
export const PAGE_PANES = ['pool', 'tables', 'slots', 'queue', 'chains', 'timeline', 'waste', 'trends', 'heads'] as const;
export type PagePane = (typeof PAGE_PANES)[number];

export interface PageViewEntry {
  id: PagePane;
  load(): Promise<PageView>;
}

export const PAGE_VIEWS: readonly PageViewEntry[] = [
  { id: 'pool', load: async () => (await import('../../views/page-pool')).pagePool },
  { id: 'tables', load: async () => (await import('../../views/page-tables')).pageTables },
  { id: 'slots', load: async () => (await import('../../views/page-slots')).pageSlots },
  { id: 'queue', load: async () => (await import('../../views/page-queue')).pageQueue },
  { id: 'chains', load: async () => (await import('../../views/page-chains')).pageChains },
  { id: 'timeline', load: async () => (await import('../../views/page-timeline')).pageTimeline },
  { id: 'waste', load: async () => (await import('../../views/page-waste')).pageWaste },
  { id: 'trends', load: async () => (await import('../../views/page-trends')).pageTrends },
  { id: 'heads', load: async () => (await import('../../views/page-heads')).pageHeads },
];
