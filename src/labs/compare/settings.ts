// What a link says of the Compare lab beside the two runs: where both stand, how they keep together, and which picture shows them.

/** How the two sides keep together. */
export const TOGETHER = ['phase', 'share', 'bytes'] as const;
export type Together = (typeof TOGETHER)[number];

/** The pictures that are shown side by side, one kind at a time. */
export const PICTURES = ['cross', 'memory', 'softmax', 'source'] as const;
export type Picture = (typeof PICTURES)[number];

export interface CompareSettings {
  by: Together;
  /** Position on the common cursor, from 0; one beyond the end stands for the end. */
  at: number;
  picture: Picture;
}

export const defaultCompare: CompareSettings = { by: 'phase', at: 0, picture: 'cross' };

/** `bytes.40.memory`; undefined where all is at its default. */
export function formatCompare({ by, at, picture }: CompareSettings): string | undefined {
  const text = formatted({ by, at, picture });
  return text === formatted(defaultCompare) ? undefined : text;
}

const formatted = ({ by, at, picture }: CompareSettings): string => `${by}.${at}.${picture}`;

/** Reads what formatCompare writes; undefined when it is not valid. */
export function parseCompare(text: string): CompareSettings | undefined {
  const [how, where, what, more] = text.split('.');
  const by = TOGETHER.find((one) => one === how);
  const picture = PICTURES.find((one) => one === what);
  return by && picture && more === undefined && /^\d{1,7}$/.test(where ?? '') ? { by, at: Number(where), picture } : undefined;
}
