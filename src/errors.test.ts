/**
 * An error knows what its code asks for, on this side of a worker and on the other, and is said in both languages
 * whatever it is.
 */
import { expect, it } from 'vitest';
import { asAttnError, AttnError, carriedOver, isError, type ErrorCode, type ErrorDetails } from './errors';
import { wordsOf } from './app/messages/errors.words';

/** One of each. A code that is new has no words to be tested with until it stands here. */
const SAMPLES: { [C in ErrorCode]: ErrorDetails[C] } = {
  'shape-invalid': { field: 'dim', value: 0, expected: '1 … 128' },
  'inputs-mismatch': { tensor: 'K', got: 7, want: 8 },
  'inputs-not-finite': { tensor: 'V', index: 9 },
  'inputs-type': { tensor: 'Q', type: 'Float64Array', index: 3 },
  'field-unknown': { field: 'causal', use: 'mask', known: 'kernel, shape' },
  'over-limit': { limit: 'maxBufferSize', need: 4096, have: 1024, kernel: 'naive' },
  'feature-missing': { kernel: 'flash-fast', feature: 'subgroups', have: 0 },
  'kernel-unknown': { kernel: 'flash9' },
  'no-webgpu': {},
  'no-adapter': {},
  'device-refused': { reason: 'not today' },
  'device-silent': { seconds: 20 },
  'device-lost': { reason: '' },
  'device-lost-again': { reason: 'unknown' },
  'compile-failed': { kernel: 'naive', line: 4, message: 'unresolved value' },
  'out-of-memory': { bytes: 1 << 30 },
  'check-failed': { kernel: 'naive', error: Number.NaN, bound: 1e-6 },
  cancelled: {},
  'cannot-tap': { reason: '' },
  'cannot-interpret': { reason: 'no such function', kernel: 'naive' },
  'too-slow': { seconds: 90, limit: 20, keys: 64 },
  'trace-truncated': { have: 10, need: 20 },
  'trace-foreign': {},
  'trace-damaged': {},
  'trace-newer': { version: 9, supported: 2 },
  'trace-oversized': { bytes: 5e9, limit: 1e9 },
  'text-too-long': { count: 2001, limit: 2000 },
  'tokens-too-many': { count: 300, limit: 256 },
  'text-empty': {},
  'model-unavailable': { reason: 'truncated', file: 'weights.bin', bytes: 10, expected: 20 },
  'offline-full': {},
  unexpected: { message: 'what nobody thought of' },
  'tensor-empty': { file: 'q.npy' },
  'tensor-too-large': { file: 'q.npy', bytes: 5e9, limit: 1e9 },
  'tensor-foreign': { file: 'q.txt' },
  'tensor-version': { file: 'q.npy', version: '9.0' },
  'tensor-header': { file: 'q.npy' },
  'tensor-header-oversized': { file: 'q.npy', bytes: 2e8, limit: 1e8 },
  'tensor-truncated': { file: 'q.npy', have: 10, need: 20 },
  'tensor-excess': { file: 'q.npy', have: 20, need: 10 },
  'tensor-big-endian': { file: 'q.npy', dtype: '>f4' },
  'tensor-dtype': { tensor: 'q.npy', dtype: '<i8' },
  'tensor-bare': { tensor: 'q.npy', dtype: '<V2' },
  'tensor-rank': { tensor: 'q.npy', shape: '[7]' },
  'tensor-no-elements': { tensor: 'q.npy', shape: '[0, 4]' },
  'tensor-not-finite': { tensor: 'q.npy', index: '[0, 1]', count: 3 },
  'tensor-beyond-f32': { tensor: 'q.npy', index: '[0, 1]', count: 3 },
  'tensor-mismatch': { a: 'K', aShape: '[4, 8]', b: 'V', bShape: '[5, 8]', size: 'N' },
  'tensor-offsets-range': { tensor: 'q', from: 0, to: 9, bytes: 8 },
  'tensor-offsets-size': { tensor: 'q', have: 4, need: 8 },
  'tensor-offsets-overlap': { tensor: 'q', other: 'k' },
  'tensor-offsets-gap': { file: 'm.safetensors', from: 4, to: 8 },
  'tensor-twice': { file: 'm.safetensors', tensor: 'q' },
  'tensor-role-twice': { role: 'Q', first: 'a.npy', second: 'b.npy' },
  'tensor-role-missing': { file: 'm.safetensors', roles: 'Q, K' },
  'tensor-weight': { tensor: 'q_proj', role: 'Q' },
  'tensor-gone': { file: 'q.npy', hash: '01234567' },
  'storage-full': { file: 'q.npy', bytes: 4096 },
  'storage-refused': { file: 'q.npy', reason: '' },
};

