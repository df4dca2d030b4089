// A request as it stands when a call is made: what the caller does with its arrays afterwards changes no answer.

/** Levels of a list of requests down to the numbers of a pool's table. */
const LEVELS = 5;

/**
 * Objects with fields of their own: plain ones, those without a prototype, instances of a class and those of another
 * frame.
 */
const hasFields = (value: unknown): value is object => Object.prototype.toString.call(value) === '[object Object]';

/**
 * An array's numbers; of one that was handed to somebody else, none: it has no length any more, and may not be read.
 */
const numbersOf = (array: Float32Array): Float32Array =>
  array.byteLength > 0 ? array.slice() : new (array.constructor as Float32ArrayConstructor)();

/** A copy of objects and lists with their arrays; anything else as it is, to be refused by name. */
export function copyOf(value: unknown, levels = LEVELS): unknown {
  if (ArrayBuffer.isView(value)) return 'slice' in value ? numbersOf(value as Float32Array) : value;
  if (levels === 0) return value;
  if (Array.isArray(value)) return value.map((one) => copyOf(one, levels - 1));
  return hasFields(value)
    ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, copyOf(one, levels - 1)]))
    : value;
}

/** Calls with a copy that is made at once: the code for the work may still have to be loaded. */
export const asItStands =
  <A, R>(act: (given: A) => Promise<R>) =>
  async (given: A): Promise<R> =>
    act(copyOf(given) as A);
