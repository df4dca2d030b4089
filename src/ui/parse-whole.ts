// Numbers as a visitor or a link writes them.

/** A whole number in its range, else undefined. */
export function parseWhole(text: string, [low, high]: readonly [number, number]): number | undefined {
  const n = /^\d{1,10}$/.test(text) ? Number(text) : -1;
  return n >= low && n <= high ? n : undefined;
}
