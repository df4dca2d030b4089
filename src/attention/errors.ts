// The one error type of the project: a code that the dictionary turns into what is wrong, why, and what to do.

/** Every kind of refusal or failure. The app's dictionary has one entry a code, in both languages. */
export type ErrorCode =
  | 'shape-invalid' // details: field, value, expected
  | 'inputs-mismatch' // details: tensor, got, want
  | 'inputs-not-finite' // details: tensor, index
  | 'over-limit' // details: limit, need, have, kernel
  | 'kernel-unknown' // details: kernel
  | 'no-webgpu'
  | 'no-adapter'
  | 'device-refused' // details: reason
  | 'device-lost' // details: reason
  | 'device-lost-again' // details: reason
  | 'compile-failed' // details: kernel, line, message
  | 'out-of-memory' // details: bytes
  | 'check-failed' // details: kernel, error, bound
  | 'cancelled'
  | 'cannot-tap' // details: reason
  | 'trace-truncated' // details: have, need
  | 'trace-foreign'
  | 'trace-newer' // details: version, supported
  | 'trace-oversized' // details: bytes, limit
  | 'text-too-long' // details: count, limit
  | 'tokens-too-many' // details: count, limit
  | 'text-empty'
  | 'model-unavailable' // details: reason
  | 'unexpected'; // details: message

/** An error with a code and the numbers that its message needs. */
export class AttnError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, string | number>>;
  constructor(code: ErrorCode, details: Record<string, string | number> = {}) {
    super(`${code} ${JSON.stringify(details)}`);
    this.name = 'AttnError';
    this.code = code;
    this.details = details;
  }
}

/** Any thrown value as an AttnError; a foreign one becomes `unexpected` with its message. */
export function asAttnError(thrown: unknown): AttnError {
  if (thrown instanceof AttnError) return thrown;
  return new AttnError('unexpected', { message: thrown instanceof Error ? thrown.message : String(thrown) });
}
