// What window.attnscope takes, field by field: converted exactly, or refused with a type that says what to do.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { errorOf } from '../../ops/check';
import { AttnError } from '../../errors';
import { inputsOfPeers } from '../../ops/attention/inputs';
import type { RunRequest } from './automation';
import { exactF32, readRequest } from './request';
import { wordsOf } from '../messages/errors.words';

const shape = { batch: 1, heads: 2, kvHeads: 1, queries: 3, keys: 4, dim: 4 };
const good = { kernel: 'flash2', shape, mask: 'causal', ...inputsOfPeers({ ...shape, mask: 'causal' }, 1) } as const;

/** Code and details of the refusal of anything at all; every refusal has words in both languages. */
function refusal(request: unknown): string | undefined {
  try {
    readRequest(request as RunRequest);
    return undefined;
  } catch (thrown) {
    const error = thrown as AttnError;
    const details: Record<string, unknown> = error.details;
    const missing = Object.values(details).some((x) => String(x).includes('undefined'));
    for (const words of missing ? [] : [wordsOf(error, 'en'), wordsOf(error, 'zh')])
      expect(Object.values(words).join(' ')).not.toContain('undefined');
    return `${error.code} ${String(details['field'] ?? details['tensor'] ?? details['kernel'])}`;
  }
}

test('a request is a run and its inputs', () => {
  const { asked, inputs } = readRequest({ ...good, scale: 0.5, tile: { br: 8, bc: 8 } });
  expect(asked).toEqual({ kernel: 'flash2', shape: { ...shape, mask: 'causal' }, scale: 0.5, tile: { br: 8, bc: 8 } });
  expect(inputs.q).toEqual(good.q);
});

test.each([
  ['is no request', undefined, 'shape-invalid request'],
  ['is a list', [], 'shape-invalid request'],
  ['has no kernel', { ...good, kernel: undefined }, 'kernel-unknown undefined'],
  ['has a kernel that is no name', { ...good, kernel: { toString: 3 } }, 'kernel-unknown Object'],
  ['has no shape', { ...good, shape: null }, 'shape-invalid shape'],
  ['misses a size', { ...good, shape: { ...shape, keys: undefined } }, 'shape-invalid keys'],
  ['has a size that is text', { ...good, shape: { ...shape, heads: '2' } }, 'shape-invalid heads'],
  ['has a size that is a bigint', { ...good, shape: { ...shape, heads: 2n } }, 'shape-invalid heads'],
  [
    'has a size that is an object',
    { ...good, shape: { ...shape, dim: Object.create(null) as unknown } },
    'shape-invalid dim',
  ],
  ['has two masks', { ...good, shape: { ...shape, mask: 'full' } }, 'shape-invalid mask'],
  ['has a mask of null', { ...good, mask: null }, 'shape-invalid mask'],
  ['has another mask', { ...good, mask: 'window' }, 'shape-invalid mask'],
  ['scales by 1e39', { ...good, scale: 1e39 }, 'shape-invalid scale'],
  ['scales by null', { ...good, scale: null }, 'shape-invalid scale'],
  ['scales by text', { ...good, scale: '0.1' }, 'shape-invalid scale'],
  ['has a tile of null', { ...good, tile: null }, 'shape-invalid tile'],
  ['has half a tile', { ...good, tile: { br: 8 } }, 'shape-invalid tile'],
  ['has a tile that the kernel has not', { ...good, tile: { br: 1, bc: 1 } }, 'shape-invalid tile'],
  ['has a plain list', { ...good, q: [...good.q] }, 'inputs-type Q'],
  ['has no K', { ...good, k: undefined }, 'inputs-type K'],
  ['has V of null', { ...good, v: null }, 'inputs-type V'],
  ['has a buffer', { ...good, v: good.v.buffer }, 'inputs-type V'],
  ['has a DataView', { ...good, v: new DataView(good.v.buffer) }, 'inputs-type V'],
  ['has bits of f16', { ...good, q: new Uint16Array(good.q.length) }, 'inputs-type Q'],
  ['has bigints', { ...good, q: new BigInt64Array(good.q.length) }, 'inputs-type Q'],
  ['has f64 with digits that f32 has not', { ...good, q: Float64Array.from(good.q, () => 0.1) }, 'inputs-type Q'],
  ['has too few', { ...good, k: good.k.subarray(1) }, 'inputs-mismatch K'],
  ['has a NaN', { ...good, k: good.k.map(() => Number.NaN) }, 'inputs-not-finite K'],
  ['has a NaN in f64', { ...good, k: Float64Array.from(good.k, () => Number.NaN) }, 'inputs-not-finite K'],
  ['has pages of null', { ...good, shape: { ...shape, pages: null } }, 'shape-invalid shape.pages'],
  [
    'gives a pool to a kernel that reads none',
    { ...good, shape: { ...shape, pages: { size: 4, blocks: 2, table: [1], width: 1, window: 2 } } },
    'shape-invalid pages',
  ],
])('a request that %s', (_what, request, want) => {
  expect(refusal(request)).toBe(want);
});

