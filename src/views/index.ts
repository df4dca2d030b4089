// The ordered list of views. Adding a view = its file and one line here. The first makes the first picture; the rest is
// loaded beside it.
import { cross } from './attention/cross/cross';
import type { View } from './view';

/** A view, or the way to get it. `pane` is the tab that shows it on a small screen. */
export interface ViewEntry {
  id: string;
  pane: Pane;
  /** Id of the op whose runs it shows; absent: of any. */
  of?: string;
  view: View | (() => Promise<View>);
  /**
   * It writes on canvases of the page, for which the browser lays out what was changed by then: drawn before those that
   * change elements.
   */
  paints?: true;
}

/** The panes that a small screen shows one at a time, in order. */
export const PANES = [
  'inputs',
  'cross',
  'memory',
  'space',
  'softmax',
  'source',
  'explain',
  'buffers',
  'mask',
  'timing',
] as const;
export type Pane = (typeof PANES)[number];

export const VIEWS: readonly ViewEntry[] = [
  { id: 'cross', pane: 'cross', of: 'attention', view: cross },
  {
    id: 'attention-backward',
    pane: 'cross',
    of: 'attention-backward',
    view: async () => (await import('./attention-backward/attention-backward')).attentionBackward,
  },
  {
    id: 'layernorm',
    pane: 'cross',
    of: 'layernorm',
    view: async () => (await import('./layernorm/layernorm')).layernorm,
  },
  { id: 'memory', pane: 'memory', view: async () => (await import('./levels/memory')).memory },
  { id: 'space', pane: 'space', of: 'attention', view: async () => (await import('./space/space')).space },
  {
    id: 'softmax',
    pane: 'softmax',
    of: 'attention',
    view: async () => (await import('./attention/softmax/softmax')).softmax,
    paints: true,
  },
  { id: 'source', pane: 'source', view: async () => (await import('./source/source')).source },
  { id: 'explain', pane: 'explain', view: async () => (await import('./explain/tip')).explain },
  { id: 'buffers', pane: 'buffers', view: async () => (await import('./buffers/buffers')).buffers },
  { id: 'mask', pane: 'mask', of: 'attention', view: async () => (await import('./attention/mask/mask')).mask },
];

/** The views of an op's runs, in their order. */
export const viewsOf = (op: string, views: readonly ViewEntry[] = VIEWS): readonly ViewEntry[] =>
  views.filter(({ of }) => of === undefined || of === op);
