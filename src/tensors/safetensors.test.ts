/** .safetensors files: as the reference implementation writes them, made at random, and damaged in every way. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import values from './fixtures/values.json';
import { loadTensor, parseTensorFile, usable } from './file';
import { floats, joined, little, safetensorsBytes } from './testing/write';

const FILE = 'x.safetensors';
const parse = (bytes: Uint8Array<ArrayBuffer>) => parseTensorFile(FILE, bytes).entries;
const refused = (code: string, details: Record<string, unknown> = {}) =>
  expect.objectContaining({ code, details: expect.objectContaining(details) });

test('a file of the reference implementation: three formats, metadata, integers that are left alone', () => {
  const entries = parse(new Uint8Array(readFileSync(new URL('fixtures/mixed.safetensors', import.meta.url))));
  const read = (name: string) =>
    loadTensor(
      FILE,
      entries.find((entry) => entry.name === name)!,
    );
  expect(entries.map(({ name }) => name).toSorted()).toEqual([
    'ids',
    'layers.0.k_proj',
    'layers.0.q_proj',
    'layers.0.v_proj',
  ]);
  expect([...read('layers.0.q_proj').data]).toEqual(values.f2);
  expect([...read('layers.0.k_proj').data]).toEqual(values.bf16);
  expect(read('layers.0.v_proj')).toMatchObject({ shape: [2, 3, 4], dtype: 'f32', data: Float32Array.from(values.f4) });
  expect(entries.filter(usable).map(({ name }) => name)).not.toContain('ids');
  expect(() => read('ids')).toThrow(refused('tensor-dtype', { tensor: 'ids', dtype: 'I64' }));
});

describe('damage', () => {
  const q = { name: 'q', shape: [1, 2], data: floats([1, 2]) };
  const k = { name: 'k', shape: [1, 2], data: floats([3, 4]) };
  const good = safetensorsBytes([q, k]);
  const info = (offsets: string, more = '') => `{"dtype":"F32","shape":[1,2],"data_offsets":${offsets}${more}}`;

  test.each<[string, Uint8Array<ArrayBuffer>, string, Record<string, unknown>]>([
    ['a file of three bytes', Uint8Array.of(1, 2, 3), 'tensor-truncated', { have: 3, need: 9 }],
    ['words', new TextEncoder().encode('hello, world'), 'tensor-foreign', { file: FILE }],
    [
      'a header of 2^60 bytes',
      joined(little(2n ** 60n, 8), new TextEncoder().encode('{"q":')),
      'tensor-header-oversized',
      { bytes: 2 ** 60 },
    ],
    ['a header that ends early', good.subarray(0, 40), 'tensor-truncated', { have: 40 }],
    ['data cut short', good.subarray(0, -3), 'tensor-truncated', { have: good.length - 3, need: good.length }],
    ['no JSON', safetensorsBytes([], '{"q":oops}'), 'tensor-header', {}],
    ['a tensor without offsets', safetensorsBytes([], '{"q":{"dtype":"F32","shape":[1,2]}}'), 'tensor-header', {}],
    [
      'a negative size',
      safetensorsBytes([], '{"q":{"dtype":"F32","shape":[-1,2],"data_offsets":[0,8]}}'),
      'tensor-header',
      {},
    ],
    ['a name twice', safetensorsBytes([q, { ...k, name: 'q' }]), 'tensor-twice', { tensor: 'q' }],
    [
      'a name twice, once escaped',
      safetensorsBytes([q, k], `{"q":${info('[0,8]')},"\\u0071":${info('[8,16]')}}`),
      'tensor-twice',
      { tensor: 'q' },
    ],
    [
      'overlap',
      safetensorsBytes([q, { ...k, offsets: [4, 12] }]),
      'tensor-offsets-overlap',
      { tensor: 'k', other: 'q' },
    ],
    ['one over the other', safetensorsBytes([q, { ...k, offsets: [0, 8] }]), 'tensor-offsets-overlap', {}],
    [
      'beyond the end',
      safetensorsBytes([q, { ...k, offsets: [16, 24] }]),
      'tensor-offsets-range',
      { tensor: 'k', from: 16, to: 24, bytes: 16 },
    ],
    ['backwards', safetensorsBytes([q, { ...k, offsets: [16, 8] }]), 'tensor-offsets-range', { tensor: 'k' }],
    [
      'offsets that do not fit the shape',
      safetensorsBytes([q, { ...k, shape: [1, 3] }]),
      'tensor-offsets-size',
      { tensor: 'k', have: 8, need: 12 },
    ],
    [
      'a gap before',
      safetensorsBytes([{ name: 'hole', shape: [1], data: floats([9]) }, q], `{"q":${info('[4,12]')}}`),
      'tensor-offsets-gap',
      { from: 0, to: 4 },
    ],
    ['bytes left over', joined(good, [0, 0]), 'tensor-offsets-gap', { from: 16, to: 18 }],
  ])('%s is refused by its own code', (_, bytes, code, details) => {
    expect(() => parse(bytes)).toThrow(refused(code, details));
  });

  test('a gap between two tensors is refused', () => {
    const bytes = safetensorsBytes(
      [q, { name: 'hole', shape: [1], data: floats([9]) }, { ...k }],
      `{"q":${info('[0,8]')},"k":${info('[12,20]')}}`,
    );
    expect(() => parse(bytes)).toThrow(refused('tensor-offsets-gap', { from: 8, to: 12 }));
  });

  test('a key named like one inside metadata or a tensor is not there twice', () => {
    const bytes = safetensorsBytes([q], `{"__metadata__":{"q":"a {\\"q\\": } word","dtype":"x"},"q":${info('[0,8]')}}`);
    expect(parse(bytes).map(({ name }) => name)).toEqual(['q']);
  });

  test('nothing but an AttnError is ever thrown', () => {
    const damaged = fc
      .tuple(fc.nat(good.length - 1), fc.nat(255))
      .map(([i, byte]) => joined(good.subarray(0, i), [byte], good.subarray(i + 1)));
    fc.assert(
      fc.property(damaged, fc.nat(good.length - 1), (bytes, cut) => {
        for (const file of [bytes, bytes.subarray(0, cut + 1)]) {
          try {
            for (const entry of parse(file)) loadTensor(FILE, entry);
          } catch (thrown) {
            expect(thrown).toHaveProperty('code', expect.stringMatching(/^tensor-/));
          }
        }
      }),
      { numRuns: 2000 },
    );
  });
});

test('any tensors are read back to the bit', () => {
  const tensor = fc.record({
    shape: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 4 }),
    name: fc.string({ minLength: 1, unit: 'binary' }).filter((name) => name !== '__metadata__' && name !== '__proto__'),
    seed: fc.integer(),
  });
  fc.assert(
    fc.property(fc.uniqueArray(tensor, { selector: ({ name }) => name, maxLength: 5 }), (tensors) => {
      const stored = tensors.map(({ name, shape, seed }) => {
        const numbers = Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) =>
          Math.fround(Math.sin(seed + i)),
        );
        return { name, shape, numbers, data: floats(numbers) };
      });
      const back = new Map(parse(safetensorsBytes(stored)).map((entry) => [entry.name, loadTensor(FILE, entry)]));
      expect(back.size).toBe(stored.length);
      for (const { name, shape, numbers } of stored)
        expect([back.get(name)?.shape, [...back.get(name)!.data]]).toEqual([shape, numbers]);
    }),
  );
});