const errors = Object.entries(SAMPLES).map(([code, details]) => carriedOver({ code, details } as never));
const LANGUAGES = ['en', 'zh'] as const;

it('a detail that is missing, wrong or too much does not compile', () => {
  // @ts-expect-error nothing is known of it
  expect(() => new AttnError('over-limit')).not.toThrow();
  // @ts-expect-error the kernel is missing
  void new AttnError('over-limit', { limit: 'maxBufferSize', need: 2, have: 1 });
  // @ts-expect-error a number where text belongs
  void new AttnError('kernel-unknown', { kernel: 7 });
  // @ts-expect-error there is nothing to know of it
  void new AttnError('cancelled', { reason: 'why not' });
  // @ts-expect-error no such code
  void new AttnError('over-the-moon', {});
  const thrown: unknown = new AttnError('too-slow', { seconds: 9, limit: 8, keys: 7 });
  expect(isError(thrown, 'cancelled')).toBe(false);
  // Known by its code, so are its details.
  expect(isError(thrown, 'too-slow') && thrown.details.keys).toBe(7);
});

it.each(errors)('$code: what, why and what to do, in both languages, with every detail known', (error) => {
  for (const language of LANGUAGES)
    for (const sentence of Object.values(wordsOf(error, language))) {
      expect(sentence.trim()).not.toBe('');
      expect(sentence).not.toMatch(/undefined|\[object/);
    }
  expect(wordsOf(error, 'zh')).not.toEqual(wordsOf(error, 'en'));
});

it.each(errors)('$code: the same error on the other side of a worker', (error) => {
  const { code, details } = asAttnError(error);
  const other = carriedOver(structuredClone({ code, details }));
  expect(other).toBeInstanceOf(AttnError);
  expect([other.code, other.details, other.message]).toEqual([error.code, error.details, error.message]);
});

it('every way in which the model is missing is said, each differently', () => {
  const faults: ErrorDetails['model-unavailable'][] = [
    { reason: 'fetch', url: 'https://example.org/weights.bin', status: 404 },
    { reason: 'fetch', url: 'https://example.org/weights.bin', status: 0 },
    { reason: 'foreign', file: 'tokenizer.json', why: 'it is not JSON' },
    { reason: 'truncated', file: 'weights.bin', bytes: 10, expected: 20 },
    { reason: 'no-head', layer: 1, head: 9 },
    { reason: 'worker' },
    { reason: 'not-loaded' },
  ];
  for (const language of LANGUAGES) {
    const said = faults.map((fault) => wordsOf(new AttnError('model-unavailable', fault), language).why);
    expect(new Set(said).size).toBe(faults.length);
    for (const why of said) expect(why).not.toMatch(/undefined|not-loaded|no-head/);
  }
});

it('a code of another version, or of an object, is one that nobody foresaw', () => {
  for (const code of ['made-up', 'constructor', '__proto__', '']) {
    const error = carriedOver({ code, details: { why: 'a newer page' } } as never);
    expect(wordsOf(error, 'en').what).toBe(wordsOf(new AttnError('unexpected', { message: '' }), 'en').what);
    expect(wordsOf(error, 'zh').why).toContain('a newer page');
  }
});
