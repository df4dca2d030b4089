// One head's attention probabilities as a small picture, so that all heads of a sentence can be compared.

/** A square grey map: row = query, column = key, 255 = probability 1. */
export interface Thumbnail {
  readonly side: number;
  /** [side, side], row-major. */
  readonly values: Uint8Array;
}

/** The largest side of a thumbnail; a shorter sentence has one cell a token. */
export const THUMBNAIL_SIDE = 48;

/**
 * Reduces P [N, N] to at most `limit` by `limit` cells. A cell takes the largest probability of its block: a mean would
 * hide the thin diagonals by which heads are recognised.
 */
export function thumbnail(p: Float32Array, n: number, limit = THUMBNAIL_SIDE): Thumbnail {
  const side = Math.min(n, limit);
  const values = new Uint8Array(side * side);
  for (let i = 0; i < n; i++) {
    const row = Math.floor((i * side) / n) * side;
    for (let j = 0; j < n; j++) {
      const cell = row + Math.floor((j * side) / n);
      values[cell] = Math.max(values[cell]!, Math.round(p[i * n + j]! * 255));
    }
  }
  return { side, values };
}
