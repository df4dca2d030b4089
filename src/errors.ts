// The one error type of the project: a code that the dictionary turns into what is wrong, why, and what to do.

/** Every kind of refusal or failure. The app's dictionary has one entry a code, in both languages. */
export type ErrorCode =
  | 'shape-invalid' // details: field, value, expected
  | 'inputs-mismatch' // details: tensor, got, want
  | 'inputs-not-finite' // details: tensor, index
  | 'inputs-type' // details: tensor, type, index (of the first number that is no f32; -1: the array's kind)
  | 'field-unknown' // details: field, use (what to write instead), known
  | 'over-limit' // details: limit, need, have, kernel
  | 'feature-missing' // details: kernel, feature, have (smallest subgroup, 0 when there are none)
  | 'kernel-unknown' // details: kernel
  | 'no-webgpu'
  | 'no-adapter'
  | 'device-refused' // details: reason
  | 'device-silent' // details: seconds
  | 'device-lost' // details: reason
  | 'device-lost-again' // details: reason
  | 'compile-failed' // details: kernel, line, message
  | 'out-of-memory' // details: bytes
  | 'check-failed' // details: kernel, tensor, error, bound, f32
  | 'cancelled'
  | 'cannot-tap' // details: reason
  | 'cannot-interpret' // details: reason
  | 'too-slow' // details: seconds, limit, keys
  | 'trace-truncated' // details: have, need
  | 'trace-foreign'
  | 'trace-damaged'
  | 'trace-newer' // details: version, supported
  | 'trace-oversized' // details: bytes, limit
  | 'text-too-long' // details: count, limit
  | 'tokens-too-many' // details: count, limit
  | 'text-empty'
  | 'model-unavailable' // details: reason
  | 'offline-full'
  | TensorFileCode
  | 'unexpected'; // details: message

/** What can be wrong with tensors from a file. `file` is its name, `tensor` the one meant, shapes are text such as `[2, 64, 32]`. */
export type TensorFileCode =
  | 'tensor-empty' // details: file
  | 'tensor-too-large' // details: file, bytes, limit
  | 'tensor-foreign' // details: file
  | 'tensor-version' // details: file, version
  | 'tensor-header' // details: file
  | 'tensor-header-oversized' // details: file, bytes, limit
  | 'tensor-truncated' // details: file, have, need
  | 'tensor-excess' // details: file, have, need
  | 'tensor-big-endian' // details: file, dtype
  | 'tensor-dtype' // details: tensor, dtype
  | 'tensor-bare' // details: tensor, dtype
  | 'tensor-rank' // details: tensor, shape
  | 'tensor-no-elements' // details: tensor, shape
  | 'tensor-not-finite' // details: tensor, index, count
  | 'tensor-beyond-f32' // details: tensor, index, count
  | 'tensor-mismatch' // details: a, aShape, b, bShape, size
  | 'tensor-offsets-range' // details: tensor, from, to, bytes
  | 'tensor-offsets-size' // details: tensor, have, need
  | 'tensor-offsets-overlap' // details: tensor, other
  | 'tensor-offsets-gap' // details: file, from, to
  | 'tensor-twice' // details: file, tensor
  | 'tensor-role-twice' // details: role, first, second
  | 'tensor-role-missing' // details: file, roles
  | 'tensor-weight' // details: tensor, role
  | 'tensor-gone' // details: file, hash
  | 'storage-full' // details: file, bytes
  | 'storage-refused'; // details: file, reason

/** Details with infinities and NaN by name. */
function spelled(details: Readonly<Record<string, string | number>>): Record<string, string | number> {
  return Object.fromEntries(Object.entries(details).map(([key, x]) => [key, typeof x === 'number' && !Number.isFinite(x) ? String(x) : x]));
}

/** An error with a code and the numbers that its message needs. */
export class AttnError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, string | number>>;
  constructor(code: ErrorCode, details: Record<string, string | number> = {}) {
    super(`${code} ${JSON.stringify(spelled(details))}`);
    this.name = 'AttnError';
    this.code = code;
    this.details = details;
  }

  /** For JSON.stringify: infinities and NaN by name, which JSON would print as null. */
  toJSON(): { name: string; code: ErrorCode; details: Record<string, string | number>; message: string } {
    const { name, code, message } = this;
    return { name, code, details: spelled(this.details), message };
  }
}

/** Any thrown value as an AttnError; a foreign one becomes `unexpected` with its message. */
export function asAttnError(thrown: unknown): AttnError {
  if (thrown instanceof AttnError) return thrown;
  return new AttnError('unexpected', { message: thrown instanceof Error ? thrown.message : String(thrown) });
}

/** Numbers as they are, which in JSON spell infinities and NaN by name as an error does. */
export function spelledInJson<T extends Readonly<Record<string, number>>>(numbers: T): T {
  return Object.defineProperty({ ...numbers }, 'toJSON', { value: () => spelled(numbers) });
}

/** Most characters of a text that an error repeats. */
const MOST_TOLD = 40;

/** Any value in a few words, for an error's details: primitives as they are, a long text by its beginning, everything else by its kind. */
export function told(value: unknown): string {
  if (typeof value === 'string' && value.length > MOST_TOLD) return `${value.slice(0, MOST_TOLD - 1)}…`;
  if (value === null || typeof value !== 'object') return typeof value === 'function' ? 'function' : String(value);
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}