test.each([
  ['causal', true, "mask: 'causal'"],
  ['is_causal', true, "mask: 'causal'"],
  ['isCausal', true, "mask: 'causal'"],
  ['attn_mask', null, 'mask'],
  ['softmax_scale', 1, 'scale'],
  ['query', good.q, 'q,'],
  ['block_table', [1], 'shape.pages'],
  ['window_size', 3, "mask: 'window-L-R'"],
  ['attn_logit_softcapping', 30, 'softcap'],
  ['alibi_slopes', [1], 'alibi: true'],
  ['dropout', 0, ''],
])('the field %s is refused by name', (field, value, use) => {
  expect(() => readRequest({ ...good, [field]: value })).toThrow(
    expect.objectContaining({
      code: 'field-unknown',
      details: expect.objectContaining({ field, use: expect.stringContaining(use) }),
    }),
  );
  if (use === '') expect(refusal({ ...good, [field]: value })).toBe(`field-unknown ${field}`);
});

test.each(['causal-top-left', 'window-4-0', 'window-all-2', 'prefix-3'] as const)('mask %s is taken', (mask) => {
  expect(readRequest({ ...good, mask }).asked.shape.mask).toBe(mask);
  expect(refusal({ ...good, mask: `${mask}-` })).toBe('shape-invalid mask');
});

test.each([
  ['softcap', { softcap: 30 }, { softcap: 30 }],
  ['a softcap in the shape', { shape: { ...shape, softcap: 0.5 } }, { softcap: 0.5 }],
  ["the paper's slopes", { alibi: true }, { alibi: [1 / 16, 1 / 256] }],
  ['a slope for each head', { alibi: Float32Array.of(0.5, 0) }, { alibi: [0.5, 0] }],
  ['no ALiBi', { alibi: false }, {}],
  ['both', { softcap: 2, shape: { ...shape, alibi: [1, 2] } }, { softcap: 2, alibi: [1, 2] }],
])('%s is taken', (_what, change, scored) => {
  expect(readRequest({ ...good, ...change }).asked.shape).toEqual({ ...shape, mask: 'causal', ...scored });
});

test.each([
  ['a softcap of 0', { softcap: 0 }, 'softcap'],
  ['a negative softcap', { softcap: -30 }, 'softcap'],
  ['a softcap that is text', { softcap: '30' }, 'softcap'],
  ['a softcap of null', { softcap: null }, 'softcap'],
  ['a softcap that is no number', { softcap: Number.NaN }, 'softcap'],
  ['two softcaps', { softcap: 30, shape: { ...shape, softcap: 50 } }, 'softcap'],
  ['too few slopes', { alibi: [0.5] }, 'alibi'],
  ['a slope that is no number', { alibi: [0.5, Number.NaN] }, 'alibi[1]'],
  ['a slope below 0', { alibi: [-0.5, 0.5] }, 'alibi[0]'],
  ['slopes that are text', { alibi: 'yes' }, 'alibi'],
  ['slopes of null', { alibi: null }, 'alibi'],
  ['slopes of no heads', { alibi: true, shape: { ...shape, heads: 0 } }, 'heads'],
  ['a softcap for LayerNorm', { kernel: 'layernorm', softcap: 30 }, 'softcap'],
])('%s is refused', (_what, change, field) => {
  expect(refusal({ ...good, ...change })).toBe(`shape-invalid ${field}`);
});

