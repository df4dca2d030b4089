// The one error type of the project: a code that the dictionary turns into what is wrong, why, and what to do.

/** What nobody needs to know more of. */
type None = Readonly<Record<string, never>>;

/**
 * Every kind of refusal or failure, with what its message needs to know. The app's dictionary has one entry a code, in
 * both languages.
 */
export interface ErrorDetails extends TensorErrorDetails {
  'shape-invalid': { field: string; value: string | number; expected: string | number };
  'inputs-mismatch': { tensor: string; got: number; want: number };
  'inputs-not-finite': { tensor: string; index: number };
  /** `index` of the first number that is no f32; -1: the array is of another kind. */
  'inputs-type': { tensor: string; type: string; index: number };
  /** `use`: what to write instead; empty where no kernel offers it. */
  'field-unknown': { field: string; use: string; known: string };
  'over-limit': { limit: string; need: number; have: number; kernel: string };
  /** `have`: the smallest subgroup, 0 when there are none. */
  'feature-missing': { kernel: string; feature: string; have: number };
  'kernel-unknown': { kernel: string };
  'no-webgpu': None;
  'no-adapter': None;
  'device-refused': { reason: string };
  'device-silent': { seconds: number };
  'device-lost': { reason: string };
  'device-lost-again': { reason: string };
  /** `line` 0: nobody said which. */
  'compile-failed': { kernel: string; line: number; message: string };
  'out-of-memory': { bytes: number };
  /** How far `tensor` is off in f64; of O and with f32's own error where nothing else is said. */
  'check-failed': { kernel: string; tensor?: string; error: number; bound: number; f32?: number };
  cancelled: None;
  'cannot-tap': { reason: string };
  'cannot-interpret': { reason: string; kernel?: string };
  /** Both in s. `keys`: the longest sequence that would do. */
  'too-slow': { seconds: number; limit: number; keys: number };
  'trace-truncated': { have: number; need: number };
  'trace-foreign': None;
  'trace-damaged': None;
  'trace-newer': { version: number; supported: number };
  'trace-oversized': { bytes: number; limit: number };
  'text-too-long': { count: number; limit: number };
  'tokens-too-many': { count: number; limit: number };
  'text-empty': None;
  'model-unavailable': ModelFault;
  'offline-full': None;
  unexpected: { message: string };
}

/**
 * Why there is no model: nothing came (status 0: nobody answered), what came is another file or cut short, the worker
 * failed, or it was not asked for.
 */
type ModelFault =
  | { reason: 'fetch'; url: string; status: number }
  | { reason: 'foreign'; file: string; why: string }
  | { reason: 'truncated'; file: string; bytes: number; expected: number }
  | { reason: 'worker' | 'not-loaded' }
  | { reason: 'no-head'; layer: number; head: number };

/**
 * What can be wrong with tensors from a file. `file` is its name, `tensor` the one meant, shapes are text such as `[2,
 * 64, 32]`.
 */
export interface TensorErrorDetails {
  'tensor-empty': { file: string };
  'tensor-too-large': { file: string; bytes: number; limit: number };
  'tensor-foreign': { file: string };
  'tensor-version': { file: string; version: string };
  'tensor-header': { file: string };
  'tensor-header-oversized': { file: string; bytes: number; limit: number };
  'tensor-truncated': { file: string; have: number; need: number };
  'tensor-excess': { file: string; have: number; need: number };
  'tensor-big-endian': { file: string; dtype: string };
  'tensor-dtype': { tensor: string; dtype: string };
  'tensor-bare': { tensor: string; dtype: string };
  'tensor-rank': { tensor: string; shape: string };
  'tensor-no-elements': { tensor: string; shape: string };
  'tensor-not-finite': { tensor: string; index: string; count: number };
  'tensor-beyond-f32': { tensor: string; index: string; count: number };
  /** `size`: the one that does not agree. */
  'tensor-mismatch': { a: string; aShape: string; b: string; bShape: string; size: 'd' | 'N' | 'B' | 'H' };
  'tensor-offsets-range': { tensor: string; from: number; to: number; bytes: number };
  'tensor-offsets-size': { tensor: string; have: number; need: number };
  'tensor-offsets-overlap': { tensor: string; other: string };
  'tensor-offsets-gap': { file: string; from: number; to: number };
  'tensor-twice': { file: string; tensor: string };
  'tensor-role-twice': { role: string; first: string; second: string };
  'tensor-role-missing': { file: string; roles: string };
  'tensor-weight': { tensor: string; role: string };
  'tensor-gone': { file: string; hash: string };
  'storage-full': { file: string; bytes: number };
  'storage-refused': { file: string; reason: string };
}

export type ErrorCode = keyof ErrorDetails;

/** The details that a code asks for, as arguments: none where there is nothing to know. */
type Given<C extends ErrorCode> = C extends ErrorCode
  ? ErrorDetails[C] extends None
    ? []
    : [details: Readonly<ErrorDetails[C]>]
  : never;

type Spelled = Record<string, string | number>;

/** Details with infinities and NaN by name. */
function spelled(details: object): Spelled {
  return Object.fromEntries(
    Object.entries(details).map(([key, x]) => [key, typeof x === 'number' && !Number.isFinite(x) ? String(x) : x]),
  );
}

/** An error with a code and the numbers that its message needs. */
export class AttnError<C extends ErrorCode = ErrorCode> extends Error {
  readonly code: C;
  readonly details: Readonly<ErrorDetails[C]>;
  constructor(code: C, ...given: Given<C>) {
    const details = (given[0] ?? {}) as Readonly<ErrorDetails[C]>;
    super(`${code} ${JSON.stringify(spelled(details))}`);
    this.name = 'AttnError';
    this.code = code;
    this.details = details;
  }

  /** For JSON.stringify: infinities and NaN by name, which JSON would print as null. */
  toJSON(): { name: string; code: C; details: Spelled; message: string } {
    const { name, code, message } = this;
    return { name, code, details: spelled(this.details), message };
  }
}

/** Whether a thrown value is one of these errors; its details are then known. */
export const isError = <C extends ErrorCode>(thrown: unknown, ...codes: readonly C[]): thrown is AttnError<C> =>
  thrown instanceof AttnError && (codes as readonly ErrorCode[]).includes(thrown.code);

/** Any thrown value as an AttnError; a foreign one becomes `unexpected` with its message. */
export function asAttnError(thrown: unknown): AttnError {
  return thrown instanceof AttnError ? thrown : new AttnError('unexpected', { message: messageOf(thrown) });
}

/** What a foreign error says of itself. */
export const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

/** An error as it goes from a worker to the page. */
export type Carried = Pick<AttnError, 'code' | 'details'>;

/** The error that a worker threw, on the page. */
export const carriedOver = ({ code, details }: Carried): AttnError => new AttnError(code, ...([details] as never));

/** Numbers as they are, which in JSON spell infinities and NaN by name as an error does. */
export function spelledInJson<T extends Readonly<Record<string, number>>>(numbers: T): T {
  return Object.defineProperty({ ...numbers }, 'toJSON', { value: () => spelled(numbers) });
}

/** Most characters of a text that an error repeats. */
const MOST_TOLD = 40;

/**
 * Any value in a few words, for an error's details: primitives as they are, a long text by its beginning, everything
 * else by its kind.
 */
export function told(value: unknown): string {
  if (typeof value === 'string' && value.length > MOST_TOLD) return `${value.slice(0, MOST_TOLD - 1)}…`;
  if (value === null || typeof value !== 'object') return typeof value === 'function' ? 'function' : String(value);
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}
