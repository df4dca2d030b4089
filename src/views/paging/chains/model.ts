// Published blocks as a forest: a block is a child of the block whose hash is its parent. Rows run from the first block
// of a sequence to the right.
import type { Block, State } from '../../../paging';

export interface ChainNode {
  readonly hash: string;
  /** The block that a lookup finds, and duplicates that were published later. */
  readonly block: Block;
  readonly duplicates: readonly number[];
  /**
   * Index of its parent in the forest; -1 for the first block of a sequence, and for an orphan whose parent is gone.
   */
  readonly parent: number;
  /** Its number in its sequence: its column. */
  readonly column: number;
  readonly row: number;
  /** Orphan: a block before it is gone, so no lookup reaches it. */
  readonly orphan: boolean;
}

export interface Forest {
  /** Parents before children, in ascending rows. */
  readonly nodes: readonly ChainNode[];
  readonly rows: number;
  readonly columns: number;
}

/** How many different hashes are published: cheap for any size of pool. */
export const publishedHashes = (state: State): number => state.index.reduce((sum, part) => sum + part.size, 0);

interface Link {
  block: Block;
  duplicates: number[];
  children: Link[];
}

/**
 * Chains that begin at the start come first, then orphans. The first child stays in its parent's row, its siblings go
 * below.
 */
export function forestOf(state: State): Forest {
  const links = new Map<string, Link>();
  for (const block of state.blocks) {
    if (block.hash === undefined) continue;
    const known = links.get(block.hash);
    if (!known) links.set(block.hash, { block, duplicates: [], children: [] });
    else known.duplicates.push(block.id);
  }
  const roots: Link[] = [];
  const orphans: Link[] = [];
  for (const link of links.values()) {
    const { parent = '' } = link.block;
    if (parent === '') roots.push(link);
    else (links.get(parent)?.children ?? orphans).push(link);
  }
  const nodes: ChainNode[] = [];
  let row = -1;
  // An explicit stack instead of recursion: chains are as long as sequences.
  const walk = (root: Link, orphan: boolean): void => {
    const open: { link: Link; parent: number; first: boolean }[] = [{ link: root, parent: -1, first: false }];
    for (let next = open.pop(); next; next = open.pop()) {
      const { link, parent, first } = next;
      const { block, duplicates, children } = link;
      if (!first) row += 1;
      const index = nodes.length;
      nodes.push({
        hash: block.hash ?? '',
        block,
        duplicates,
        parent,
        column: Math.max(0, block.logical),
        row,
        orphan,
      });
      for (let i = children.length - 1; i >= 0; i--)
        open.push({ link: children[i] as Link, parent: index, first: i === 0 });
    }
  };
  for (const link of roots) walk(link, false);
  for (const link of orphans) walk(link, true);
  return { nodes, rows: row + 1, columns: 1 + nodes.reduce((most, { column }) => Math.max(most, column), 0) };
}
