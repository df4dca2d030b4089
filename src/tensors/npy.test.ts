/** .npy files: as NumPy writes them, as this page writes them, and damaged in every way. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import values from './fixtures/values.json';
import { checkSize, LARGEST_FILE, loadTensor, parseTensorFile, withBf16 } from './file';
import { writeNpy } from './npy';
import { doubles, floats, joined, little, npyBytes, type NpyParts } from './testing/write';

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)));
const load = (bytes: Uint8Array<ArrayBuffer>, file = 'x.npy') =>
  loadTensor(file, parseTensorFile(file, bytes).entries[0]!);
const refused = (code: string, details: Record<string, unknown> = {}) =>
  expect.objectContaining({ code, details: expect.objectContaining(details) });

describe('files that NumPy wrote', () => {
  test.each([
    ['f4.npy', 'f32', values.f4],
    ['v2.npy', 'f32', values.f4],
    ['v3.npy', 'f32', values.f4],
    ['f2.npy', 'f16', values.f2],
    ['fortran.npy', 'f32', values.f4],
    ['transposed.npy', 'f32', values.f4],
    ['transposed-f2.npy', 'f16', values.f2],
    ['np-int64.npy', 'f32', values.f4],
  ])('%s: every number is the one that NumPy reads', (name, dtype, want) => {
    const { shape, data, ...rest } = load(fixture(name));
    expect({ shape, data: [...data], dtype: rest.dtype, rounding: rest.rounding }).toEqual({
      shape: [2, 3, 4],
      data: want,
      dtype,
      rounding: 0,
    });
  });

  test('f64 is rounded as Math.fround does, and the largest change is told', () => {
    const { data, dtype, rounding } = load(fixture('f8.npy'));
    expect([...data]).toEqual(values.f8.map(Math.fround));
    expect(dtype).toBe('f64');
    expect(rounding).toBe(Math.max(...values.f8.map((x) => Math.abs(x - Math.fround(x)))));
  });

  test.each([
    ['bf16.npy', 'tensor-bare', { tensor: 'x.npy', dtype: '<V2' }],
    ['void2.npy', 'tensor-bare', { tensor: 'x.npy', dtype: '|V2' }],
    ['big.npy', 'tensor-big-endian', { dtype: '>f4' }],
    ['int64.npy', 'tensor-dtype', { dtype: '<i8' }],
    ['structured.npy', 'tensor-dtype', { dtype: '[["x","<f4"],["y","<f4"]]' }],
    ['row.npy', 'tensor-rank', { shape: '[4]' }],
  ])('%s is refused: %s', (name, code, details) => {
    expect(() => load(fixture(name))).toThrow(refused(code, details));
  });

  test.each(['bf16.npy', 'void2.npy'])('%s is what NumPy had as bf16, once somebody says that it is', (name) => {
    const [entry] = withBf16(parseTensorFile('x.npy', fixture(name))).entries;
    expect(entry).toMatchObject({ name: 'bf16', dtype: 'bf16', shape: [2, 3, 4] });
    expect([...loadTensor('x.npy', entry!).data]).toEqual(values.bf16);
  });

  test('this page writes the same bytes as NumPy', () => {
    expect(writeNpy(Float32Array.from(values.f4), [2, 3, 4])).toEqual(fixture('f4.npy'));
    expect(writeNpy(Float32Array.from(values.f4.slice(0, 4)), [4])).toEqual(fixture('row.npy'));
  });
});

describe('damage', () => {
  const good = { shape: [2, 2], data: floats([1, 2, 3, 4]) };
  const npy = (change: Partial<NpyParts>) => npyBytes({ ...good, ...change });
  const header = (text: string) => npy({ header: text });

  test('the undamaged one is read', () => {
    expect(load(npy({}))).toEqual({
      name: 'x.npy',
      shape: [2, 2],
      data: Float32Array.of(1, 2, 3, 4),
      dtype: 'f32',
      rounding: 0,
    });
  });

  test.each<[string, Uint8Array<ArrayBuffer>, string, Record<string, unknown>]>([
    ['empty', new Uint8Array(0), 'tensor-empty', { file: 'x.npy' }],
    ['words', new TextEncoder().encode('hello, world, this is no tensor'), 'tensor-foreign', { file: 'x.npy' }],
    ['a zip (.npz)', joined([0x50, 0x4b, 3, 4], new Uint8Array(40)), 'tensor-foreign', {}],
    ['an unknown version', npy({ version: 4 }), 'tensor-version', { version: '4.0' }],
    [
      'a header of 101 MB',
      joined(npy({ version: 2 }).subarray(0, 8), little(101_000_000, 4), new Uint8Array(40)),
      'tensor-header-oversized',
      { bytes: 101_000_000, limit: 100_000_000 },
    ],
    ['a header that ends early', npy({}).subarray(0, 30), 'tensor-truncated', { have: 30 }],
    ['nothing after the magic word', npy({}).subarray(0, 6), 'tensor-truncated', { have: 6, need: 10 }],
    [
      'data cut short',
      npy({ data: floats([1, 2, 3]) }),
      'tensor-truncated',
      { have: npy({}).length - 4, need: npy({}).length },
    ],
    ['more data than the shape', npy({ data: floats([1, 2, 3, 4, 5]) }), 'tensor-excess', { need: npy({}).length }],
    ['Fortran order cut short', npy({ fortran: true, data: floats([1, 2, 3]) }), 'tensor-truncated', {}],
    ['two-byte numbers of no type, cut short', npy({ descr: "'|V2'", data: floats([1]) }), 'tensor-truncated', {}],
    ['three-byte numbers of no type', npy({ descr: "'|V3'" }), 'tensor-dtype', { dtype: '|V3' }],
    [
      'a call in the shape',
      header("{'descr': '<f4', 'fortran_order': False, 'shape': (np.exit(2), 2)}"),
      'tensor-header',
      {},
    ],
    ['big-endian halves', npy({ descr: "'>f2'" }), 'tensor-big-endian', { dtype: '>f2' }],
    ['complex numbers', npy({ descr: "'<c8'" }), 'tensor-dtype', { dtype: '<c8' }],
    ['objects', npy({ descr: "'|O'" }), 'tensor-dtype', { dtype: '|O' }],
    ['five sizes', npy({ shape: [1, 1, 1, 2, 2] }), 'tensor-rank', { shape: '[1, 1, 1, 2, 2]' }],
    ['no sizes', npy({ shape: [], data: floats([1]) }), 'tensor-rank', { shape: '[]' }],
    ['a size of zero', npy({ shape: [2, 0], data: floats([]) }), 'tensor-no-elements', { shape: '[2, 0]' }],
    ['NaN', npy({ data: floats([1, Number.NaN, 3, -Infinity]) }), 'tensor-not-finite', { index: '[0, 1]', count: 2 }],
    [
      'infinity at the end',
      npy({ data: floats([1, 2, 3, Infinity]) }),
      'tensor-not-finite',
      { index: '[1, 1]', count: 1 },
    ],
    [
      'f64 beyond f32',
      npy({ descr: "'<f8'", data: doubles([1, 2, 1e300, 4]) }),
      'tensor-beyond-f32',
      { index: '[1, 0]', count: 1 },
    ],
    [
      'f64 with NaN',
      npy({ descr: "'<f8'", data: doubles([1e300, 2, Number.NaN, 4]) }),
      'tensor-not-finite',
      { index: '[1, 0]', count: 1 },
    ],
    ['a header without shape', header("{'descr': '<f4', 'fortran_order': False, }"), 'tensor-header', {}],
    [
      'a header with more keys',
      header("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), 'x': 1}"),
      'tensor-header',
      {},
    ],
    ['a negative size', header("{'descr': '<f4', 'fortran_order': False, 'shape': (-2, 2)}"), 'tensor-header', {}],
    ['a fractional size', header("{'descr': '<f4', 'fortran_order': False, 'shape': (2.5, 2)}"), 'tensor-header', {}],
    [
      'code in the header',
      header("{'descr': __import__('os'), 'fortran_order': False, 'shape': (2, 2)}"),
      'tensor-header',
      {},
    ],
    ['None for a header', header('None'), 'tensor-header', {}],
  ])('%s is refused by its own code', (_, bytes, code, details) => {
    expect(() => load(bytes)).toThrow(refused(code, details));
  });

  test('a file is refused for its size before it is read', () => {
    expect(() => checkSize('x.npy', LARGEST_FILE)).not.toThrow();
    expect(() => checkSize('x.npy', LARGEST_FILE + 1)).toThrow(
      refused('tensor-too-large', { bytes: LARGEST_FILE + 1, limit: LARGEST_FILE }),
    );
  });

  test('cut anywhere, it is refused; nothing but an AttnError is ever thrown', () => {
    const whole = npy({ version: 2 });
    for (let end = 1; end < whole.length; end++)
      expect(() => load(whole.subarray(0, end)), String(end)).toThrow(refused('tensor-truncated'));
    const anything = fc.uint8Array({ maxLength: 200 });
    const damaged = fc
      .tuple(fc.nat(whole.length - 1), fc.nat(255))
      .map(([i, byte]) => joined(whole.subarray(0, i), [byte], whole.subarray(i + 1)));
    fc.assert(
      fc.property(fc.oneof(anything, damaged), (bytes) => {
        try {
          load(Uint8Array.from(bytes));
        } catch (thrown) {
          expect(thrown).toHaveProperty('code', expect.stringMatching(/^tensor-/));
        }
      }),
      { numRuns: 2000 },
    );
  });
});

test('what is written is read back to the bit, at any shape and version', () => {
  const shape = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 4 });
  const tensor = shape.chain((sizes) => {
    const length = sizes.reduce((a, b) => a * b, 1);
    return fc.record({
      sizes: fc.constant(sizes),
      data: fc.float32Array({ minLength: length, maxLength: length, noNaN: true, noDefaultInfinity: true }),
    });
  });
  fc.assert(
    fc.property(tensor, fc.constantFrom(1, 2, 3), ({ sizes, data }, version) => {
      for (const bytes of [writeNpy(data, sizes), npyBytes({ version, shape: sizes, data: floats([...data]) })]) {
        const back = load(bytes);
        expect(back.shape).toEqual(sizes);
        expect(new Uint32Array(back.data.buffer)).toEqual(new Uint32Array(Float32Array.from(data).buffer));
      }
      expect(writeNpy(data, sizes).length % 64).toBe((data.length * 4) % 64);
    }),
  );
});

test('Fortran order is read as the same array: each number goes to its own index', () => {
  const shapes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 4 });
  fc.assert(
    fc.property(shapes, (sizes) => {
      const length = sizes.reduce((a, b) => a * b, 1);
      // The number at [i, j, ...] is i + 10 j + 100 k + ...; in Fortran order the first index runs fastest.
      const at = (flat: number, order: readonly number[]): number => {
        let left = flat;
        let sum = 0;
        for (const axis of order) {
          sum += (left % sizes[axis]!) * 10 ** axis;
          left = Math.floor(left / sizes[axis]!);
        }
        return sum;
      };
      const axes = sizes.map((_, i) => i);
      const columns = Array.from({ length }, (_, i) => at(i, axes));
      const rows = Array.from({ length }, (_, i) => at(i, axes.toReversed()));
      for (const [descr, data] of [
        ["'<f4'", floats(columns)],
        ["'<f8'", doubles(columns)],
      ] as const)
        expect([...load(npyBytes({ descr, fortran: true, shape: sizes, data })).data]).toEqual(rows);
    }),
  );
});