test('fields of the shape and of its pages likewise', () => {
  expect(refusal({ ...good, shape: { ...shape, causal: true } })).toBe('field-unknown shape.causal');
  expect(refusal({ ...good, shape: { ...shape, head_dim: 4 } })).toBe('field-unknown shape.head_dim');
  expect(refusal({ ...good, shape: { ...shape, pages: { blockSize: 4 } } })).toBe(
    'field-unknown shape.pages.blockSize',
  );
});

describe('numbers as f32', () => {
  const integers = {
    Int8Array: 127,
    Uint8Array: 255,
    Uint8ClampedArray: 255,
    Int16Array: -32768,
    Int32Array: 2 ** 24,
    Uint32Array: 2 ** 31,
  };
  test.each(Object.entries(integers))('%s is converted exactly', (name, most) => {
    const made = new (globalThis as unknown as Record<string, new (of: number[]) => Int8Array>)[name]!([0, 1, most]);
    expect([...exactF32('Q', made)]).toEqual([0, 1, most]);
  });

  test('Float16Array, where there is one', () => {
    const half = (globalThis as { Float16Array?: new (of: number[]) => unknown }).Float16Array;
    if (half) expect([...exactF32('Q', new half([0.5, -(2 ** -24), 65504]))]).toEqual([0.5, -(2 ** -24), 65504]);
  });

  test('a number is kept to the bit, or its index is named', () => {
    fc.assert(
      fc.property(fc.float64Array({ noNaN: true, minLength: 1 }), (numbers) => {
        const lossy = numbers.findIndex((x) => !Object.is(Math.fround(x), x));
        if (lossy < 0) expect([...exactF32('K', numbers)]).toEqual([...numbers]);
        else
          expect(() => exactF32('K', numbers)).toThrow(
            expect.objectContaining({ details: { tensor: 'K', type: 'Float64Array', index: lossy } }),
          );
        const kept = Float64Array.from(numbers, Math.fround);
        expect([...exactF32('K', kept)]).toEqual([...kept]);
        const whole = Int32Array.from(numbers, (x) => x % 2 ** 31);
        const odd = whole.findIndex((x) => Math.fround(x) !== x);
        if (odd >= 0)
          expect(() => exactF32('V', whole)).toThrow(
            expect.objectContaining({ details: { tensor: 'V', type: 'Int32Array', index: odd } }),
          );
        else expect([...exactF32('V', whole)]).toEqual([...whole]);
      }),
    );
  });
});

test('a text in place of numbers is told by its beginning', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 5000 }), (text) => {
      let type = '';
      try {
        exactF32('Q', text);
      } catch (thrown) {
        type = (thrown as AttnError<'inputs-type'>).details.type;
      }
      expect(type.length).toBeLessThanOrEqual(40);
      if (text.length <= 40) expect(type).toBe(text);
      else expect(text.startsWith(type.slice(0, -1))).toBe(true);
    }),
  );
});

test('the error of an answer that is no number is one in JSON, by name, and only there', () => {
  const error = errorOf({ max: Infinity, f32: Number.NaN, bound: 1, rows: 3, warnings: [] });
  expect(JSON.parse(JSON.stringify({ error }))).toEqual({ error: { max: 'Infinity', f32: 'NaN', rows: 3 } });
  expect(structuredClone(error)).toEqual({ max: Infinity, f32: Number.NaN, rows: 3 });
  expect(Object.keys(error)).toEqual(['max', 'f32', 'rows']);
});

test('an error in JSON spells NaN and infinities', () => {
  const error = new AttnError('check-failed', { kernel: 'naive', error: Number.NaN, bound: 1e-6, f32: Infinity });
  expect(JSON.stringify(error)).not.toContain('null');
  expect(JSON.parse(JSON.stringify(error))).toMatchObject({
    code: 'check-failed',
    details: { error: 'NaN', f32: 'Infinity', bound: 1e-6 },
  });
  expect(error.message).not.toContain('null');
});
