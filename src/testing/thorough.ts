/** The settings of `npm run soak`; vite.config.ts replaces this name by them, and by nothing in any other run. */
declare const __SOAK__: unknown;

/**
 * Whether the cases that only take long are tried as well, as `npm run soak` does. A software GPU compiles for seconds
 * what the interpreter runs at once, so `npm test` tries some of them on the device, and all of them there.
 */
export const THOROUGH = typeof __SOAK__ !== 'undefined';

/** All of a list when thorough; else its first, its last and the one between. */
export const some = <T>(list: readonly T[]): readonly T[] =>
  THOROUGH || list.length <= 3 ? list : [0, list.length >> 1, list.length - 1].map((i) => list[i]!);
