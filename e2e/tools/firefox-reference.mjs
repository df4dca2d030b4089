// @ts-check
/** Attention in f64, written out row by row: a reference for tests that must not rely on the page's own oracle. */

/** @typedef {{ heads: number, kvHeads: number, queries: number, keys: number, dim: number }} Sizes */

/** Numbers that look random and are the same every time: -2 … 2. */
const numbers = (/** @type {number} */ length, /** @type {number} */ salt) =>
  Array.from({ length }, (_, i) =>
    Math.fround((((Math.imul(i + 1, 2654435761) ^ Math.imul(salt, 40503)) >>> 8) % 4001) / 1000 - 2),
  );

/**
 * A request for `window.attnscope.run`, its data as plain numbers.
 * @param {Sizes} sizes
 * @param {string} mask
 */
export const requestOf = (sizes, mask) => ({
  shape: { batch: 1, ...sizes },
  mask,
  q: numbers(sizes.heads * sizes.queries * sizes.dim, 1),
  k: numbers(sizes.kvHeads * sizes.keys * sizes.dim, 2),
  v: numbers(sizes.kvHeads * sizes.keys * sizes.dim, 3),
});

/**
 * The right O and LSE. `worst` is the largest difference of an answer, each as a share of 1 + |right value|; NaN counts
 * as infinite.
 * @param {ReturnType<typeof requestOf>} request
 */
export function attend({ shape, mask, q, k, v }) {
  const { heads, kvHeads, queries, keys, dim } = shape;
  /** @type {number[]} */
  const o = [];
  /** @type {number[]} */
  const lse = [];
  const at = (/** @type {number[]} */ values, /** @type {number} */ i) => values[i] ?? NaN;
  for (let head = 0; head < heads; head++) {
    const kv = Math.floor((head * kvHeads) / heads) * keys;
    for (let row = 0; row < queries; row++) {
      // Causal with fewer queries than keys: the last query sees the last key.
      const seen = mask === 'causal' ? Math.max(0, Math.min(keys, row + 1 + keys - queries)) : keys;
      const scores = Array.from({ length: seen }, (_, key) => {
        let sum = 0;
        for (let c = 0; c < dim; c++) sum += at(q, (head * queries + row) * dim + c) * at(k, (kv + key) * dim + c);
        return sum / Math.sqrt(dim);
      });
      const most = Math.max(...scores);
      const weights = scores.map((score) => Math.exp(score - most));
      const total = weights.reduce((a, b) => a + b, 0);
      for (let c = 0; c < dim; c++)
        o.push(weights.reduce((a, weight, key) => a + weight * at(v, (kv + key) * dim + c), 0) / total);
      lse.push(most + Math.log(total));
    }
  }
  const worstOf = (/** @type {number[]} */ want, /** @type {number[]} */ got) =>
    want.length === got.length
      ? want.reduce((most, x, i) => {
          const error = Math.abs(x - at(got, i)) / (1 + Math.abs(x));
          return error <= most ? most : Number.isFinite(error) ? error : Infinity;
        }, 0)
      : Infinity;
  return {
    o,
    lse,
    worst: (/** @type {{ o: number[], lse: number[] }} */ got) => Math.max(worstOf(o, got.o), worstOf(lse, got.lse)),
  };
}
