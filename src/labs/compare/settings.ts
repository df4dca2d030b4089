// How the Compare lab shows its two runs: how they keep together, and in which picture.

/** How the two sides keep together. */
export const TOGETHER = ['phase', 'share', 'bytes'] as const;
export type Together = (typeof TOGETHER)[number];

/** The pictures that are shown side by side, one kind at a time. */
export const PICTURES = ['cross', 'memory', 'softmax', 'source'] as const;
export type Picture = (typeof PICTURES)[number];

export interface CompareSettings {
  by: Together;
  picture: Picture;
}

export const defaultCompare: CompareSettings = { by: 'phase', picture: 'cross' };
