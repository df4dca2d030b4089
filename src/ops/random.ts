// The one source of chance: seeded, so that a link gives the same picture again.

/**
 * mulberry32, a 32-bit counter generator by Tommy Ettinger (public domain). The same seed gives the same numbers
 * everywhere.
 * @param seed any integer; its low 32 bits count
 * @returns a function that gives the next number, uniform in [0, 1)
 */
export function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Mixes two integers into a seed, so that streams of neighbouring numbers have nothing in common. */
export function mixSeed(a: number, b: number): number {
  return (a + Math.imul(0x9e3779b9, b)) >>> 0;
}

/** Standard normal numbers from uniform ones (Box-Muller). */
export function normal(uniform: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
